"""Finished files: loudness, peaks, jingles, several articles in one; measured by ffmpeg, not by narrate."""
import cmath
import json
import math
import re
import struct
import subprocess
import unittest
import wave

from harness import ASSETS, SHORT, ProgramTest, wait_for

ARTICLE = "article.txt"  # half a minute of it
RATE = 22050


class Publish(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write(ARTICLE, "\n\n".join((ASSETS / "articles" / "harbour.txt").read_text().split("\n\n")[3:9]))

    def measured(self, name):
        """(LUFS, dBTP) of the decoded file."""
        said = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-i", self.folder / name, "-af",
                               "ebur128=peak=true:framelog=verbose", "-f", "null", "-"], capture_output=True, text=True)
        self.assertEqual(said.returncode, 0, said.stderr)
        summary = said.stderr[said.stderr.rindex("Summary:"):]
        return (float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary)[1]), float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)[1]))

    def assert_master(self, name, loudness, peak):
        lufs, dbtp = self.measured(name)
        self.assertAlmostEqual(lufs, loudness, delta=0.5, msg=name)
        self.assertLessEqual(dbtp, peak, name)

    def numbers(self, name):
        frames = self.samples(self.folder / name)
        return struct.unpack(f"<{len(frames) // 2}h", frames)

    def write_sound(self, name, seconds=1.0, rate=44100, channels=2, height=2000):
        with wave.open(str(self.folder / name), "wb") as sound:
            sound.setparams((channels, 2, rate, 0, "NONE", ""))
            for i in range(int(seconds * rate)):
                sound.writeframesraw(struct.pack("<h", height if i // 50 % 2 else -height) * channels)

    def test_files_for_listeners_are_mastered(self):
        for name in "a.mp3", "a.opus", "a.ogg":
            with self.subTest(name=name):
                self.run_ok(ARTICLE, "-o", name)
                self.assert_master(name, -16, -1)

    def test_what_is_asked_for(self):
        for options, loudness, peak in ((["--loudness", "-19"], -19, -1), (["--loudness", "-16", "--true-peak", "-2"], -16, -2),
                                        (["--master", "podcast"], -16, -1), (["--master", "audiobook"], -20, -3),
                                        (["--master", "audiobook", "--loudness", "-18"], -18, -3)):
            with self.subTest(options=options):
                self.run_ok(ARTICLE, "-o", "a.wav", "--overwrite", *options)
                self.assert_master("a.wav", loudness, peak)

    def test_audiobook_meets_acx(self):
        """RMS -23 to -18 dB, peaks at most -3 dB, noise at most -60 dB, by ffmpeg's astats; half a second to a second of quiet in
        front, one to five behind. A compressor must not lift the noise of the pauses."""
        for name in "a.wav", "a.mp3":
            for voice in "en-gb", "en-us+f3":
                with self.subTest(name=name, voice=voice):
                    self.run_ok(ARTICLE, "-o", name, "--master", "audiobook", "--voice", voice, "--overwrite")
                    said = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-i", self.folder / name, "-af",
                                           "aformat=s16,astats=measure_perchannel=none", "-ac", "1", "-f", "s16le", "-ar", "44100", "-"],
                                          capture_output=True, check=True)
                    found = {k: float(v) for k, v in re.findall(r"] (\w[\w ]+) dB: (\S+)", said.stderr.decode())}
                    self.assertTrue(-23 <= found["RMS level"] <= -18, found)
                    self.assertLessEqual(found["Peak level"], -3)
                    self.assertLessEqual(found["Noise floor"], -60)
                    x = struct.unpack(f"<{len(said.stdout) // 2}h", said.stdout)
                    heard = [i for i, v in enumerate(x) if abs(v) > 100]
                    self.assertTrue(0.5 <= heard[0] / 44100 <= 1, heard[0])
                    self.assertTrue(1 <= (len(x) - heard[-1]) / 44100 <= 5, heard[-1])
                    quiet = min(sum(v * v for v in x[i:i + 22050]) / 22050 for i in range(heard[0], heard[-1] - 22050, 4410))
                    self.assertLessEqual(quiet ** 0.5, 32768 * 10 ** (-60 / 20))

    def test_off_is_the_voice_itself(self):
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", "-o", "a.wav")
        self.run_ok("a.txt", "-o", "off.wav", "--loudness", "off")
        self.run_ok("a.txt", "-o", "none.wav", "--master", "none", "--title", "A title")
        plain = self.samples(self.folder / "a.wav")
        self.assertEqual(self.samples(self.folder / "off.wav"), plain)
        self.assertEqual(self.samples(self.folder / "none.wav"), plain)

    def test_same_bytes_for_any_jobs(self):
        for ending in "mp3", "opus", "flac":
            made = set()
            for jobs in 1, 2, 4:
                self.run_ok(ARTICLE, "-o", f"{jobs}.{ending}", "--jobs", jobs, "--master", "podcast")
                made.add((self.folder / f"{jobs}.{ending}").read_bytes())
            self.assertEqual(len(made), 1, ending)

    def test_silence_is_trimmed_and_padded(self):
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", "-o", "plain.wav")
        plain = self.numbers("plain.wav")
        heard = [i for i, v in enumerate(plain) if abs(v) > 32]
        for lead, tail in ((0, 0), (0.4, 1.5), (2, 0.1)):
            self.run_ok("a.txt", "-o", "a.wav", "--overwrite", "--lead", lead, "--tail", f"{tail * 1000}ms")
            x = self.numbers("a.wav")
            loud = [i for i, v in enumerate(x) if abs(v) > 32]
            self.assertEqual(loud[0], round(lead * RATE))
            self.assertEqual(len(x) - loud[-1] - 1, round(tail * RATE))
            self.assertEqual(x[loud[0]:loud[-1] + 1], plain[heard[0]:heard[-1] + 1])

    def test_jingles(self):
        self.write("a.txt", SHORT)
        self.write_sound("jingle.wav", 1.0)
        self.run_ok("a.txt", "-o", "plain.wav", "--lead", 0, "--tail", 0, "--marks", "plain.jsonl")
        self.run_ok("a.txt", "-o", "a.wav", "--intro", "jingle.wav", "--outro", "jingle.wav", "--marks", "a.jsonl")
        plain, x = self.numbers("plain.wav"), self.numbers("a.wav")
        self.assertAlmostEqual(len(x), len(plain) + 3 * RATE, delta=4)
        voice = x[RATE + RATE // 2:][:len(plain)]
        self.assertEqual(voice[1000:20000], plain[1000:20000])
        self.assertEqual(set(x[RATE + 100:RATE + RATE // 2 - 100]), {0})
        self.assertNotEqual(set(x[:RATE]), {0})
        marks = [[json.loads(line)["frame"] for line in (self.folder / name).read_text().splitlines()]
                 for name in ("plain.jsonl", "a.jsonl")]
        self.assertEqual([max(m - RATE * 3 // 2, 0) for m in marks[1]], marks[0])

    def test_jingles_are_as_loud_as_the_narration(self):
        for height in 300, 30000:
            self.write_sound("jingle.wav", 10, channels=1, height=height)
            self.run_ok(ARTICLE, "-o", "a.wav", "--overwrite", "--intro", "jingle.wav", "--loudness", "-20")
            subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", self.folder / "a.wav", "-t", "9", self.folder / "head.wav"],
                           check=True)
            self.assertAlmostEqual(self.measured("head.wav")[0], -20, delta=1)
            self.assert_master("a.wav", -20, -1)

    def test_music_keeps_its_treble(self):
        self.write("a.txt", SHORT)
        self.write("b.txt", "Another article. It says something else.")
        with wave.open(str(self.folder / "treble.wav"), "wb") as sound: # 13 kHz, which the voice's rate has no room for
            sound.setparams((1, 2, 44100, 0, "NONE", ""))
            sound.writeframes(b"".join(struct.pack("<h", round(5000 * math.sin(2 * math.pi * 13000 / 44100 * i))) for i in range(44100)))
        times = []
        for name in "a.wav", "a.mp3", "a.opus":
            self.run_ok("a.txt", "b.txt", "--join", "-o", name, "--intro", "treble.wav", "--between", "treble.wav", "--master", "none",
                        "--captions", "a.srt", "--chapters", f"{name}.json", "--overwrite", *(("--bitrate", "96k") if ".mp3" in name else ()))
            times.append(re.findall(r"\d\d:\d\d:\d\d,\d\d\d", (self.folder / "a.srt").read_text()))
            frames = subprocess.run(["ffmpeg", "-v", "error", "-i", self.folder / name, "-t", "0.9", "-ar", "48000", "-f", "s16le", "-"],
                                    capture_output=True, check=True).stdout
            x = struct.unpack(f"<{len(frames) // 2}h", frames)[4000:40000]
            tone = sum(v * cmath.exp(-2j * math.pi * 13000 / 48000 * i) for i, v in enumerate(x)) / len(x)
            self.assertEqual(abs(tone) > 500, name != "a.wav", (name, abs(tone)))
        for other in times[1:]:
            for at, there in zip(times[0], other, strict=True):
                self.assertAlmostEqual(int(at[-3:]) + 1000 * int(at[6:8]), int(there[-3:]) + 1000 * int(there[6:8]), delta=1)

    def test_articles_are_joined(self):
        self.write("a.txt", SHORT)
        self.write("b.txt", "Another article. It says something else.")
        self.write_sound("tick.wav", 0.5)
        for name in "a", "b":
            self.run_ok(f"{name}.txt", "-o", f"{name}.wav")
        self.run_ok("a.txt", "b.txt", "--join", "-o", "both.wav")
        a, b, both = (self.numbers(f"{name}.wav") for name in ("a", "b", "both"))
        self.assertEqual(both, a + (0,) * RATE + b)
        self.run_ok("a.txt", "b.txt", "--join", "-o", "tick.flac", "--between", "tick.wav")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", self.folder / "tick.flac", self.folder / "ticked.wav"], check=True)
        ticked = self.numbers("ticked.wav")
        self.assertEqual(ticked[:len(a)], a)
        self.assertEqual(ticked[-len(b):], b)
        self.assertAlmostEqual(len(ticked), len(a) + len(b) + 1.5 * RATE, delta=4)

    def test_sounds_that_are_none(self):
        self.write("a.txt", SHORT)
        self.write("text.wav", "no sound at all")
        self.write("empty.wav", "")
        self.write_sound("nothing.wav", 0)
        self.write_sound("good.wav", 1)
        self.write("cut.wav", (self.folder / "good.wav").read_bytes()[:30])
        header = bytearray((self.folder / "good.wav").read_bytes()[:44])
        header[40:44] = struct.pack("<I", 3_600_000_000)
        with open(self.folder / "huge.wav", "wb") as huge: # a hole of more than an hour
            huge.write(header)
            huge.truncate(3_600_000_044)
        for name in "text.wav", "empty.wav", "nothing.wav", "cut.wav", "huge.wav", "missing.wav", "/dev/zero", ".":
            for option in ["--intro"]:
                with self.subTest(name=name, option=option):
                    self.run_fails("a.txt", "-o", "a.mp3", option, name, says=name)

    def test_usage(self):
        self.write("a.txt", SHORT)
        for args, says in ((["--loudness", "loud"], "LUFS"), (["--loudness", "3"], "LUFS"), (["--true-peak", "1"], "dBTP"),
                           (["--master", "radio"], "podcast"), (["--lead", "-1"], "time"), (["--tail", "2h"], "time"),
                           (["--bitrate", "12"], "64k"), (["--sample-rate", "1"], "44100"), (["--track", "0"], "1 to"),
                           (["a.txt"], "--join"), (["a.txt", "--join", "--marks", "m"], "one article")):
            with self.subTest(args=args):
                self.run_fails("a.txt", "-o", "a.mp3", *args, code=2, says=says)
        self.run_fails("a.txt", "-o", "-", "--format", "mp3", "--loudness", "-16", code=2, says="as it is said")
        self.run_fails("a.txt", "a.txt", "--join", "-o", "a.raw", code=2, says="raw")
        self.run_fails("a.txt", "--loudness", "-16", code=2, says="--loudness")

    def test_a_loudness_that_peaks_do_not_allow(self):
        self.write("a.txt", SHORT * 4)
        code, _, err = self.run_raw("a.txt", "-o", "a.wav", "--loudness", "-5", "--true-peak", "-12")
        self.assertEqual(code, 0)
        self.assertIn("its peaks allow no more", err)
        self.assertLessEqual(self.measured("a.wav")[1], -12)

    def test_silence_stays_silence(self):
        self.write("a.txt", SHORT)
        code, _, err = self.run_raw("a.txt", "-o", "a.mp3", "--volume", "0", "--master", "podcast")
        self.assertEqual(code, 0, err)
        self.assertIn("too little sound", err)

    def test_signals_while_it_masters_and_encodes(self):
        self.write("a.txt", SHORT * 2000)
        for delay in 0.3, 0.8, 1.5, 2.5:
            process = self.start("a.txt", "-o", "a.opus", "--voice", "null", "--master", "podcast")
            wait_for(lambda: process.poll() is not None, delay)
            process.terminate()
            _, err = process.communicate(timeout=60)
            self.assertEqual(err, b"")
            if process.returncode == 0: # it was done before
                (self.folder / "a.opus").unlink()
            else:
                self.assertEqual(process.returncode, -15)
            self.assertEqual(self.files(), ["a.txt", ARTICLE])


if __name__ == "__main__":
    unittest.main()
