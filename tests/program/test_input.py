"""Input that is bad, huge or hostile: speech or a clear error, never anything else."""
import os
import struct
import unittest
import zlib

from harness import SHORT, ProgramTest


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"\0" + b"\x80" * 24) * 20) + chunk(b"IEND", b""))


class Unreadable(ProgramTest):
    def test_no_such_file(self):
        self.run_fails("missing.txt", "-o", "a.wav", says=["missing.txt", "No such file"])

    def test_a_directory(self):
        self.run_fails(".", "-o", "a.wav", says="directory")

    def test_nothing_in_it(self):
        for content in b"", b" \n\t\r\n  \xc2\xa0\n", b"\n" * 1_000_000, b"\xef\xbb\xbf":
            with self.subTest(content=content[:20]):
                path = self.write("a.txt", content)
                self.run_fails(path.name, "-o", "a.wav", says="a.txt")

    def test_binary(self):
        for name, content in ("a.txt", png()), ("b.txt", os.urandom(100_000)), ("c.html", png()), ("d", os.urandom(5000)):
            with self.subTest(name=name):
                self.write(name, content)
                self.run_fails(name, "-o", "a.wav", says=name)

    def test_too_large(self):
        self.write("a.txt", SHORT * 100)
        self.run_fails("a.txt", "-o", "a.wav", "--max-size", "1K", says=["a.txt", "1024", "--max-size"])
        self.run_fails("-", "-o", "a.wav", "--max-size", "1K", stdin=SHORT.encode() * 100, says=["1024", "--max-size"])

    def test_unknown_input_format(self):
        self.write("a.txt", SHORT)
        self.run_fails("a.txt", "-o", "a.wav", "--input-format", "runes", says=["runes", "html"])


class Encodings(ProgramTest):
    def spoken(self, content, name="a.txt"):
        self.write(name, content)
        return self.run_ok("spoken", name)

    def test_declared_or_detectable(self):
        text = "The café in Zürich served crème brûlée to Señor Muñoz. It was déjà vu all over again."
        expected = self.spoken(text)
        self.assertIn("café", expected)
        for encoding in "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252":
            with self.subTest(encoding=encoding):
                self.assertEqual(self.spoken(text.encode(encoding)), expected)

    def test_html_declares(self):
        page = '<html><head><meta charset="{0}"><title>T</title></head><body><p>{1}</p></body></html>'
        text = "Žluťoučký kůň is Czech for a rather yellow horse, and everyone in the village knows it very well."
        for charset in "iso-8859-2", "windows-1250", "utf-8":
            with self.subTest(charset=charset):
                self.assertIn("kůň", self.spoken(page.format(charset, text).encode(charset), "a.html"))

    def test_bad_bytes_are_replaced_and_reported(self):
        self.write("a.txt", "A good début".encode() * 30 + b" and \xff\xfe\xc3( bad bytes. " + "Encore, très bien.".encode())
        code, out, err = self.run_raw("spoken", "a.txt")
        self.assertEqual(code, 0, err)
        self.assertIn(b"bad bytes", out)

    def test_a_nul_inside(self):
        self.write("a.txt", b"Before it. Here\0there. After it.")
        out = self.run_ok("spoken", "a.txt")
        self.assertIn("After it", out)


class Hostile(ProgramTest):
    def test_a_line_of_10_megabytes(self):
        self.write("a.txt", b"word " * 2_000_000)
        self.run_ok("a.txt", "-o", "/dev/null", "--format", "raw", "--voice", "null", "--overwrite", timeout=250)

    def test_10_megabytes_without_a_space(self):
        self.write("a.txt", b"x" * 10_000_000)
        self.run_ok("a.txt", "-o", "/dev/null", "--format", "raw", "--voice", "null", "--overwrite", timeout=250)

    def test_deep_html(self):
        self.write("a.html", b"<div>" * 100_000 + b"<p>The bottom of the sea is far away, but here we are at last.</p>")
        self.assertIn("bottom of the sea", self.run_ok("spoken", "a.html"))

    def test_long_dotted_abbreviations_are_survived(self):
        for letters in 84, 85, 300:
            self.write("a.txt", "Start. " + "A.B.C.D.E." * (letters // 5) + " is long. The end.")
            self.run_ok("a.txt", "-o", "a.wav", "--overwrite", "--marks", "m.jsonl")
            self.assertIn('"value":"end', (self.folder / "m.jsonl").read_text().replace(" ", ""))

    def test_text_is_never_markup_or_phonemes(self):
        """The length of a pause or a phoneme would show: the words must be heard as the words are."""
        self.write("a.txt", "We saw <speak> and <break time='60s'/> in it, and [[h@'loU]] as well.")
        self.run_ok("a.txt", "-o", "a.wav")
        self.assertLess(len(self.samples(self.folder / "a.wav")) / 2 / 22050, 30)
        out = self.run_ok("spoken", "a.txt")
        self.assertIn("speak", out)
        self.assertNotIn("<", out)

    def test_strange_characters(self):
        strange = "Zero\u200bwidth, \u202ertl\u202c, \U0001f600 emoji, \U0001d54f maths, ———, ****, … and \ufdfd. Done."
        self.write("a.txt", strange)
        self.assertIn("Done", self.run_ok("spoken", "a.txt"))
        self.run_ok("a.txt", "-o", "a.wav")


if __name__ == "__main__":
    unittest.main()
