"""The command line itself: help, version, wrong usage."""
import re
import unittest

from harness import SHORT, ProgramTest


class Usage(ProgramTest):
    def test_help_names_every_command(self):
        out = self.run_ok("--help")
        for command in "play save read spoken normalise segment voices devices".split():
            self.assertRegex(out, rf"(?m)^  {command}\b")

    def test_help_of_a_command_has_its_options_alone(self):
        out = self.run_ok("normalise", "--help")
        self.assertRegex(out, r"^narrate normalise - ")
        self.assertIn("--style", out)
        self.assertNotIn("--cover", out)
        self.assertEqual(self.run_ok("--help", "normalise"), out)
        self.assertIn("--cover", self.run_ok("a.txt", "--help"))

    def test_the_columns_of_the_help_stand_apart(self):
        for line in self.run_ok("--help").splitlines():
            if re.match(r"  \S|  {6}--", line):
                self.assertRegex(line[:32], r" $", line)

    def test_version(self):
        self.assertRegex(self.run_ok("--version"), r"^narrate \d+\.\d+\.\d+\n$")

    def test_nothing_given_prints_help_and_fails(self):
        code, out, _ = self.run_raw()
        self.assertEqual(code, 2)
        self.assertIn(b"narrate ARTICLE", out)

    def test_wrong_usage(self):
        self.write("a.txt", SHORT)
        for args, says in [
            (["--frobnicate", "a.txt"], "--frobnicate"),
            (["-x", "a.txt"], "'-x'"),
            (["a.txt", "-o"], "wants an argument"),
            (["a.txt", "b.txt", "-o", "x.wav"], "b.txt"),
            (["play"], "which article"),
            (["save", "a.txt"], "-o FILE"),
            (["a.txt", "--rate", "fast"], "180wpm"),
            (["a.txt", "--rate", "9000wpm"], "180wpm"),
            (["a.txt", "--jobs", "0"], "whole number"),
            (["a.txt", "--jobs", "1.5"], "whole number"),
            (["a.txt", "--pitch", "999"], "-100 to 100"),
            (["a.txt", "--include", "cats"], "captions"),
            (["a.txt", "--max-size", "many"], "20M"),
            (["a.txt", "--zero"], "means nothing"),
            (["voices", "a.txt"], "takes no article"),
            (["a.txt", "b.txt", "--marks", "m"], "one too many"),
            (["a.txt", "--speed", "9"], "0.5 to 4"),
            (["a.txt", "--until", "dawn"], "heading or article"),
            (["a.txt", "--sleep", "soon"], "20m"),
            (["a.txt", "-o", "x.wav", "--loop"], "means nothing"),
            (["pause", "a.txt"], "takes no article"),
            (["tell"], "tell it what"),
            (["a.txt", "-o", "x.wav", "--device", "y"], "exclude"),
        ]:
            with self.subTest(args=args):
                self.run_fails(*args, code=2, says=[says, "narrate --help"])

    def test_rates_are_understood(self):
        self.write("a.txt", SHORT)
        sizes = {}
        for rate in "0.5x", "1x", "2x", "350wpm", "350":
            name = f"{rate}.wav"
            self.run_ok("a.txt", "-o", name, "--rate", rate)
            sizes[rate] = len(self.samples(self.folder / name))
        self.assertEqual(sizes["2x"], sizes["350wpm"])
        self.assertEqual(sizes["350"], sizes["350wpm"])
        self.assertGreater(sizes["0.5x"], sizes["1x"] * 1.5)
        self.assertLess(sizes["2x"], sizes["1x"] / 1.5)


if __name__ == "__main__":
    unittest.main()
