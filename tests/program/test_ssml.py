"""SSML out and in, as a person uses it."""
import time
import unittest
import xml.etree.ElementTree as tree

from harness import ASSETS, ProgramTest

NS = "{http://www.w3.org/2001/10/synthesis}"
SPEAK = '<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-GB">%s</speak>'


class Ssml(ProgramTest):
    def test_an_article_as_ssml(self):
        for name in ("harbour.txt", "moths.html", "tea.md"):
            root = tree.fromstring(self.run_ok("ssml", ASSETS / "articles" / name))
            self.assertEqual(root.tag, NS + "speak")
            self.assertEqual(root.get("version"), "1.1")
            text = self.run_ok("read", "--json", ASSETS / "articles" / name)
            self.assertGreater(len(root.findall(NS + "p")), 10)
            for mark in root.iter(NS + "mark"):
                start, end = map(int, mark.get("name").split("-"))
                self.assertLess(start, end)
                self.assertLess(end, len(text))

    def test_quotations_in_a_voice(self):
        text = self.write("a.txt", "The mayor spoke. “We knew nothing about the goat,” she said.\n")
        root = tree.fromstring(self.run_ok("ssml", text, "--quote-voice", "en+f3"))
        self.assertEqual([v.get("name") for v in root.iter(NS + "voice")], ["en+f3"])

    def test_ssml_is_read(self):
        path = self.write("a.ssml", SPEAK % "<p>It is <emphasis>here</emphasis>.<break time='2s'/></p><p>And gone.</p>")
        self.assertEqual(self.run_ok("spoken", path), "It is here.\nAnd gone.\n")
        self.assertEqual(self.run_ok("spoken", "-", stdin=path.read_bytes()), "It is here.\nAnd gone.\n")

    def test_what_is_not_honoured_is_told(self):
        path = self.write("a.ssml", SPEAK % "<p>It is <audio src='a.wav'>a sound</audio>.</p>")
        code, out, err = self.run_raw("spoken", path)
        self.assertEqual((code, out), (0, b"It is a sound.\n"))
        self.assertIn("audio 'a.wav'", err)

    def test_nothing_is_fetched_or_expanded(self):
        secret = self.write("secret.txt", "the secret")
        laughs = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
        path = self.write("a.ssml", f'<!DOCTYPE speak SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY e0 "ha">{laughs}'
                                    f'<!ENTITY s SYSTEM "file://{secret}">]>' + SPEAK % "<p>Only this. &e11; &s;</p>")
        start = time.monotonic()
        code, out, _ = self.run_raw("spoken", path)
        self.assertLess(time.monotonic() - start, 10)
        self.assertIn(code, (0, 1))
        self.assertNotIn(b"secret", out)
        self.assertNotIn(b"ha ha", out)

    def test_broken_ssml(self):
        self.run_fails("spoken", self.write("a.ssml", SPEAK % "<p>Not closed."), says=["a.ssml", "line"])
        self.run_fails("spoken", self.write("b.ssml", SPEAK % ("<p>" * 100000)), says=["b.ssml"])


if __name__ == "__main__":
    unittest.main()
