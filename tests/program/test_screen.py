"""Listening live on a terminal: the screen, the keys, the plain lines, signals and crashes."""
import os
import pathlib
import signal
import unittest

from harness import wait_for
from listening import Listening, place


class Screen(Listening):
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
