"""What the tests of listening live share: a PulseAudio server of the test's own with a null sink, which sets the pace and
which the sound reaches through ALSA; a tmux to look at the screen of."""
import json
import os
import pathlib
import signal
import subprocess

from harness import NARRATE, ProgramTest, descendants, wait_for

ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
TEXT = """# The long way

First paragraph, first sentence with several words. Second sentence here, which is the one to find.

## Another heading

Under the heading there is a paragraph of some length, so that nobody hears its end while the test is running. It goes
on and on about nothing in particular, and then it goes on for another while, and for yet another while after that.
"""


def runs(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def place(words):
    """Where the words are in the article's text, which has no marks of headings."""
    return TEXT.replace("# ", "").replace("#", "").index(words)


class Listening(ProgramTest):
    def setUp(self):
        super().setUp()
        self.processes = []
        self.terminal = self.state / "tmux"
        self.socket = self.state / "pulse.sock"
        self.pulse_env = dict(os.environ, HOME=str(self.state), XDG_RUNTIME_DIR=str(self.state))
        self.pulse = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=true", "--no-cpu-limit=true",
             "--realtime=false", "--high-priority=false",
             "-L", "module-null-sink sink_name=one rate=22050 channels=1 format=s16le",
             "-L", f"module-native-protocol-unix socket={self.socket} auth-anonymous=1"],
            env=self.pulse_env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(wait_for(lambda: self.socket.exists() and "one" in self.pactl("list", "short", "sinks", check=False), 60))
        # Somebody who listens closely: by itself the sink plays in steps of seconds.
        self.processes.append(subprocess.Popen(["parec", "-d", "one.monitor", "--raw", "--latency-msec=10"], stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, env=dict(self.pulse_env, PULSE_SERVER=f"unix:{self.socket}")))
        config = self.write("asound.conf", ALSA)
        self.sound = {"ALSA_CONFIG_PATH": str(config), "PULSE_SERVER": f"unix:{self.socket}", "JACK_NO_START_SERVER": "1"}
        self.article = self.write("article.md", TEXT)

    def tearDown(self):
        for terminal in self.state.glob("tmux*"):
            tmux = ["tmux", "-S", str(terminal)]
            panes = subprocess.run([*tmux, "list-panes", "-a", "-F", "#{pane_pid}"], capture_output=True, text=True).stdout.split()
            below = [pid for pane in panes for pid in descendants(int(pane))]
            for pid in filter(runs, below):  # else they still write into our folder when we remove it
                os.kill(pid, signal.SIGKILL)
            wait_for(lambda: not any(map(runs, below)))
            subprocess.run([*tmux, "kill-server"], capture_output=True)
        for process in self.processes + [self.pulse]:
            if process.poll() is None:
                process.kill()
            process.communicate()
        super().tearDown()

    def pactl(self, *args, check=True):
        return subprocess.run(["pactl", *args], env=dict(self.pulse_env, PULSE_SERVER=f"unix:{self.socket}"),
                              capture_output=True, text=True, check=check).stdout

    def play(self, *args):
        process = self.start(*args, env=self.sound)
        self.processes.append(process)
        self.await_status(lambda s: s["started"])
        return process

    def status(self):
        code, out, _ = self.run_raw("status")
        return json.loads(out) if code == 0 else None

    def ended(self):
        """How the players went that are no more, for messages."""
        return [(p.args[0], p.returncode, *p.communicate()) for p in self.processes if p.poll() is not None]

    def await_status(self, condition):
        found = []

        def holds():
            found[:] = [self.status()]
            return found[0] is not None and condition(found[0])
        if not wait_for(holds, 60):
            self.fail(f"{found}\n{self.shown() if self.terminal.exists() else ''}{self.ended()}")
        return found[0]

    def tmux(self, *args):
        return subprocess.run(["tmux", "-S", str(self.terminal), "-f", "/dev/null", *args], capture_output=True, text=True,
                              check=True, env=dict(os.environ, LANG="C.UTF-8", TERM="xterm-256color")).stdout

    def screen(self, columns, rows, *args, env={}):
        env = {**env, **self.sound, "XDG_STATE_HOME": self.state, "XDG_RUNTIME_DIR": self.state,
               "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        words = ["env", *(f"{k}={v}" for k, v in env.items()), NARRATE, *map(str, args)]
        line = " ".join(f"'{w}'" for w in words) + "; echo left $?; stty -a | grep -o -- '-*icanon'; sleep 1000"
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), line)

    def shown(self, *how):
        return self.tmux("capture-pane", "-p", "-t", ":0", *how)

    def await_shown(self, *words):
        self.assertTrue(wait_for(lambda: all(w in self.shown() for w in words), 60), (words, self.shown()))

    def keys(self, *keys):
        self.tmux("send-keys", "-t", ":0", *keys)

    def player_pid(self):
        return int(next(p.stem for p in (self.state / "narrate").glob("*.sock")))
