"""What goes wrong while files are made: every format and every kind of output, by one table."""
import os
import signal
import subprocess
import time
import unittest

import files
from harness import NARRATE, SHORT, ProgramTest, descendants, wait_for

BASE = ("--base-url", "https://example.org/pod")
# What is made, and what makes it of an article; the output's name comes last.
SOUNDS = {ending: ("save", f"x.{ending}") for ending in "wav flac ogg opus mp3 m4a m4b".split()}
OUTPUTS = {**SOUNDS, "epub": ("epub", "x.epub"), "page": ("page", "out"), "feed": ("feed", "pod")}


class PublishFaults(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("a.txt", SHORT)
        self.write("long.txt", SHORT * 40)
        self.write("cover.png", files.png(8, 8))

    def command(self, kind, article, output=None, *more):
        command, name = OUTPUTS[kind]
        return (command, article, "-q", "--voice", "null", *(BASE if command == "feed" else ()),
                *(("--captions", "vtt") if command == "save" else ()), *more, "-o", output or name)

    def on_disk(self, prepare, article="long.txt"):
        """Makes each kind in a file system of the test's own: what was said, by kind. Nothing may be left."""
        (self.folder / "disk").mkdir(exist_ok=True)
        script = "mount -t tmpfs -o size=100k none disk\n" + prepare + "\n"
        for kind in OUTPUTS:
            words = " ".join(f"'{w}'" for w in self.command(kind, article, f"disk/{OUTPUTS[kind][1]}"))
            script += f'said=$("$1" {words} 2>&1); echo "{kind}|$?|$(find disk -type f | tr "\\n" " ")|$said"\n'
            script += "rm -rf disk/out disk/pod\n"
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", NARRATE], cwd=self.folder,
                              capture_output=True, text=True, check=True)
        rows = [line.split("|", 3) for line in done.stdout.splitlines() if "|" in line]
        self.assertEqual([row[0] for row in rows], list(OUTPUTS), done.stdout + done.stderr)
        for kind, code, left, said in rows:
            with self.subTest(kind=kind):
                self.assertEqual((code, left), ("1", ""), said)
                self.assertTrue(said.startswith("narrate: "), said)
                yield kind, said

    def test_a_disk_that_fills(self):
        for kind, said in self.on_disk(""):
            self.assertIn("no space left", said.lower())

    def test_a_folder_that_cannot_be_written(self):
        for kind, said in self.on_disk("mount -o remount,ro disk"):
            self.assertIn("read-only", said.lower())
            self.assertIn("disk", said)

    def test_full_captions_leave_no_sound(self):
        """The disk has room for the sound, and not for what belongs to it."""
        self.write("words.txt", "I am. " * 900)
        (self.folder / "disk").mkdir()
        script = """mount -t tmpfs -o size=8k none disk
"$1" a.txt -o x.opus --captions disk/x.vtt && "$1" words.txt --voice null -o y.opus --captions disk/y.vtt
echo "exit $?" $(ls disk) $(ls *.opus)"""
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", NARRATE], cwd=self.folder,
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "exit 1 x.vtt x.opus\n", done.stderr)
        self.assertIn("no space left", done.stderr)

    def test_a_sound_is_never_without_its_marks(self):
        """Sounds that are written as they are said, killed at moments from the first to the last."""
        self.write("some.txt", SHORT * 60)
        together = {"wav": ["--marks", "x.jsonl"], "flac": ["--marks", "x.jsonl"], "raw": ["--marks", "x.jsonl", "--captions", "x.vtt"]}
        for ending, asked in together.items():
            with self.subTest(ending=ending):
                names = [f"x.{ending}", *(name for name in asked if name.startswith("x."))]
                command = ("some.txt", "--voice", "null", *asked, "-o", names[0], "-q")
                for name in self.folder.glob("x.*"):
                    name.unlink()
                begun = time.monotonic()
                self.run_ok(*command)
                whole = time.monotonic() - begun
                made = {name: (self.folder / name).read_bytes() for name in names}
                placed = [(self.folder / name).stat().st_ctime_ns for name in names]
                self.assertGreaterEqual(placed[0], placed[1])
                killed = 0
                for i in range(16):
                    for name in names:
                        (self.folder / name).unlink(missing_ok=True)
                    process = self.start(*command)
                    wait_for(lambda: process.poll() is not None, whole * (0.1 + i / 14))
                    process.kill()
                    killed += process.wait() == -signal.SIGKILL
                    process.communicate()
                    if (self.folder / names[0]).exists():
                        for name in names[:2]:
                            self.assertEqual((self.folder / name).read_bytes(), made[name])
                self.assertGreater(killed, 0)

    def test_what_cannot_be_written_beside_leaves_no_sound(self):
        """A sound as it is said, whose captions cannot be in the end."""
        self.write("words.txt", "I am. " * 900)
        (self.folder / "disk").mkdir()
        script = """mount -t tmpfs -o size=8k none disk
"$1" words.txt --voice null -o y.raw --captions disk/y.vtt || echo "exit $?" $(ls disk) $(ls *.raw)
"$1" words.txt --voice null -o y.wav --marks disk/y.jsonl || echo "exit $?" $(ls disk) $(ls *.wav)"""
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", NARRATE], cwd=self.folder,
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "exit 1\n" * 2, done.stderr)
        self.assertIn("no space left", done.stderr.lower())

    def test_what_exists_is_kept(self):
        for kind, (_, name) in OUTPUTS.items():
            with self.subTest(kind=kind):
                self.write(name, "precious")
                self.run_fails(*self.command(kind, "a.txt"), says=name)
                self.assertEqual((self.folder / name).read_text(), "precious")
        for kind in SOUNDS:
            with self.subTest(captions_of=kind):
                (self.folder / f"x.{kind}").unlink()
                self.write("x.vtt", "precious")
                self.run_fails(*self.command(kind, "a.txt"), says=["x.vtt", "--overwrite"])
                self.assertEqual((self.folder / "x.vtt").read_text(), "precious")

    def bytes_of(self, *names):
        """What is in the folders and files of these names, hidden ones too."""
        found = [p for name in names for p in ([self.folder / name, *(self.folder / name).rglob("*")])]
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in found if p.is_file()}

    def overwriting(self, kind):
        """The option, where the command has it: a podcast keeps and adds, a folder of pages knows its own files."""
        return () if kind == "feed" else ("--overwrite",)

    def test_overwrite_replaces_the_whole(self):
        """What replaces something is what would have been made without it."""
        self.write("b.txt", SHORT * 3)
        for kind, (_, name) in OUTPUTS.items():
            if kind == "feed":
                continue
            with self.subTest(kind=kind):
                old, fresh = [f"{kind}-{i}-{name}" for i in (1, 2)]
                self.run_ok(*self.command(kind, "b.txt", fresh))
                for article in "long.txt", "b.txt":  # longer, then shorter
                    self.run_ok(*self.command(kind, article, old, "--overwrite"))
                made = {k.replace(fresh.rsplit(".", 1)[0], ""): v for k, v in self.bytes_of(fresh, f"{kind}-2-x.vtt").items()}
                got = {k.replace(old.rsplit(".", 1)[0], ""): v for k, v in self.bytes_of(old, f"{kind}-1-x.vtt").items()}
                self.assertEqual(got.keys(), made.keys())
                for part in made:
                    self.assertTrue(got[part] == made[part], part)

    def test_what_fails_to_replace_leaves_the_old(self):
        """Nothing to say, a cover that is none, an interrupt: the old files stand as they were, and nothing else."""
        self.write("book.txt", (SHORT + "\n\n") * 4000)
        self.write("signs.txt", "* * *\n\n---\n")
        for kind, (_, name) in OUTPUTS.items():
            self.run_ok(*self.command(kind, "a.txt", f"{kind}-{name}"))
        before, all_files = self.bytes_of("."), self.files()
        for kind, (_, name) in OUTPUTS.items():
            output = f"{kind}-{name}"
            with self.subTest(kind=kind, why="nothing to say"):
                code, _, err = self.run_raw(*self.command(kind, "signs.txt", output, *self.overwriting(kind)))
                self.assertEqual(code, 1, err)
                self.assertTrue(self.bytes_of(".") == before)
            if kind != "page":
                with self.subTest(kind=kind, why="no cover"):
                    self.run_fails(*self.command(kind, "long.txt", output, "--cover", "a.txt", *self.overwriting(kind)), says="a.txt")
                    self.assertTrue(self.bytes_of(".") == before)
            with self.subTest(kind=kind, why="interrupt"):
                process = self.start(*self.command(kind, "book.txt", output, *self.overwriting(kind)))
                wait_for(lambda: process.poll() is not None, 0.5)
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, -signal.SIGINT, err)
                self.assertTrue(self.bytes_of(".") == before)
                self.assertEqual(self.files(), all_files)

    def test_a_disk_that_fills_while_the_old_stands(self):
        self.write("book.txt", (SHORT + "\n\n") * 400)
        (self.folder / "disk").mkdir()
        script = ""
        for kind, (_, name) in OUTPUTS.items():
            first, second = [" ".join(f"'{w}'" for w in self.command(kind, article, f"disk/{name}", *more))
                             for article, more in (("a.txt", ()), ("book.txt", self.overwriting(kind)))]
            script += f"""mount -t tmpfs -o size=1500k none disk
"$1" {first} && old=$(find disk -type f -exec md5sum {{}} + | sort) && said=$("$1" {second} 2>&1)
echo "{kind}|$?|$(test "$old" = "$(find disk -type f -exec md5sum {{}} + | sort)" && echo same)|$said" | tail -n 1
umount disk
"""
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", NARRATE], cwd=self.folder,
                              capture_output=True, text=True, check=True)
        rows = [line.split("|", 3) for line in done.stdout.splitlines()]
        self.assertEqual([row[0] for row in rows], list(OUTPUTS), done.stdout + done.stderr)
        for kind, code, same, said in rows:
            with self.subTest(kind=kind):
                self.assertEqual((code, same), ("1", "same"), said)
                self.assertIn("no space left", said.lower())

    def test_names(self):
        for kind, (_, name) in OUTPUTS.items():
            with self.subTest(kind=kind):
                self.run_fails(*self.command(kind, "a.txt", "n" * 300 + name), says="ame too long")
                odd = f"two\nlines; 'and' \"more\" é {kind} {name}"
                self.run_ok(*self.command(kind, "a.txt", odd))
                self.assertTrue((self.folder / odd).exists())

    def test_names_do_nothing_to_a_terminal(self):
        self.run_fails("none\n\033[31m\u009b.txt", "-o", "x.wav", says="'none??[31m??.txt'")
        (self.folder / "in").mkdir()
        self.write("in/two\nlines\033[2J.txt", SHORT)
        code, _, err = self.run_raw("batch", "in", "-o", "talks", "--voice", "null", "--format", "wav")
        self.assertEqual((code, len(err.splitlines())), (0, 2), err)
        self.assertIn("wrote 'talks/two?lines?[2J.wav'", err)
        self.assertTrue((self.folder / "talks/two\nlines\033[2J.wav").exists())

    def test_covers_and_jingles_that_are_none(self):
        self.write("words.png", "These are words.")
        self.write("cut.png", files.png(8, 8)[:60])
        self.write("words.wav", "These are words.")
        for kind in OUTPUTS:
            if kind == "page":
                continue  # it takes neither
            with self.subTest(kind=kind):
                for name in "words.png", "cut.png", "none.png":
                    self.run_fails(*self.command(kind, "a.txt", None, "--cover", name), says=name)
                for option, name in ("--intro", "words.wav"), ("--outro", "none.wav"):
                    self.run_fails(*self.command(kind, "a.txt", None, option, name), says=name)

    def test_options_that_are_no_text(self):
        """The same error whatever is made, and nothing is made; the same text with its bytes right is taken."""
        options = {"save": ("title", "author", "album", "date", "publisher", "comment"), "page": (),
                   "feed": ("show", "show-author", "about", "category", "email")}
        for kind, (command, _) in OUTPUTS.items():
            for option in (*options["save" if command == "epub" else command], "voice"):
                with self.subTest(kind=kind, option=option):
                    self.run_fails(*self.command(kind, "a.txt", None, f"--{option}", b"Caf\xe9 @"), code=2,
                                   says=[f"--{option} ", "UTF-8"])
            if kind != "page":
                self.run_ok(*self.command(kind, "a.txt", f"{kind} {OUTPUTS[kind][1]}", "--title", "Caf\u00e9".encode()))

    def test_articles_without_words(self):
        self.write("empty.txt", "")
        self.write("signs.txt", "* * *\n\n---\n")
        for kind in OUTPUTS:
            for name in "empty.txt", "signs.txt":
                with self.subTest(kind=kind, name=name):
                    code, _, err = self.run_raw(*self.command(kind, name))
                    self.assertEqual(code, 1, err)
                    self.assertIn(name, err)
                    self.assertTrue(all(line.startswith("narrate: ") for line in err.splitlines()), err)

    def test_stopped_while_it_is_made(self):
        self.write("book.txt", (SHORT + "\n\n") * 4000)
        before = self.files()
        for i, kind in enumerate(OUTPUTS):
            number, delay = (signal.SIGTERM, 0.3) if i % 2 else (signal.SIGINT, 0.7)
            with self.subTest(kind=kind, signal=number):
                process = self.start(*self.command(kind, "book.txt"))
                wait_for(lambda: process.poll() is not None, delay)
                below = descendants(process.pid)
                process.send_signal(number)
                _, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, -number, err)
                self.assertEqual(self.files(), before)
                self.assertTrue(wait_for(lambda: not any(os.path.exists(f"/proc/{p}") for p in below)))


if __name__ == "__main__":
    unittest.main()
