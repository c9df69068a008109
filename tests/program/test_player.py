"""Listening live: the screen in tmux, keys, resume, queues, steering from outside. The sound goes through ALSA to a
PulseAudio server of the test's own with a null sink, which sets the pace."""
import json
import os
import pathlib
import signal
import subprocess
import unittest

from harness import NARRATE, ProgramTest, wait_for

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


def place(words):
    return TEXT.index(words) - 2  # the article's text has no "# "


class Player(ProgramTest):
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
        self.assertTrue(wait_for(self.socket.exists, 60))
        config = self.write("asound.conf", ALSA)
        self.sound = {"ALSA_CONFIG_PATH": str(config), "PULSE_SERVER": f"unix:{self.socket}", "JACK_NO_START_SERVER": "1"}
        self.article = self.write("article.md", TEXT)

    def tearDown(self):
        for terminal in self.state.glob("tmux*"):
            subprocess.run(["tmux", "-S", str(terminal), "kill-server"], capture_output=True)
        for process in self.processes + [self.pulse]:
            if process.poll() is None:
                process.kill()
            process.communicate()
        super().tearDown()

    def pactl(self, *args):
        return subprocess.run(["pactl", *args], env=dict(self.pulse_env, PULSE_SERVER=f"unix:{self.socket}"),
                              capture_output=True, text=True, check=True).stdout

    def play(self, *args):
        process = self.start(*args, env=self.sound)
        self.processes.append(process)
        self.await_status(lambda s: s["started"])
        return process

    def status(self):
        code, out, _ = self.run_raw("status")
        return json.loads(out) if code == 0 else None

    def await_status(self, condition):
        found = []

        def holds():
            found[:] = [self.status()]
            return found[0] is not None and condition(found[0])
        self.assertTrue(wait_for(holds, 60), found)
        return found[0]

    # ------------------------------------------------------------ without a terminal

    def test_steered_from_outside(self):
        process = self.play(self.article, "--no-resume")
        self.run_ok("pause")
        paused = self.await_status(lambda s: s["state"] == "paused")
        self.run_ok("tell", "find", "one", "to", "find")
        self.assertEqual(self.status()["at"], place("one to find"))
        self.assertGreater(self.status()["seconds"], paused["seconds"])
        self.run_ok("tell", "heading", "1")
        self.assertGreater(self.status()["at"], place("one to find"))
        self.run_ok("toggle")
        self.await_status(lambda s: s["state"] == "playing" and s["sentence"] == "Another heading")
        self.run_ok("tell", "speed", "1.5")
        self.run_ok("tell", "volume", "50")
        status = self.status()
        self.assertEqual((status["speed"], status["volume"]), (1.5, 50))
        code, _, err = self.run_raw("tell", "speed", "9")
        self.assertEqual(code, 1)
        self.assertIn("0.5 to 4", err)
        self.assertIn("word", self.run_ok("tell", "why"))
        self.run_ok("tell", "quit")
        self.assertTrue(wait_for(lambda: process.poll() == 0, 60))
        code, _, err = self.run_raw("status")
        self.assertEqual((code, err), (1, "narrate: no narrate is playing\n"))

    def test_fifo(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        self.play(self.article, "--no-resume", "--control", fifo)
        with open(fifo, "w") as f:
            f.write("pause\nspeed 2\n")
        self.await_status(lambda s: s["state"] == "paused" and s["speed"] == 2)

    def test_killed_it_goes_on_where_it_was(self):
        process = self.play(self.article)
        self.run_ok("tell", "find", "Under the heading")
        self.run_ok("tell", "speed", "1.2")
        self.await_status(lambda s: s["word"] == "paragraph")
        self.run_ok("pause")
        at = self.status()["at"]
        process.kill()
        process.wait()
        moved = self.folder / "moved.md"
        self.article.rename(moved)
        self.assertIn("The long way", self.run_ok("--resume"))
        self.play(moved, "--resume")
        status = self.status()
        self.assertGreaterEqual(status["at"], at)
        self.assertLess(status["at"], place("nobody hears"))
        self.assertEqual(status["speed"], 1.2)

    def test_the_place_is_kept_while_it_plays(self):
        process = self.play(self.article)
        self.run_ok("tell", "find", "Under the heading")
        folder = self.state / "narrate"
        at = place("Under the heading")
        self.assertTrue(wait_for(lambda: any(json.loads(p.read_text())["at"] > at for p in folder.glob("*.json")), 60))
        process.kill()
        process.wait()
        self.assertEqual(len(list(folder.glob("*.json"))), 1)

    def test_a_queue(self):
        second = self.write("second.md", "# Second one\n\nIts text.\n")
        process = self.play(self.article, second, "--no-resume")
        self.run_ok("next")
        self.await_status(lambda s: s["number"] == 2 and s["title"] == "Second one")
        self.assertEqual(self.run_raw("next")[0], 1)
        self.run_ok("previous")
        self.await_status(lambda s: s["number"] == 1)
        self.run_ok("next")
        self.assertEqual(process.wait(timeout=60), 0)

    def test_until_heading(self):
        process = self.play(self.article, "--until", "heading", "--start-at", "which is the one")
        out, _ = process.communicate(timeout=60)
        self.assertIn(b"Second sentence", out)
        self.assertNotIn(b"Another heading", out)
        self.assertIn("The long way", self.run_ok("--resume"))

    def test_a_device_that_goes_and_returns(self):
        process = self.play(self.article, "--no-resume")
        self.run_ok("tell", "find", "Under the heading")
        self.await_status(lambda s: s["word"] == "paragraph")
        self.pactl("unload-module", "module-null-sink")
        lost = self.await_status(lambda s: s["state"] == "lost")
        self.pactl("load-module", "module-null-sink", "sink_name=two", "rate=22050", "channels=1", "format=s16le")
        back = self.await_status(lambda s: s["state"] == "playing" and s["started"])
        self.assertGreaterEqual(back["at"], lost["at"])
        self.assertLess(back["at"], lost["at"] + 80)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, -signal.SIGTERM)
        self.assertIn(b"the sound device is gone", err)
        self.assertIn(b"there is a sound device again", err)

    # ------------------------------------------------------------ on a terminal

    def tmux(self, *args):
        return subprocess.run(["tmux", "-S", str(self.terminal), "-f", "/dev/null", *args], capture_output=True, text=True,
                              check=True, env=dict(os.environ, LANG="C.UTF-8", TERM="xterm-256color")).stdout

    def screen(self, columns, rows, *args):
        env = {**self.sound, "XDG_STATE_HOME": self.state, "XDG_RUNTIME_DIR": self.state,
               "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        words = ["env", *(f"{k}={v}" for k, v in env.items()), NARRATE, *map(str, args)]
        line = " ".join(f"'{w}'" for w in words) + "; echo left $?; stty -a | grep -o -- '-*icanon'; sleep 1000"
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), line)

    def shown(self):
        return self.tmux("capture-pane", "-p", "-t", ":0")

    def await_shown(self, *words):
        self.assertTrue(wait_for(lambda: all(w in self.shown() for w in words), 60), (words, self.shown()))

    def keys(self, *keys):
        self.tmux("send-keys", "-t", ":0", *keys)

    def player_pid(self):
        return int(next(p.stem for p in (self.state / "narrate").glob("*.sock")))

    def test_screen(self):
        self.screen(80, 24, self.article)
        self.await_shown("The long way", "First paragraph, first sentence", "playing  1.0x  vol 100%", "? help")
        self.await_status(lambda s: s["started"])
        self.keys("Space")
        self.await_shown("paused")
        self.keys("]", "]", "9")
        self.await_shown("1.2x  vol 95%")
        self.keys("/")
        self.keys("-l", "one to find")
        self.await_shown("Find: one to find")
        self.keys("Enter")
        self.await_status(lambda s: s["at"] == place("one to find"))
        self.keys("NPage")
        self.await_status(lambda s: s["at"] > place("one to find") + 10)
        self.keys("Left")
        self.await_status(lambda s: s["at"] == place("Second sentence"))
        self.keys("b")
        self.await_shown("bookmark 1")
        self.keys("?")
        self.await_shown("a heading back, on")
        self.keys("x")
        self.await_shown("First paragraph, first sentence")
        self.keys("q")
        self.await_shown("left 0", "icanon")
        self.assertNotIn("-icanon", self.shown())

    def test_screen_of_40_columns_and_resized(self):
        self.screen(40, 12, self.article)
        self.await_shown("The long way", "playing  1.0x")
        self.assertTrue(all(len(line) <= 40 for line in self.shown().splitlines()))
        self.tmux("resize-window", "-t", ":0", "-x", "60", "-y", "20")
        self.assertTrue(wait_for(lambda: any(len(line) > 40 for line in self.shown().splitlines()), 60))
        self.await_shown("playing  1.0x")
        self.keys("q")
        self.await_shown("left 0")

    def test_a_crash_and_a_signal_leave_the_terminal_as_it_was(self):
        for number, code in (signal.SIGSEGV, 139), (signal.SIGTERM, 143):
            self.terminal = self.state / f"tmux{code}"
            self.screen(80, 24, self.article, "--no-resume")
            self.await_status(lambda s: s["started"])
            os.kill(self.player_pid(), number)
            self.await_shown(f"left {code}", "icanon")
            self.assertNotIn("-icanon", self.shown())
            for p in (self.state / "narrate").glob("*.sock"):
                p.unlink()

    def test_suspended_and_continued(self):
        self.screen(80, 24, self.article, "--no-resume")
        self.await_status(lambda s: s["started"])
        pid = self.player_pid()

        def stopped():
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"
        os.kill(pid, signal.SIGTSTP)
        self.assertTrue(wait_for(stopped, 60))
        os.kill(pid, signal.SIGCONT)
        self.await_status(lambda s: s["state"] == "playing")
        self.await_shown("playing  1.0x")

    def test_plain_lines_with_keys(self):
        self.screen(80, 24, "--plain", self.article)
        self.await_shown("The long way")
        self.await_status(lambda s: s["started"])
        self.keys("Space")
        self.await_status(lambda s: s["state"] == "paused")
        self.keys("=")
        self.await_shown("paused, ", "speed 1.0, volume 100%")
        self.keys("q")
        self.await_shown("left 0", "icanon")


if __name__ == "__main__":
    unittest.main()
