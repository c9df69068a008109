"""What is heard of pauses and prosody: gaps as asked for, no clicks, emphasis, a second voice, limits of a breath."""
import array
import json
import unittest

from harness import ASSETS, ProgramTest

RATE = 22050
SILENCE = 24  # eSpeak NG's silence is not quite zero
WITHIN_MS = 20


def ms(frames):
    return frames * 1000 / RATE


class Prosody(ProgramTest):
    def sound(self, *args):
        self.run_ok("save", *args, "-o", "a.wav", "--marks", "a.jsonl", "--overwrite", "-q")
        samples = array.array("h", self.samples(self.folder / "a.wav"))
        marks = [json.loads(line) for line in (self.folder / "a.jsonl").read_text().splitlines()]
        return samples, [m["frame"] for m in marks if m["type"] == "word"]

    def spoken(self, *args):
        return [json.loads(line) for line in self.run_ok("spoken", "--json", *args).splitlines()]

    def gaps(self, samples, words, utterances):
        """(the pause asked for, where the silence begins and ends) at each join."""
        at = 0
        for before in utterances[:-1]:
            at += len(before["words"])
            middle = words[at] - RATE * 30 // 1000
            start = end = middle
            while start > 0 and abs(samples[start - 1]) <= SILENCE:
                start -= 1
            while end < len(samples) and abs(samples[end]) <= SILENCE:
                end += 1
            yield before["pause"], start, end

    def check_gaps(self, article, *args, factor=1.0):
        utterances = self.spoken(article)
        samples, words = self.sound(article, *args)
        self.assertEqual(len(words), sum(len(u["words"]) for u in utterances))
        steps = [abs(b - a) for a, b in zip(samples, samples[1:])]
        loudest = max(steps)
        wrong = []
        for k, (pause, start, end) in enumerate(self.gaps(samples, words, utterances)):
            if abs(ms(end - start) - pause * factor) > WITHIN_MS:
                wrong.append((k, utterances[k]["say"], pause * factor, ms(end - start)))
            # No click: the steps around a join are no larger than the voice's own a little further away.
            joint = max(steps[max(0, start - 2):start + 2] + steps[end - 2:end + 2])
            self.assertLess(joint, loudest / 4, utterances[k]["say"])
        self.assertEqual(wrong, [])
        return len(utterances)

    def test_gaps_are_the_pauses_asked_for(self):
        for article in sorted((ASSETS / "articles").iterdir()):
            with self.subTest(article=article.name):
                self.assertGreater(self.check_gaps(article), 30)

    def test_gaps_scale_with_the_rate(self):
        self.check_gaps(ASSETS / "articles" / "harbour.txt", "--rate", "1.4x", factor=1 / 1.4)

    def test_emphasis_is_heard(self):
        loud = []
        for text in ("It was not him, they say.", "It was *not* him, they say."):
            samples, words = self.sound(self.write("a.md", text + "\n"))
            loud.append(sum(s * s for s in samples[words[2]:words[3]]))
        self.assertGreater(loud[1], loud[0] * 1.5)

    def test_marks_are_the_same_from_run_to_run(self):
        text = self.write("a.txt", "It was not him, they say.\n")
        first = self.sound(text)
        for _ in range(12):
            self.assertEqual(self.sound(text), first)

    def test_control_characters_are_no_commands(self):
        plain, _ = self.sound(self.write("a.txt", "It was not him, they say.\n"))
        evil, _ = self.sound(self.write("b.txt", "It was \x019Fnot him, they say.\n"))
        same = max(map(abs, evil))
        self.assertLess(abs(same - max(map(abs, plain))), 4000)

    def test_quotations_get_their_voice(self):
        text = self.write("a.txt", "The mayor spoke at noon. “We knew nothing about the goat,” she said. It was late.\n")
        one, at_one = self.sound(text)
        two, at_two = self.sound(text, "--quote-voice", "en+f3")
        utterances = self.spoken(text, "--quote-voice", "en+f3")
        self.assertEqual([u["say"] for u in utterances if u["quoted"]], ["We knew nothing about the goat,"])
        self.assertEqual(one[:at_one[5] - 2000], two[:at_two[5] - 2000])
        self.assertNotEqual(one[at_one[5]:at_one[8]], two[at_two[5]:at_two[8]])
        # The first voice is the first voice again.
        last = [len(one) - at_one[13], len(two) - at_two[13]]
        self.assertLess(abs(last[0] - last[1]), 100)

    def test_a_voice_for_quotations_must_exist(self):
        text = self.write("a.txt", "Nobody came.\n")
        self.run_fails(text, "-o", "b.wav", "--quote-voice", "nosuchvoice", says=["nosuchvoice", "near"])
        self.run_fails(text, "-o", "b.wav", "--voice", "null", "--quote-voice", "en", says=["'en'", "narrate voices"])

    def test_limits_of_a_breath(self):
        article = ASSETS / "articles" / "harbour.txt"
        for chars, words in ((200, 25), (80, 12)):
            for u in self.spoken(article, "--max-chars", chars, "--max-words", words):
                self.assertLessEqual(len(u["say"].encode()), chars + 1)
                self.assertLessEqual(len(u["words"]), words)
        self.run_fails(article, "-o", "b.wav", "--max-chars", "7", code=2, says=["--max-chars", "20"])
        self.run_fails(article, "-o", "b.wav", "--max-words", "many", code=2, says=["--max-words", "3"])


class Segment(ProgramTest):
    def test_sentences_come_before_the_input_ends(self):
        import subprocess
        process = self.start("segment", stdin=subprocess.PIPE)
        process.stdin.write(b"The first one is known. The second")
        process.stdin.flush()
        self.assertEqual(process.stdout.readline(), b"The first one is known.\n")
        out, _ = process.communicate(b" is not.")
        self.assertEqual(out, b"The second is not.\n")

    def test_texts_end_with_nul(self):
        self.assertEqual(self.run_ok("segment", "--zero", stdin=b"One. Two.\0\0Three\nlines"),
                         "One.\nTwo.\n\0\0Three\nlines\n\0")
        self.assertEqual(self.run_ok("segment", "--zero", stdin=b"One.\0"), "One.\n\0")
        self.assertEqual(self.run_ok("segment", stdin=b""), "")


if __name__ == "__main__":
    unittest.main()
