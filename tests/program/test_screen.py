"""Listening live on a terminal: the screen, the keys, the plain lines, signals and crashes."""
import contextlib
import json
import os
import pathlib
import re
import signal
import unittest

from harness import descendants, wait_for
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
        for number, code in (signal.SIGSEGV, 139), (signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129):
            self.terminal = self.state / f"tmux{code}"
            self.screen(80, 24, self.article, "--no-resume")
            self.await_status(lambda s: s["started"])
            os.kill(self.player_pid(), number)
            self.await_shown(f"left {code}", "icanon")
            self.assertNotIn("-icanon", self.shown())
            for p in (self.state / "narrate").glob("*.sock"):
                p.unlink()

    def test_a_signal_keeps_the_place(self):
        self.screen(80, 24, self.article)
        self.await_status(lambda s: s["started"])
        self.run_ok("tell", "find", "Under the heading")
        self.await_status(lambda s: s["started"] and s["at"] > place("Under"))
        os.kill(self.player_pid(), signal.SIGHUP)
        self.await_shown("left 129")
        kept = json.loads(next((self.state / "narrate").glob("*.json")).read_text())
        self.assertGreater(kept["at"], place("Under the heading"))

    def test_a_voice_that_crashes_is_started_again(self):
        self.screen(80, 24, self.article, "--no-resume")
        self.await_status(lambda s: s["started"])
        voices = descendants(self.player_pid())
        self.assertTrue(voices)
        for pid in voices:
            with contextlib.suppress(ProcessLookupError):  # a server's children end with it
                os.kill(pid, signal.SIGKILL)
        self.run_ok("tell", "find", "Under the heading")
        self.await_status(lambda s: s["started"] and s["at"] > place("Under"))
        self.keys("q")
        self.await_shown("left 0", "icanon")
        self.assertNotIn("-icanon", self.shown())

    def test_suspended_and_continued(self):
        self.screen(80, 24, self.article, "--no-resume")
        self.await_status(lambda s: s["started"])
        pid = self.player_pid()

        stat = pathlib.Path(f"/proc/{pid}/stat")

        def stopped():
            self.assertTrue(stat.exists(), self.shown())
            return stat.read_text().rsplit(")", 1)[1].split()[0] == "T"
        os.kill(pid, signal.SIGTSTP)
        self.assertTrue(wait_for(stopped, 60))
        os.kill(pid, signal.SIGCONT)
        self.await_status(lambda s: s["state"] == "playing")
        self.await_shown("playing  1.0x")

    def test_lists_and_prompts(self):
        self.screen(80, 24, self.article, "--no-resume")
        before = self.await_status(lambda s: s["started"])["voice"]
        self.keys("Space", "v")
        self.await_shown(before)
        self.keys("Down", "Enter")
        self.await_status(lambda s: s["voice"] != before and s["voice"].startswith("espeak:"))
        self.keys("g")
        self.keys("-l", "nobody hears")
        self.keys("Enter")
        self.await_status(lambda s: s["at"] == place("nobody"))
        self.keys("b", "Home")
        self.await_status(lambda s: s["at"] == 0)
        self.keys("B")
        self.await_shown("nobody hears its end")
        self.keys("Enter")
        self.await_status(lambda s: s["at"] == place("nobody"))
        self.keys("i")
        self.await_shown("word", "paragraph")
        self.keys("x", "s")
        self.await_shown("Save the rest to:")
        self.keys("-l", str(self.folder / "rest.wav"))
        self.keys("Enter")
        self.await_shown("wrote '")
        self.assertGreater(len(self.samples(self.folder / "rest.wav")), 22050)

    def test_next_and_previous(self):
        second = self.write("second.md", "# Second one\n\nIts text goes on for a while, or so they say.\n")
        self.screen(80, 24, self.article, second, "--no-resume")
        self.await_shown("The long way", "1/2")
        self.keys("n")
        self.await_shown("Second one", "2/2")
        self.keys("n")
        self.await_shown("this is the last article")
        self.keys("p")
        self.await_shown("The long way")

    def test_a_click_on_a_word_goes_there(self):
        self.screen(80, 24, self.article, "--no-resume")
        self.await_status(lambda s: s["started"])
        self.keys("Space")
        self.await_shown("nobody hears", "paused")
        row, line = next((i, line) for i, line in enumerate(self.shown().splitlines()) if "nobody hears" in line)
        column = line.index("nobody") + 2
        for button in 32, 35:  # pressed and let go, as xterm tells it
            self.keys("-l", f"\x1b[M{chr(button)}{chr(33 + column)}{chr(33 + row)}")
        self.await_status(lambda s: s["at"] == place("nobody") + 2)

    def test_colours(self):
        colour = re.compile(r"\x1b\[(?:\d+;)*[34][0-7]m")
        for name, extra in ("some", {}), ("none", {"NO_COLOR": "1"}):
            self.terminal = self.state / f"tmux-{name}"
            self.screen(80, 24, self.article, "--no-resume", env=extra)
            self.await_status(lambda s: s["started"])
            self.await_shown("playing")
            self.assertEqual(bool(colour.search(self.shown("-e"))), name == "some")
            self.assertIn("\x1b[", self.shown("-e"))  # the word is lit all the same
            self.keys("q")
            self.await_shown("left 0")

    def test_right_to_left(self):
        words = ["\u05d0\u05d7\u05ea", "(\u05e9\u05ea\u05d9\u05d9\u05dd)", "12", "\u05e9\u05dc\u05d5\u05e9"]
        self.screen(60, 12, self.write("hebrew.txt", " ".join(words) + "\n"), "--no-resume", "--voice", "null")
        mirrored = str.maketrans("()", ")(")
        seen = " ".join(w if w.isdigit() else w[::-1].translate(mirrored) for w in reversed(words))
        self.await_shown(seen, "playing")
        line = next(line for line in self.shown().splitlines()[2:] if seen in line)
        self.assertEqual(len(line), 59)  # at the right margin

    def test_lines_end_where_they_may(self):
        text = "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\u3067\u3059\u3002\u3053\u308c\u306f\u9577\u3044\u3001\u6587\u3067\u3059\u3002" * 6
        self.screen(40, 16, self.write("japanese.txt", text + " well-known" * 4 + "\n"), "--no-resume", "--voice", "null")
        self.await_shown("playing", "known")
        lines = [line.strip() for line in self.shown().splitlines()[2:-3] if line.strip()]
        self.assertGreater(len(lines), 5)
        self.assertFalse([line for line in lines if line[0] in "\u3001\u3002"])
        self.assertEqual("".join(lines).replace(" ", ""), text + "well-known" * 4)

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
