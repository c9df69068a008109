"""What the whole-program tests share: running narrate in a folder of its own and looking at what is left."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest
import wave

NARRATE = os.environ["NARRATE"]
ASSETS = pathlib.Path(os.environ["NR_ASSETS"])
SHORT = "The harbour was quiet. Mr Lee paid £3.50 for his tea."


class ProgramTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="narrate-test-"))
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="narrate-state-"))

    def tearDown(self):
        shutil.rmtree(self.folder)
        shutil.rmtree(self.state)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def start(self, *args, **kw):
        # What it remembers and its sockets go to a folder of the test's own; it finds no D-Bus.
        own = {"XDG_STATE_HOME": self.state, "XDG_RUNTIME_DIR": self.state, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        env = {**os.environ, **{k: str(v) for k, v in own.items()}, **kw.pop("env", {})}
        kw.setdefault("stdout", subprocess.PIPE)
        kw.setdefault("stderr", subprocess.PIPE)
        kw.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen([NARRATE, *(a if isinstance(a, bytes) else str(a) for a in args)], cwd=self.folder, env=env, **kw)

    def run_raw(self, *args, stdin=b"", timeout=120, **kw):
        """(exit code, standard output, standard error as text)"""
        process = self.start(*args, stdin=subprocess.PIPE, **kw)
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail(f"narrate {args} took more than {timeout} s")
        err = (err or b"").decode()
        self.assertNotIn("Sanitizer", err)
        return process.returncode, out, err

    def run_ok(self, *args, **kw):
        code, out, err = self.run_raw(*args, **kw)
        self.assertEqual(code, 0, err)
        return out.decode()

    def run_fails(self, *args, code=1, says=(), **kw):
        """It must end with the code, say each of the words in one line that begins with its name, and leave nothing."""
        before = self.files()
        got, out, err = self.run_raw(*args, **kw)
        self.assertEqual(got, code, err)
        lines = err.splitlines()
        self.assertTrue(lines and all(line.startswith("narrate: ") for line in lines), err)
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, err)
        self.assertEqual(self.files(), before, "something was left behind")
        return err

    def files(self):
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*"))

    def samples(self, path):
        with wave.open(str(path)) as sound:
            self.assertEqual((sound.getnchannels(), sound.getsampwidth()), (1, 2))
            return sound.readframes(sound.getnframes())


def descendants(pid):
    """The processes below pid, by /proc."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
                parents[int(entry)] = int(fields[1])
            except (OSError, IndexError):
                pass
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        below = [p for p, parent in parents.items() if parent == one]
        found += below
        todo += below
    return found


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False
