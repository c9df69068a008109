"""Every key of the player, in a terminal: what the screen lights, what the session says, and what is heard."""
import array
import re
import subprocess
import unittest

from harness import wait_for
from listening import TEXT, Listening, place

RATE = 22050
WAIT = 60


class Keys(Listening):
    def lit(self):
        """The word: without colours it alone is reversed."""
        return "".join(re.findall(r"\x1b\[(?:\d+;)*7m(?:\x1b\[[34]9m)*([^\x1b]*)", self.shown("-e")))

    def await_at(self, words, then=None):
        """The session is where these words are, and their first is lit."""
        at, word = place(words), words.split()[0].strip(".,")
        found = []

        def holds():
            found[:] = self.status()["at"], self.lit().strip(".,\n ")
            return found == [at, word]
        self.assertTrue(wait_for(holds, WAIT), (then, words, at, found, self.shown()))

    def paused(self, *args):
        self.screen(80, 24, self.article, "--no-resume", "--voice", "null", *args, env={"NO_COLOR": "1"})
        self.await_status(lambda s: s["started"])
        self.keys("Space")
        self.await_shown("paused")
        self.keys("Home")
        self.await_at("The long way", "Home")

    def leave(self):
        self.keys("q")
        self.await_shown("left 0", "icanon")

    def typed(self, key, text):
        self.keys(key)
        self.keys("-l", text)
        self.keys("Enter")

    def test_the_ways_around(self):
        self.paused()
        for key, words in (
                ("Right", "First paragraph"), ("Right", "Second sentence"), ("Left", "First paragraph"), ("Left", "The long way"),
                ("Left", "The long way"), ("Down", "First paragraph"), ("Down", "Another heading"), ("Down", "Under the heading"),
                ("Down", "Under the heading"), ("Up", "Another heading"), ("Up", "First paragraph"), ("NPage", "Another heading"),
                ("NPage", "Another heading"), ("PPage", "The long way"), (".", "long way"), (".", "way"), (",", "long way"),
                ("NPage", "Another heading"), ("Home", "The long way")):
            self.keys(key)
            self.await_at(words, key)
        self.leave()

    def test_going_back_from_the_middle_is_to_the_beginning_first(self):
        self.paused()
        for key, words in ("Left", "Under the heading"), ("Up", "Under the heading"):
            self.typed("/", "nobody hears")
            self.await_at("nobody hears", key)
            self.keys(key)
            self.await_at(words, key)
        self.leave()

    def test_places_that_are_typed(self):
        self.paused()
        text = TEXT.replace("# ", "").replace("#", "")
        for typed in "50", "50%":
            self.keys("Home")
            self.await_at("The long way")
            self.typed("g", typed)
            found = self.await_status(lambda s: s["at"] > 0)
            self.assertLess(abs(found["at"] - found["bytes"] / 2), 12, "at the word there")
            self.await_at(text[found["at"]:], "g")
        self.typed("g", "0:05")
        self.await_status(lambda s: 4 < s["seconds"] < 7)
        self.typed("g", "way")
        self.await_at("way", "g")
        self.typed("/", "THE")
        first = self.await_status(lambda s: s["at"] > place("way"))["at"]
        self.assertEqual(text[first:first + 3].lower(), "the")
        self.keys("a")
        self.assertEqual(self.await_status(lambda s: s["at"] > first)["at"], first + 1 + text[first + 1:].lower().index("the"))
        before = self.status()["at"]
        self.typed("/", "no such words")
        self.await_shown("the article does not hold 'no such words'")
        self.keys("/")
        self.keys("-l", "Und")
        self.await_shown("Find: Und")
        self.keys("Escape")
        self.await_shown("the article does not hold")
        self.assertEqual(self.status()["at"], before)
        self.leave()

    def test_speed_and_volume_within_their_limits(self):
        self.paused()
        for keys, shown in (
                (["["], "0.9x"), (["]", "]"], "1.1x"), (["BSpace"], "1.0x"), (["["] * 7, "0.5x"), (["]"] * 40, "4.0x"), (["BSpace"], "1.0x"),
                (["9"], "vol 95%"), (["0", "0"], "vol 105%"), (["0"] * 30, "vol 200%"), (["9"] * 45, "vol 0%")):
            self.keys(*keys)
            self.await_shown(shown)
        self.leave()

    def test_where_we_are_help_and_lists(self):
        self.paused()
        self.keys("=")
        self.await_shown("paused, 0%", "speed 1.0, volume 100%, null")
        self.keys("B")
        self.await_shown("no bookmarks yet")
        self.keys("?")
        self.await_shown("space", "quit; the place is remembered")
        self.keys("Space", "x")
        self.await_shown("Under the heading")
        self.keys("v")
        self.await_shown("espeak:")
        top = self.shown().splitlines()[2]
        self.keys("PPage", "PPage")
        self.assertTrue(wait_for(lambda: self.shown().splitlines()[2] != top, WAIT))
        self.keys("Home")
        self.await_shown("espeak:af", "enter: take it")
        self.keys("Escape")
        self.await_shown("Under the heading")
        self.leave()

    def test_what_is_heard(self):
        """Space silences; the next sentence is heard from its first word, sample for sample; 9 makes it quieter."""
        self.run_ok(self.article, "--from", "Second sentence", "-o", "second.raw")
        second = array.array("h", (self.folder / "second.raw").read_bytes())[:RATE]
        capture = self.folder / "heard.raw"
        with open(capture, "wb") as out:
            self.processes.append(subprocess.Popen(
                ["parec", "-d", "one.monitor", "--raw", "--rate=22050", "--channels=1", "--format=s16le", "--latency-msec=10"],
                stdout=out, stderr=subprocess.DEVNULL, env=dict(self.pulse_env, PULSE_SERVER=f"unix:{self.socket}")))
        self.assertTrue(wait_for(lambda: capture.stat().st_size > RATE, WAIT))
        self.screen(80, 24, self.article, "--no-resume")

        def heard():
            data = capture.read_bytes()
            return array.array("h", data[:len(data) // 2 * 2])

        def silent(seconds):
            n = int(seconds * RATE)
            before = len(heard())
            self.assertTrue(wait_for(lambda: len(heard()) > before + n, WAIT))
            return not any(heard()[-n // 2:])
        for volume, times in (100, 0), (50, 10):
            wanted = array.array("h", (round(v * volume / 100) for v in second))[RATE // 20:].tobytes()
            for _ in range(6):  # a busy machine may starve the sound server: one try of a few must be whole
                self.await_status(lambda s: s["started"])
                self.assertTrue(wait_for(lambda: any(heard()[-RATE // 4:]), WAIT), "it sounds")
                self.keys("Space")
                self.await_status(lambda s: s["state"] == "paused")
                self.assertTrue(wait_for(lambda: silent(0.4), WAIT), "it is silent")
                self.keys(*["9"] * times, "Home", "Right", "Right")
                self.await_at_only("Second sentence")
                from_here = capture.stat().st_size
                self.keys("Space")
                self.await_status(lambda s: s["started"] and s["at"] > place("is the one"))
                times = 0
                if wanted in capture.read_bytes()[from_here:]:
                    break
            else:
                self.fail(f"in none of the tries the sentence was heard whole at {volume}%")
        self.leave()

    def await_at_only(self, words):
        self.await_status(lambda s: s["at"] == place(words))


if __name__ == "__main__":
    unittest.main()
