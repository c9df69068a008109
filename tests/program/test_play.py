"""Playing through the real sound path, without sound hardware: ALSA writes what it is given to a file."""
import signal
import time
import unittest

from harness import ASSETS, SHORT, ProgramTest, wait_for

CONFIG = """</usr/share/alsa/alsa.conf>
pcm.!default {{ type plug slave {{ pcm "cap" format S16_LE rate 22050 channels 1 }} }}
pcm.cap {{ type file slave.pcm "null" file "{0}" format "raw" }}
"""


class Play(ProgramTest):
    def setUp(self):
        super().setUp()
        self.captured = self.folder / "captured.raw"
        config = self.write("asound.conf", CONFIG.format(self.captured))
        self.sound = {"ALSA_CONFIG_PATH": str(config), "PULSE_SERVER": "unix:/nowhere", "JACK_NO_START_SERVER": "1"}

    def test_what_is_played_is_what_is_saved(self):
        for article in sorted(ASSETS.glob("articles/*")):
            with self.subTest(article=article.name):
                out = self.run_ok(article, env=self.sound)
                self.run_ok(article, "-o", "a.raw", "--overwrite")
                saved = (self.folder / "a.raw").read_bytes()
                played = self.captured.read_bytes()
                self.assertEqual(played[:len(saved)], saved)
                self.assertEqual(played[len(saved):].strip(b"\0"), b"")
                self.assertGreater(len(out.splitlines()), 20)

    def test_each_sentence_is_printed_and_quiet_prints_none(self):
        self.write("a.txt", SHORT)
        self.assertEqual(self.run_ok("play", "a.txt", env=self.sound),
                         "The harbour was quiet.\nMr Lee paid £3.50 for his tea.\n")
        code, out, err = self.run_raw("a.txt", "--quiet", env=self.sound)
        self.assertEqual((code, out, err), (0, b"", ""))

    def test_marks_while_playing(self):
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", "--marks", "m.jsonl", env=self.sound)
        self.assertIn("harbour", (self.folder / "m.jsonl").read_text())

    def test_devices_are_listed_and_chosen_by_a_part_of_the_name(self):
        self.write("a.txt", SHORT)
        self.assertIn("default", self.run_ok("devices", env=self.sound))
        self.run_ok("a.txt", "--device", "efaul", env=self.sound)

    def test_no_such_device_names_those_there_are(self):
        self.write("a.txt", SHORT)
        self.run_fails("a.txt", "--device", "Gramophone", env=self.sound, says=["Gramophone", "default"])

    def test_interrupted_while_playing(self):
        self.write("a.txt", SHORT * 2000)
        process = self.start("a.txt", env=self.sound)
        self.assertTrue(wait_for(lambda: self.captured.exists() and self.captured.stat().st_size > 50_000))
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertLess(time.monotonic() - start, 10)


if __name__ == "__main__":
    unittest.main()
