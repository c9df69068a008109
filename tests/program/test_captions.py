"""Captions, transcripts and marks beside a sound: read back by other programs, and heard where they say."""
import array
import json
import re
import subprocess
import unittest
import xml.etree.ElementTree as tree

from harness import ASSETS, ProgramTest

ARTICLE = next(ASSETS.glob("articles/*.txt"))
TIME = r"(\d\d+):(\d\d):(\d\d)[.,](\d\d\d)"


def seconds(text):
    h, m, s, ms = map(int, re.fullmatch(TIME, text).groups())
    return h * 3600 + m * 60 + s + ms / 1000


def cues(path):
    """(start, end, lines) of WebVTT or SubRip, strictly."""
    blocks = path.read_text("utf-8").rstrip("\n").split("\n\n")
    if path.suffix == ".vtt":
        assert blocks.pop(0) == "WEBVTT"
    found = []
    for number, block in enumerate(blocks, 1):
        lines = block.split("\n")
        if path.suffix == ".srt":
            assert lines.pop(0) == str(number)
        start, end = lines.pop(0).split(" --> ")
        found.append((seconds(start), seconds(end), lines))
    return found


def words(text):
    return re.sub(r"[^\w]+", " ", text).split()


class Captions(ProgramTest):
    def test_every_kind_beside_the_sound(self):
        self.run_ok(ARTICLE, "-o", "a.wav", "--captions", "vtt,srt,lrc", "--captions", "ttml", "--transcript", "txt,html",
                    "--marks", "a.jsonl")
        self.assertEqual(self.files(), ["a.html", "a.jsonl", "a.lrc", "a.srt", "a.ttml", "a.txt", "a.vtt", "a.wav"])
        found = cues(self.folder / "a.vtt")
        self.assertEqual(found, cues(self.folder / "a.srt"))
        self.assertGreater(len(found), 40)
        last = 0
        for start, end, lines in found:
            self.assertTrue(last <= start < end, (last, start, end))
            self.assertLessEqual(len(lines), 2)
            self.assertLessEqual(max(map(len, lines)), 42)
            self.assertLessEqual(len(" ".join(lines)) / (end - start), 20.1, lines)
            self.assertTrue(0.999 <= end - start <= 7.001, (start, end, lines))
            last = end
        self.assertLessEqual(last, len(self.samples(self.folder / "a.wav")) / 2 / 22050 + 0.001)
        marks = [json.loads(line) for line in (self.folder / "a.jsonl").read_text().splitlines()]
        text = " ".join(m["value"] for m in marks if m["type"] == "sentence")
        self.assertEqual(words(" ".join(" ".join(c[2]) for c in found)), words(text))
        page = (self.folder / "a.html").read_text()
        self.assertEqual(words(re.sub(r"<[^>]*>", "", page.split("<article")[1].split(">", 1)[1])), words(text))
        self.assertNotIn("<script", page)
        self.assertEqual(words(re.sub(r"(?m)^\[[\d:]*\] ", "", (self.folder / "a.txt").read_text())), words(text))

    def test_short_items_share_a_caption(self):
        items = ["Tea", "Salt", "Oats", "Rope", "Oil", "Jam"]
        self.write("a.md", "# What to take\n\n" + "".join(f"- {item}\n" for item in items))
        self.run_ok("a.md", "-o", "a.wav", "--captions", "vtt,lrc", "--marks", "a.jsonl", "--rate", "1.5x", "-q")
        found = cues(self.folder / "a.vtt")
        lyrics = re.findall(r"(?m)^\[\d\d:\d\d\.\d\d\](.+)$", (self.folder / "a.lrc").read_text())
        self.assertEqual(lyrics, ["What to take", *items])
        self.assertEqual([line for c in found for line in c[2]], ["What to take", *items])
        self.assertIn(["Tea", "Salt"], [c[2] for c in found])
        marks = [json.loads(line) for line in (self.folder / "a.jsonl").read_text().splitlines()]
        said = {m["value"]: m["time"] / 1000 for m in marks if m["type"] == "word"}
        for start, end, lines in found:
            self.assertGreaterEqual(end - start, 0.999)
            self.assertTrue(0 <= said[lines[0].split()[0]] - start <= 0.25, lines)

    def test_fast_speech_keeps_its_words(self):
        self.run_ok(ARTICLE, "-o", "a.wav", "--captions", "vtt", "--transcript", "txt", "--rate", "2x", "-q")
        found = cues(self.folder / "a.vtt")
        text = re.sub(r"(?m)^\[[\d:]*\] ", "", (self.folder / "a.txt").read_text())
        self.assertEqual(words(" ".join(" ".join(c[2]) for c in found)), words(text))
        self.assertTrue(all(len(c[2]) <= 2 and max(map(len, c[2])) <= 42 for c in found))
        self.assertTrue(all(a[1] <= b[0] for a, b in zip(found, found[1:])))

    def test_what_is_not_said_of_an_address(self):
        self.write("b.txt", "See https://www.example.org/harbour/tides/tables?year=2024&month=may for the tides.")
        self.run_ok("b.txt", "-o", "a.wav", "--captions", "vtt", "--transcript", "txt", "-q")
        shown = " ".join(line for c in cues(self.folder / "a.vtt") for line in c[2])
        self.assertEqual(shown, "See https://www.example.org/harbour/\u2026 for the tides.")
        self.assertIn("month=may", (self.folder / "a.txt").read_text())

    def test_other_programs_read_them(self):
        self.run_ok(ARTICLE, "-o", "a.opus", "--captions", "vtt,srt,lrc,ttml", "--caption-words", "-q")
        count = len(cues(self.folder / "a.srt"))
        for ending in "vtt", "srt":
            out = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0",
                                  f"a.{ending}"], cwd=self.folder, capture_output=True, text=True, check=True)
            self.assertEqual(out.stderr, "")
            packets = [tuple(map(float, line.strip(",").split(",")[:2])) for line in out.stdout.split()]
            self.assertEqual(len(packets), count)
            for (start, length), (a, b, _) in zip(packets, cues(self.folder / "a.srt")):
                self.assertAlmostEqual(start, a, delta=0.002)
                self.assertAlmostEqual(length, b - a, delta=0.002)
        root = tree.parse(self.folder / "a.ttml").getroot()
        self.assertEqual(len(root.findall(".//{http://www.w3.org/ns/ttml}p")), count)
        subprocess.run(["xmllint", "--noout", "a.ttml"], cwd=self.folder, check=True)
        lines = (self.folder / "a.lrc").read_text().splitlines()
        timed = [line for line in lines if re.match(r"\[\d\d:\d\d\.\d\d\]<", line)]
        self.assertEqual(len(timed), count)

    def ticks(self, path):
        """Where the null voice's ticks begin in a file, in seconds."""
        raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-ar", "24000", "-ac", "1", "-"],
                             cwd=self.folder, capture_output=True, check=True).stdout
        samples, found, quiet = array.array("h", raw), [], 10**9
        for i, value in enumerate(samples):
            if abs(value) > 2500:
                if quiet > 2400:
                    found.append(i / 24000)
                quiet = 0
            else:
                quiet += 1
        return found

    def test_words_are_where_they_are_heard(self):
        text = "The first sentence has seven words here. A second one follows it.\n\nThen another paragraph begins, at last.\n"
        self.write("a.txt", text)
        for ending in "wav", "mp3", "opus", "ogg", "flac":
            with self.subTest(ending=ending):
                self.run_ok("a.txt", "-o", f"a.{ending}", "--voice", "null", "--captions", "a.vtt", "--caption-words",
                            "--marks", "a.jsonl", "--overwrite", "-q")
                heard = self.ticks(f"a.{ending}")
                marks = [json.loads(line) for line in (self.folder / "a.jsonl").read_text().splitlines()]
                marked = [m["time"] / 1000 for m in marks if m["type"] == "word"]
                found = cues(self.folder / "a.vtt")
                captioned = sorted([c[0] for c in found] +
                                   [seconds(t) for c in found for t in re.findall(r"<([\d:.]+)>", "\n".join(c[2]))])
                self.assertEqual(len(heard), len(words(text)))
                for h, m, c in zip(heard, marked, captioned, strict=True):
                    self.assertAlmostEqual(h, m, delta=0.02)
                    self.assertAlmostEqual(h, c, delta=0.02)

    def test_marks_are_the_speech_marks_of_cloud_voices(self):
        self.write("a.txt", "Mr Lee paid £3.50.")
        self.run_ok("a.txt", "-o", "a.wav", "--marks", "a.jsonl", "-q")
        for line in (self.folder / "a.jsonl").read_text().splitlines():
            mark = json.loads(line)
            self.assertEqual(list(mark)[:5], ["time", "type", "start", "end", "value"])
            self.assertIn(mark["type"], ("word", "sentence"))
            self.assertIsInstance(mark["time"], int)

    def test_a_text_of_the_other_direction(self):
        self.write("ar.html", '<html lang="ar"><body><article><p>' + "قال الوزير إن المدينة ستبني مدرسة جديدة ومكتبة. " * 3 +
                   "</p><p>NATO قالت ذلك.</p></article></body></html>")
        self.run_ok("ar.html", "-o", "a.wav", "--voice", "null", "--captions", "vtt,ttml", "--transcript", "html", "-q")
        self.assertIn("\n\u200fNATO", (self.folder / "a.vtt").read_text())
        self.assertIn('tts:direction="rtl"', (self.folder / "a.ttml").read_text())
        self.assertIn('dir="rtl"', (self.folder / "a.html").read_text())

    def test_what_cannot_be(self):
        self.write("a.txt", "Some words.")
        self.run_fails("a.txt", "-o", "a.wav", "--captions", "a.doc", code=2, says=[".vtt", "a.doc"])
        self.run_fails("a.txt", "-o", "a.wav", "--transcript", "a.vtt", code=2, says=".html")
        self.run_fails("a.txt", "-o", "-", "--format", "wav", "--captions", "vtt", says="name a file")
        self.run_fails("a.txt", "-o", "a.wav", "--captions", "no/a.vtt", says=["no/a.vtt", "directory"])
        self.run_fails("read", "a.txt", "--captions", "vtt", code=2, says="--captions")
        self.write("a.srt", "precious")
        self.run_fails("a.txt", "-o", "a.wav", "--captions", "vtt,srt", says=["a.srt", "--overwrite"])
        self.run_fails("batch", "a.txt", "-o", "d", "--captions", "a.vtt", code=2, says="for a batch")
        self.run_fails("a.txt", "-o", "a.wav", "--captions", "/dev/full", code=2, says=".vtt")


if __name__ == "__main__":
    unittest.main()
