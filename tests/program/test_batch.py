"""Many articles: each on its own, carried on after any end, shared out over machines."""
import json
import os
import random
import signal
import time
import unittest
import wave

from harness import ProgramTest

QUICK = ("--voice", "null", "--format", "wav")


class Batch(ProgramTest):
    def articles(self, count, words=5):
        (self.folder / "in").mkdir()
        for i in range(count):
            self.write(f"in/{i:03}.txt", f"Article number {i}. " + "Some words follow here. " * words)

    def files(self, folder="out", *endings):
        return {str(p.relative_to(self.folder / folder)): p.read_bytes()
                for ending in endings or ("wav",) for p in (self.folder / folder).rglob(f"*.{ending}")}

    def kill_a_batch(self, chance, *asked):
        process = self.start("batch", "in", "-o", "out", "--jobs", "2", *asked, start_new_session=True)
        time.sleep(chance.uniform(0.005, 0.25))
        process.send_signal(signal.SIGKILL)
        process.communicate()

    def summary(self, name="out/batch.json"):
        return json.loads((self.folder / name).read_text())

    def test_a_bad_article_costs_only_itself(self):
        self.articles(3)
        self.write("in/empty.txt", "")
        self.write("list", "# what is wanted\nin/000.txt\n\nin/none.txt\nin/empty.txt\r\nin/001.txt\tnamed/by hand\nin/000.txt\n")
        code, _, err = self.run_raw("batch", "list", "-o", "out", *QUICK)
        self.assertEqual(code, 1)
        self.assertIn("in/none.txt': cannot read", err)
        self.assertIn("in/empty.txt': ", err)
        self.assertIn("4 articles: 2 written", err)
        self.assertEqual(sorted(self.files()), ["000.wav", "named/by hand.wav"])
        said = self.summary()
        self.assertEqual((said["articles"], said["written"], said["failed"]), (4, 2, 2))
        by_source = {item["source"]: item for item in said["items"]}
        with wave.open(str(self.folder / "out/000.wav")) as sound:
            self.assertAlmostEqual(by_source["in/000.txt"]["seconds"], sound.getnframes() / sound.getframerate(), 2)
        self.assertIn("No such file", by_source["in/none.txt"]["error"])

    def test_the_same_as_one_by_one(self):
        self.articles(4)
        self.run_ok("batch", "in", "-o", "out", "--jobs", "2", "--rate", "1.5x", "--no-opening", *QUICK)
        for name, sound in self.files().items():
            self.run_ok("save", f"in/{name[:-4]}.txt", "--rate", "1.5x", "--no-opening", "--voice", "null", "-o", name)
            self.assertEqual((self.folder / name).read_bytes(), sound, name)

    def test_what_is_whole_is_not_made_again(self):
        self.articles(3)
        self.run_ok("batch", "in", "-o", "out", *QUICK)
        before = {p: p.stat().st_ino for p in (self.folder / "out").glob("*.wav")}
        self.run_ok("batch", "in", "-o", "out", *QUICK)
        self.assertEqual(self.summary()["there"], 3)
        changed = self.write("in/001.txt", "It was rewritten.")
        os.utime(changed, (time.time() + 10, time.time() + 10))
        code, _, err = self.run_raw("batch", "in", "-o", "out", *QUICK)
        self.assertEqual(code, 1)
        self.assertIn("--update", err)
        self.assertEqual({p: p.stat().st_ino for p in before}, before, "nothing is replaced unasked")
        self.run_ok("batch", "in", "-o", "out", "--update", *QUICK)
        self.assertEqual([p.name for p in before if p.stat().st_ino != before[p]], ["001.wav"])
        self.run_ok("batch", "in", "-o", "out", "--overwrite", *QUICK)
        self.assertEqual(self.summary()["written"], 3)

    def test_names(self):
        for name in ("a/index.html", "b/index.html", "c/only.html", "c/.hidden.html", "c/no-article.png"):
            (self.folder / name).parent.mkdir(exist_ok=True)
            self.write(name, f"<p>The page {name} has text enough.</p>")
        self.write("c/two\nlines.txt", "A name of two lines.")
        long = "x" * 240
        self.write(f"c/{long}.txt", "A long name.")
        sources = ["a/index.html", "b/index.html", "c/only.html", "c/two\nlines.txt", f"c/{long}.txt"]
        listed = "\0".join(sources).encode()
        self.run_ok("batch", "-", "--zero", "-o", "out", *QUICK, stdin=listed)
        names = sorted(self.files())
        self.assertEqual(len(names), 5, names)
        self.assertEqual(len([n for n in names if n.startswith("index-")]), 2, names)
        self.assertIn("only.wav", names)
        self.assertIn("two-lines.wav", names)
        self.assertTrue(all(len(n) < 230 for n in names))
        self.run_ok("batch", ".", "-o", "out2", *QUICK)
        self.assertIn("a/index.wav", self.files("out2"))
        self.assertEqual(len(self.files("out2")), 5)

    def test_a_list_that_would_write_outside_is_refused(self):
        self.articles(1)
        for name in ("../up", "/abs", "a/../../b", "a//b", "."):
            self.write("list", f"in/000.txt\t{name}\n")
            code, _, err = self.run_raw("batch", "list", "-o", "out", *QUICK)
            self.assertEqual(code, 1, name)
            self.assertIn("line 1", err)
        self.assertFalse((self.folder / "up.wav").exists())

    def test_shards_share_the_list_out(self):
        self.articles(7)
        for i in (1, 2, 3):
            self.run_ok("batch", "in", "-o", "out", "--shard", f"{i}/3", *QUICK)
        written = [self.summary(f"out/batch-{i}-of-3.json")["written"] for i in (1, 2, 3)]
        self.assertEqual(written, [3, 2, 2])
        self.assertEqual(len(self.files()), 7)

    def test_two_at_once_do_not_harm_each_other(self):
        self.articles(12)
        both = [self.start("batch", "in", "-o", "out", "--summary", f"summary{i}", "--jobs", "2", *QUICK) for i in (1, 2)]
        for process in both:
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, err)
        one, two = self.summary("summary1"), self.summary("summary2")
        self.assertEqual(one["written"] + two["written"], 12)
        self.assertEqual(one["written"] + one["there"], 12)
        self.assertEqual(len(self.files()), 12)
        self.assertEqual(list((self.folder / "out").glob(".*")), [])

    def test_killed_at_any_moment_the_next_call_carries_on(self):
        self.articles(8, words=400)
        self.run_ok("batch", "in", "-o", "whole", *QUICK)
        chance = random.Random(7)
        for _ in range(20):
            self.kill_a_batch(chance, *QUICK)
            for name, sound in self.files().items():
                self.assertEqual(sound, self.files("whole")[name], "what is there is whole")
        self.run_ok("batch", "in", "-o", "out", *QUICK)
        self.assertEqual(self.files(), self.files("whole"))
        self.assertEqual(sorted(p.name for p in (self.folder / "out").glob(".*")), [])

    def test_where_a_sound_is_all_that_belongs_to_it_is(self):
        self.articles(6, words=400)
        kinds = ("wav", "vtt", "srt", "html", "txt")
        asked = (*QUICK, "--captions", "vtt,srt", "--transcript", "html,txt")
        self.run_ok("batch", "in", "-o", "whole", *asked)
        whole = self.files("whole", *kinds)
        self.assertEqual(len(whole), 6 * len(kinds))
        chance = random.Random(11)
        for _ in range(15):
            self.kill_a_batch(chance, *asked)
            there = self.files("out", *kinds)
            for name in there:
                self.assertEqual(there[name], whole[name])
                if name.endswith(".wav"):
                    self.assertTrue(all(f"{name[:-4]}.{kind}" in there for kind in kinds), sorted(there))
        self.run_ok("batch", "in", "-o", "out", *asked)
        self.assertEqual(self.files("out", *kinds), whole)
        self.assertEqual(list((self.folder / "out").glob(".*")), [])

    def test_what_belongs_to_a_sound_and_is_missing_is_made(self):
        self.articles(3)
        self.run_ok("batch", "in", "-o", "out", *QUICK)
        self.run_ok("batch", "in", "-o", "out", *QUICK, "--captions", "vtt")
        self.assertEqual(self.summary()["written"], 3, "more is asked for than the first time")
        made = self.files("out", "wav", "vtt")
        self.assertEqual(len(made), 6)
        (self.folder / "out/001.vtt").unlink()
        kept = (self.folder / "out/000.vtt").stat().st_ino
        self.run_ok("batch", "in", "-o", "out", *QUICK, "--captions", "vtt")
        self.assertEqual((self.summary()["written"], self.summary()["there"]), (1, 2))
        self.assertEqual(self.files("out", "wav", "vtt"), made)
        self.assertEqual((self.folder / "out/000.vtt").stat().st_ino, kept)

    def test_killed_between_the_captions_and_the_sound(self):
        self.articles(2)
        asked = (*QUICK, "--captions", "vtt")
        self.run_ok("batch", "in", "-o", "out", *asked)
        made = self.files("out", "wav", "vtt")
        # a first run: the captions are in their place, the sound is not
        (self.folder / "out/000.wav").unlink()
        self.write("out/.000.wav.lock", "")
        # a run that makes it again: new captions, the old sound
        self.write("out/001.vtt", "of another run")
        later = time.time() + 10
        os.utime(self.folder / "out/001.vtt", (later, later))
        self.write("out/.001.wav.lock", "")
        self.run_ok("batch", "in", "-o", "out", *asked)
        self.assertEqual(self.summary()["written"], 2)
        self.assertEqual(self.files("out", "wav", "vtt"), made)
        self.assertEqual(list((self.folder / "out").glob(".*")), [])
        # what somebody mended by hand is theirs
        self.write("out/001.vtt", "mended")
        os.utime(self.folder / "out/001.vtt", (later, later))
        self.run_ok("batch", "in", "-o", "out", *asked)
        self.assertEqual(self.summary()["there"], 2)
        self.assertEqual((self.folder / "out/001.vtt").read_text(), "mended")

    def test_an_interrupt_leaves_nothing_and_says_what_was_done(self):
        self.articles(3, words=100000)
        process = self.start("batch", "in", "-o", "out", *QUICK)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertIn("not done", err.decode())
        self.assertGreater(self.summary()["not done"], 0)
        self.assertEqual([p.name for p in (self.folder / "out").glob(".*")], [])

    def test_a_killed_article_is_a_failed_one(self):
        self.articles(2)
        code, _, err = self.run_raw("batch", "in", "-o", "out", *QUICK,
                                    env={"NARRATE_VOICE_PROGRAM": "/bin/false"})
        self.assertEqual(code, 1)
        self.assertIn("2 failed", err)

    def test_a_hundred_thousand_articles_in_a_list(self):
        self.articles(2)
        self.write("list", "".join(f"in/{i % 2:03}.txt\tn/{i}\n" for i in range(100000)))
        self.run_ok("batch", "list", "-o", "out", "--shard", "77/50000", *QUICK)
        self.assertEqual(sorted(self.files()), ["n/50076.wav", "n/76.wav"])

    def test_folders_that_cannot_be_written(self):
        self.articles(1)
        self.write("out", "a file")
        code, _, err = self.run_raw("batch", "in", "-o", "out/deep", *QUICK)
        self.assertEqual(code, 1)
        self.assertIn("cannot make the folder", err)

    def test_wrong_usage(self):
        for args, word in ((("batch", "in"), "-o DIR"), (("batch", "in", "-o", "-"), "-o DIR"),
                           (("batch", "in", "-o", "out", "--shard", "3/2"), "share"),
                           (("batch", "in", "-o", "out", "--marks", "x"), "--marks"),
                           (("batch", "a", "b", "-o", "out"), "one")):
            code, _, err = self.run_raw(*args)
            self.assertEqual(code, 2, args)
            self.assertIn(word, err)
        code, _, err = self.run_raw("batch", "nowhere", "-o", "out")
        self.assertEqual(code, 1)
        self.assertIn("nowhere", err)


if __name__ == "__main__":
    unittest.main()
