"""Articles into files: formats, marks, determinism, what is left when it fails."""
import json
import os
import resource
import struct
import subprocess
import unittest

from harness import ASSETS, NARRATE, SHORT, ProgramTest

MAGIC = {"wav": b"RIFF", "flac": b"fLaC", "ogg": b"OggS", "opus": b"OggS"}


class Files(ProgramTest):
    def test_every_format_by_ending(self):
        self.write("a.txt", SHORT)
        for ending in "wav flac ogg opus mp3 raw".split():
            with self.subTest(ending=ending):
                self.run_ok("a.txt", "-o", f"a.{ending}")
                content = (self.folder / f"a.{ending}").read_bytes()
                self.assertGreater(len(content), 5000)
                self.assertTrue(content.startswith(MAGIC.get(ending, b"")))
        self.assertEqual(len(self.files()), 7)

    def test_a_wav_is_plain_pcm(self):
        """Not WAVE_FORMAT_EXTENSIBLE, which older programs do not read."""
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", "-o", "a.wav")
        content = (self.folder / "a.wav").read_bytes()
        fmt = content.index(b"fmt ")
        self.assertEqual(struct.unpack("<IHHI", content[fmt + 4:fmt + 16]), (16, 1, 1, 22050))

    def test_format_overrides_ending(self):
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", "-o", "a.wav", "--format", "flac")
        self.assertTrue((self.folder / "a.wav").read_bytes().startswith(b"fLaC"))

    def test_existing_file_is_refused_and_kept(self):
        self.write("a.txt", SHORT)
        self.write("a.wav", "precious")
        self.run_fails("a.txt", "-o", "a.wav", says=["a.wav", "--overwrite"])
        self.assertEqual((self.folder / "a.wav").read_text(), "precious")
        self.run_ok("a.txt", "-o", "a.wav", "--overwrite")
        self.assertGreater(len(self.samples(self.folder / "a.wav")), 1000)

    def test_standard_output_streams_every_format(self):
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", "-o", "a.raw")
        raw = (self.folder / "a.raw").read_bytes()
        code, out, err = self.run_raw("a.txt", "-o", "-", "--format", "wav")
        self.assertEqual(code, 0, err)
        self.assertTrue(out.startswith(b"RIFF"))
        self.assertTrue(out.endswith(raw))
        for name in "flac ogg opus mp3".split():
            code, out, err = self.run_raw("a.txt", "-o", "-", "--format", name)
            self.assertEqual(code, 0, err)
            self.assertGreater(len(out), 5000)

    def test_standard_output_wants_a_format(self):
        self.write("a.txt", SHORT)
        self.run_fails("a.txt", "-o", "-", says="--format")

    def test_article_from_standard_input(self):
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", "-o", "a.wav")
        self.run_ok("-", "-o", "b.wav", stdin=SHORT.encode())
        self.assertEqual(self.samples(self.folder / "a.wav"), self.samples(self.folder / "b.wav"))

    def test_same_samples_for_any_jobs_and_same_bytes_each_time(self):
        article = next(ASSETS.glob("articles/*.html"))
        files = []
        for jobs, name in (1, "1.flac"), (2, "2.flac"), (4, "4.flac"), (4, "again.flac"):
            self.run_ok(article, "-o", name, "--jobs", jobs)
            files.append((self.folder / name).read_bytes())
        self.assertEqual(len(set(files)), 1)

    def test_marks_tell_where_each_word_is(self):
        for article in sorted(ASSETS.glob("articles/*")):
            with self.subTest(article=article.name):
                self.run_ok(article, "-o", "a.wav", "--marks", "a.jsonl", "--overwrite")
                text = json.loads(self.run_ok("read", "--json", article))["text"].encode()
                frames = len(self.samples(self.folder / "a.wav")) // 2
                marks = [json.loads(line) for line in (self.folder / "a.jsonl").read_text().splitlines()]
                self.assertGreater(sum(m["type"] == "word" for m in marks), 300)
                self.assertGreater(sum(m["type"] == "sentence" for m in marks), 20)
                last = 0
                for mark in marks:
                    self.assertLessEqual(last, mark["frame"])
                    last = mark["frame"]
                    self.assertLess(mark["frame"], frames)
                    self.assertAlmostEqual(mark["time"], mark["frame"] / 22.05, delta=1)
                    self.assertEqual(text[mark["start"]:mark["end"]].decode(), mark["value"])

    def test_start_from_text_and_percentage(self):
        self.write("a.txt", "One thing happened first.\n\nThen a goose came by. It left at noon.\n")
        self.assertEqual(self.run_ok("spoken", "a.txt", "--from", "A  GOOSE").splitlines()[0], "Then a goose came by.")
        self.assertNotIn("One thing", self.run_ok("spoken", "a.txt", "--from", "60%"))
        self.run_fails("a.txt", "-o", "a.wav", "--from", "ostrich", says=["ostrich", "narrate read"])
        self.run_fails("a.txt", "-o", "a.wav", "--from", "400%", says="100%")

    def test_unknown_endings_and_formats(self):
        self.write("a.txt", SHORT)
        self.run_fails("a.txt", "-o", "a.xyz", says=["a.xyz", "flac"])
        self.run_fails("a.txt", "-o", "a.wav", "--format", "xyz", says=["xyz", "flac"])

    def test_targets_that_cannot_be_written(self):
        self.write("a.txt", SHORT)
        self.run_fails("a.txt", "-o", "missing/a.wav", says=["missing", "directory"])
        self.run_fails("a.txt", "-o", "/proc/a.wav", says="/proc/a.wav")
        os.mkdir(self.folder / "d.wav")
        self.run_fails("a.txt", "-o", "d.wav", "--overwrite", says="d.wav")

    def test_full_disk(self):
        self.write("a.txt", SHORT * 40)
        for name in "wav flac ogg opus mp3 raw".split():
            with self.subTest(format=name):
                self.run_fails("a.txt", "-o", "/dev/full", "--format", name, "--overwrite", says="no space left")
        full = open("/dev/full", "wb")
        self.run_fails("a.txt", "-o", "-", "--format", "wav", stdout=full, says="no space left")

    def test_a_small_disk_fills_in_the_middle(self):
        """A file system of 300 kB of the test's own, in a name space of its own."""
        self.write("a.txt", SHORT * 40)
        (self.folder / "disk").mkdir()
        script = """mount -t tmpfs -o size=300k none disk
for name in a.wav a.flac a.raw; do
    "$1" a.txt -o "disk/$name"
    echo "exit $?, left: $(ls -A disk)"
done"""
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", NARRATE], cwd=self.folder,
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "exit 1, left: \n" * 3, done.stderr)
        self.assertEqual(done.stderr.count("no space left on device"), 3)

    def test_files_may_not_grow_so_large(self):
        self.write("a.txt", SHORT * 40)

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

        for name in "a.wav", "a.flac":
            with self.subTest(name=name):
                self.run_fails("a.txt", "-o", name, preexec_fn=limit, says=name)

    def test_closed_pipe(self):
        self.write("a.txt", SHORT * 40)
        process = self.start("a.txt", "-o", "-", "--format", "wav")
        process.stdout.read(100)
        process.stdout.close()
        err = process.stderr.read().decode()
        process.stderr.close()
        self.assertEqual(process.wait(60), 1)
        self.assertIn("standard output", err)

    def test_text_output_to_a_full_disk(self):
        self.write("a.txt", SHORT)
        for command in "read", "spoken":
            with open("/dev/full", "wb") as full:
                self.run_fails(command, "a.txt", stdout=full, says="standard output")


if __name__ == "__main__":
    unittest.main()
