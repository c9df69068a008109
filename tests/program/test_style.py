"""Habits of reading: locale, --style, --level, a lexicon, and narrate.conf."""
import unittest

from harness import ProgramTest


class Style(ProgramTest):
    def setUp(self):
        super().setUp()
        self.env = {"XDG_CONFIG_HOME": str(self.folder)}

    def say(self, line, *args):
        return self.run_ok("normalise", *args, stdin=line.encode() + b"\n", env=self.env).rstrip("\n")

    def settings(self, text):
        (self.folder / "narrate").mkdir(exist_ok=True)
        (self.folder / "narrate" / "narrate.conf").write_text(text)

    def test_the_locale_decides(self):
        self.assertEqual(self.say("On 03/04/2021", "--locale", "en-GB"), "On the third of April twenty twenty-one")
        self.assertEqual(self.say("On 03/04/2021", "--locale", "en-US"), "On March fourth twenty twenty-one")
        self.assertEqual(self.say("Am 3. Mai", "--locale", "de"), "Am dritten Mai")
        self.assertEqual(self.say("le 3 mai", "--locale", "fr"), "le trois mai")

    def test_without_a_locale_spelling_and_currency_decide(self):
        self.assertEqual(self.say("The center paid $5 on 03/04/2021"), "The center paid five dollars on March fourth twenty twenty-one")
        self.assertEqual(self.say("The centre paid £5 on 03/04/2021"),
                         "The centre paid five pounds on the third of April twenty twenty-one")

    def test_each_switch(self):
        for line, style, spoken in [
                ("in 2023", "years=thousand", "in two thousand and twenty-three"),
                ("101 boats", "and=no", "one hundred one boats"),
                ("0.5", "zero=oh", "oh point five"),
                ("0.5", "zero=zero", "zero point five"),
                ("at 20:16", "clock=12", "at eight sixteen P.M"),
                ("https://news.example/b-c/d?e=1", "url=host", "news dot example"),
                ("https://b.example/a", "url=full", "H.T.T.P.S colon slash slash B dot example slash eigh"),
                ("a ☃ b", "symbols=all", "a snowman b"),
                ("5 + 3", "symbols=none", "five three"),
                ("Yes, no!", "punctuation=all", "Yes comma no exclamation mark"),
                ("Yes, no!", "punctuation=some", "Yes, no exclamation mark"),
                ("in 2023, 101", "years=thousand,and=no", "in two thousand twenty-three, one hundred one"),
        ]:
            with self.subTest(style):
                self.assertEqual(self.say(line, "--locale", "en-GB", "--style", style), spoken)

    def test_verbatim_leaves_figures_and_abbreviations(self):
        self.assertEqual(self.say("Dr Ek paid £3.50 on 3 May.", "--level", "verbatim", "--style", "punctuation=all"),
                         "Dr Ek paid pound 3.50 on 3 May stop")
        self.assertEqual(self.say("about 2½ kg (1.5 m) for £9", "--level", "verbatim"), "about 2 and a half kg (1.5 m) for pound 9")

    def test_an_unknown_switch_is_told_what_there_is(self):
        self.run_fails("normalise", "--style", "years=many", says=["years=many", "years=twenty|thousand", "clock=24|12"])
        self.run_fails("normalise", "--level", "deep", code=2, says=["full or verbatim"])

    def test_settings_are_read_and_the_command_line_wins(self):
        self.settings("# mine\n\nstyle = years=thousand\nlexicon = words.tsv\nlocale=en-GB\n")
        (self.folder / "narrate" / "words.tsv").write_text("Bdx\tBordeaux\tword\n")
        self.assertEqual(self.say("Bdx in 2023"), "Bordeaux in two thousand and twenty-three")
        self.assertEqual(self.say("Bdx in 2023", "--style", "years=twenty"), "Bordeaux in twenty twenty-three")

    def test_wrong_settings_are_named_with_their_line(self):
        self.settings("rate = 1.2x\nspeed = 3\n")
        self.run_fails("normalise", says=["narrate.conf:2:", "voice, rate"], env=self.env)
        self.settings("rate\n")
        self.run_fails("normalise", says=["narrate.conf:1:", "voice = en-us"], env=self.env)
        self.assertIn("--style", self.run_ok("--help", env=self.env))


if __name__ == "__main__":
    unittest.main()
