"""Finished files as other programs see them: ffprobe, ffmpeg and exiftool read tags, covers, chapters and lengths."""
import json
import resource
import struct
import subprocess
import unittest

import files
from harness import ProgramTest

ARTICLE = """# Café "Zwölf" & Söhne

The harbour was quiet. Nobody came.

## What was "seen" & done

A goose came by at noon. It left again.

## What was heard

Nothing at all, said the keeper. The end.
"""
CHAPTERS = ['Café "Zwölf" & Söhne', 'What was "seen" & done', "What was heard"]
URL = "https://example.org/talk?a=1&b=2"
TAGS = ("--author", "Ann Lee", "--album", "The Harbour Post", "--date", "2023-08-30", "--track", "7", "--comment", URL)
# ffprobe counts the samples that coders put around the sound, which decoders leave out.
HEADER_SLACK = {"mp3": (576 + 529 + 575) / 22050, "opus": 0.007}


def run(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, check=True).stdout


class PublishedFiles(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("a.md", ARTICLE)
        self.write("cover.png", files.png(1400, 1400))

    def make(self, name, *more):
        self.run_ok("a.md", "-o", name, "--loudness", "off", "--overwrite", *more)
        return self.folder / name

    def probe(self, path):
        return json.loads(run("ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters", path))

    def decoded(self, path, rate=44100):
        return len(run("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-ar", rate, "-f", "s16le", "-")) / 2 / rate

    def sound(self, path, rate=22050):
        frames = run("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-ar", rate, "-f", "s16le", "-")
        return struct.unpack(f"<{len(frames) // 2}h", frames)

    def test_tags_cover_chapters_and_length_in_every_format(self):
        length = self.decoded(self.make("a.wav", *TAGS))
        for ending in "mp3 m4a m4b opus ogg flac".split():
            with self.subTest(ending=ending):
                path = self.make(f"a.{ending}", *TAGS, "--cover", "cover.png")
                found = self.probe(path)
                sound = next(s for s in found["streams"] if s["codec_type"] == "audio")
                picture = next(s for s in found["streams"] if s["codec_type"] == "video")
                tags = {k.lower(): v for k, v in {**sound.get("tags", {}), **found["format"].get("tags", {})}.items()}
                self.assertEqual((tags["title"], tags["artist"], tags["album"]), (CHAPTERS[0], "Ann Lee", "The Harbour Post"))
                self.assertEqual((tags["track"], tags["comment"]), ("7", URL))
                self.assertTrue(tags["date"].startswith("2023"))
                self.assertEqual((picture["codec_name"], picture["width"], picture["height"]), ("png", 1400, 1400))
                self.assertEqual([c["tags"]["title"] for c in found["chapters"]], CHAPTERS)
                ends = [float(c["end_time"]) for c in found["chapters"]]
                starts = [float(c["start_time"]) for c in found["chapters"]]
                self.assertAlmostEqual(starts[0], 0, delta=0.002)
                for end, start in zip(ends, starts[1:]):
                    self.assertAlmostEqual(end, start, delta=0.002)
                self.assertAlmostEqual(ends[-1], length, delta=0.002 if ending != "opus" else 0.02)
                decoded = self.decoded(path)
                self.assertGreater(decoded, length - 0.0002)
                self.assertLess(decoded, length + 0.0002)
                self.assertAlmostEqual(float(found["format"]["duration"]), length, delta=0.001 + HEADER_SLACK.get(ending, 0))

    def test_decoded_sound_is_where_it_was(self):
        """Delays of encoders are told and cut by decoders: at several lengths, so that the last packet is full or nearly empty."""
        for words in 3, 5, 8, 9:
            self.write("a.md", " ".join("one two three four five six seven eight nine".split()[:words]) + ".")
            plain = self.sound(self.make("a.wav"))
            for ending in "mp3 m4a m4b opus ogg flac".split():
                with self.subTest(ending=ending, words=words):
                    heard = self.sound(self.make(f"a.{ending}"))
                    self.assertAlmostEqual(len(heard), len(plain), delta=2)
                    near = range(-60, 61)
                    middle = len(plain) // 2
                    best = max(near, key=lambda lag: sum(plain[i] * heard[i + lag] for i in range(middle - 4000, middle + 4000, 3)))
                    self.assertAlmostEqual(best, 0, delta=2)

    def test_exiftool_agrees(self):
        for ending in "mp3 m4a flac opus".split():
            with self.subTest(ending=ending):
                path = self.make(f"a.{ending}", *TAGS, "--cover", "cover.png")
                found = json.loads(run("exiftool", "-j", "-charset", "UTF8", path))[0]
                self.assertIn("minor", found.get("Warning", "minor"))
                self.assertEqual(found["Title"], CHAPTERS[0])
                self.assertEqual(found["Album"], "The Harbour Post")
                self.assertIn(URL, [v for k, v in found.items() if k.startswith("Comment")])

    def test_mp3_is_of_constant_rate_and_tells_its_length_to_the_sample(self):
        for rate, frame_samples, sync in (22050, 576, b"\xff\xf3"), (44100, 1152, b"\xff\xfb"):
            path = self.make("a.mp3", *TAGS, "--sample-rate", rate)
            content = path.read_bytes()
            at = content.index(b"Info")
            frames, size = struct.unpack(">II", content[at + 8:at + 16])
            self.assertEqual(size, len(content) - content.index(sync))
            delay_padding = int.from_bytes(content[at + 141:at + 144], "big")
            samples = frames * frame_samples - (delay_padding >> 12) - (delay_padding & 4095)
            self.assertEqual(samples, round(self.decoded(path, rate) * rate))
            sizes = {int(s) for s in run("ffprobe", "-v", "error", "-select_streams", "a", "-show_entries", "packet=size", "-of",
                                         "csv=p=0", path).decode().replace(",", " ").split()}
            self.assertLessEqual(sizes, {208, 209})

    def test_same_bytes_each_time_and_for_any_jobs(self):
        for ending in "mp3 m4a m4b opus ogg flac wav".split():
            files = {self.make(f"{n}.{ending}", *TAGS, "--cover", "cover.png", "--jobs", n).read_bytes() for n in (1, 3)}
            self.assertEqual(len(files), 1, ending)

    def test_rates_and_bit_rates(self):
        for name, preset, rate, bits in (("a.mp3", "none", 22050, 64), ("a.mp3", "podcast", 44100, 96), ("a.mp3", "audiobook", 44100, 192),
                                         ("a.m4a", "podcast", 44100, 96), ("a.m4b", "audiobook", 44100, 64)):
            path = self.make(name, "--master", preset)
            sound = self.probe(path)["streams"][0]
            self.assertEqual(int(sound["sample_rate"]), rate)
            self.assertAlmostEqual(int(sound["bit_rate"]) / 1000, bits, delta=bits * 0.35 if "m4" in name else 0)
        for name, rate, bits in ("a.mp3", 22050, 48000), ("a.opus", 48000, 24000), ("a.m4a", 24000, 48000), ("a.flac", 48000, 0):
            path = self.make(name, "--sample-rate", rate, *(("--bitrate", f"{bits // 1000}k") if bits else ()))
            sound = self.probe(path)["streams"][0]
            self.assertEqual(int(sound["sample_rate"]), rate)
        for name, more in ("x.mp3", ("--bitrate", "65k")), ("x.opus", ("--sample-rate", "44100")), ("x.flac", ("--bitrate", "64k")):
            self.run_fails("a.md", "-o", name, *more, says=name)

    def test_broken_covers(self):
        self.write("words.jpg", "These are words.")
        self.write("short.png", files.png(10, 10)[:60])
        self.run_fails("a.md", "-o", "x.mp3", "--cover", "words.jpg", says=["words.jpg", "neither"])
        self.run_fails("a.md", "-o", "x.mp3", "--cover", "short.png", says=["short.png", "cut short"])
        self.run_fails("a.md", "-o", "x.mp3", "--cover", "missing.png", says="missing.png")

    def test_disks_and_names(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

        for ending in "mp3 m4a opus ogg flac".split():
            with self.subTest(ending=ending):
                self.run_fails("a.md", "-o", f"x.{ending}", "--loudness", "off", preexec_fn=limit)
                self.run_fails("a.md", "-o", "n" * 260 + "." + ending, says="ame too long")
                self.write(f"old.{ending}", "precious")
                self.run_fails("a.md", "-o", f"old.{ending}", says="--overwrite")
        self.make("two\nlines.mp3")
        self.assertIn("two\nlines.mp3", self.files())

    def test_a_podcast_meets_what_services_ask_for(self):
        for name in "a.mp3", "a.m4a":
            self.run_ok("a.md", "-o", name, "--master", "podcast", "--cover", "cover.png")
            found = json.loads(self.run_ok("info", name, "--json"))
            states = {(r["service"], r["name"]): r["state"] for r in found["requirements"]}
            bits = {k: v for k, v in states.items() if k[1] == "bit rate"}
            self.assertEqual({k: v for k, v in states.items() if v != "met" and (name == "a.mp3" or k not in bits)}, {}, name)

    def test_info(self):
        path = self.make("a.mp3", *TAGS, "--cover", "cover.png", "--master", "podcast")
        found = json.loads(self.run_ok("info", "a.mp3", "--json"))
        self.assertEqual((found["codec"], found["sample_rate"], found["bitrate"]), ("mp3", 44100, 96000))
        self.assertEqual(found["samples"], round(self.decoded(path) * 44100))
        self.assertEqual([c["title"] for c in found["chapters"]], CHAPTERS)
        self.assertEqual(found["cover"]["width"], 1400)
        states = {(r["service"], r["wanted"]): r["state"] for r in found["requirements"]}
        self.assertEqual(states["Spotify", "96 to 320 kbit/s"], "met")
        self.assertEqual(states["Apple Podcasts", "44.1 or 48 kHz"], "met")
        if found["loudness"] is not None:
            heard = subprocess.run(["ffmpeg", "-nostats", "-i", path, "-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-"],
                                   capture_output=True, text=True, check=True).stderr.split("Summary:")[1].split()
            self.assertAlmostEqual(found["loudness"], float(heard[heard.index("I:") + 1]), delta=0.2)
            self.assertAlmostEqual(found["true_peak"], float(heard[heard.index("Peak:") + 1]), delta=0.3)
            self.assertIn("not advised loudness, -16 LUFS, 1 more or less: it is ", self.run_ok("info", "a.mp3"))
        self.make("b.mp3", "--bitrate", "64k")
        self.assertIn("NOT MET     bit rate, 96 to 320 kbit/s: it is 64 kbit/s", self.run_ok("info", "b.mp3"))
        self.run_fails("info", "a.md", says="a.md")
        self.run_fails("info", "nothing.mp3", says="nothing.mp3")
        self.run_fails("info", code=2, says="which")
        self.write("cut.mp3", path.read_bytes()[:-3000])
        self.assertEqual(self.run_raw("info", "cut.mp3")[0], 0)

    def test_chapters_in_a_file_of_their_own(self):
        path = self.make("a.mp3", "--chapters", "a.json")
        found = json.loads((self.folder / "a.json").read_text())
        self.assertEqual(found["version"], "1.2.0")
        self.assertEqual([c["title"] for c in found["chapters"]], CHAPTERS)
        in_sound = [float(c["start_time"]) for c in self.probe(path)["chapters"]]
        for one, other in zip(in_sound, found["chapters"]):
            self.assertAlmostEqual(one, other["startTime"], delta=0.002)
        self.run_fails("a.md", "-o", "b.mp3", "--chapters", "a.json", says=["a.json", "--overwrite"])


if __name__ == "__main__":
    unittest.main()
