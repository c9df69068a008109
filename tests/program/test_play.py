"""Playing through the real sound path, without sound hardware: ALSA writes what it is given to a file."""
import os
import signal
import subprocess
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

    def test_other_devices_are_opened_only_when_asked_for(self):
        other = self.folder / "other.raw"
        config = self.write("more.conf", CONFIG.format(self.captured) + f"""
pcm.other {{ type file slave.pcm "null" file "{other}" format "raw" }}
""")
        sound = {**self.sound, "ALSA_CONFIG_PATH": str(config)}
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", env=sound)
        self.assertFalse(other.exists())
        self.assertGreater(self.captured.stat().st_size, 50_000)
        self.captured.unlink()
        self.run_ok("a.txt", "--device", "other", env=sound)
        self.assertGreater(other.stat().st_size, 50_000)
        self.assertIn("other", self.run_ok("devices", env=sound))

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


class Paced(ProgramTest):
    """A PulseAudio of its own, on a socket in the test's folder."""

    def setUp(self):
        super().setUp()
        socket = self.folder / "pulse.sock"
        config = self.write("asound.conf", "</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\n")
        self.sound = {"ALSA_CONFIG_PATH": str(config), "PULSE_SERVER": f"unix:{socket}", "HOME": str(self.folder),
                      "XDG_RUNTIME_DIR": str(self.folder), "PULSE_RUNTIME_PATH": str(self.folder / "pulse"),
                      "JACK_NO_START_SERVER": "1"}
        (self.folder / "pulse").mkdir(mode=0o700)
        self.server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--system=no", "--disable-shm=yes",
             "-L", "module-null-sink sink_name=n rate=22050 channels=1 format=s16le",
             "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"],
            env=dict(os.environ, **self.sound), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(wait_for(socket.exists))

    def tearDown(self):
        self.server.terminate()
        self.server.wait()
        super().tearDown()

    def play_and_record(self):
        """(seconds that playing took, what was heard)"""
        capture = self.folder / "heard.raw"
        with open(capture, "wb") as out:
            recorder = subprocess.Popen(["parec", "-d", "n.monitor", "--raw", "--rate=22050", "--channels=1", "--format=s16le"],
                                        env=dict(os.environ, **self.sound), stdout=out, stderr=subprocess.DEVNULL)
        try:
            self.assertTrue(wait_for(lambda: capture.stat().st_size > 22050))
            start = time.monotonic()
            self.run_ok("a.txt", env=self.sound)
            took = time.monotonic() - start
            end = capture.stat().st_size + 44100  # what was on its way
            self.assertTrue(wait_for(lambda: capture.stat().st_size > end))
        finally:
            recorder.terminate()
            recorder.wait()
        return took, capture.read_bytes()

    def test_what_is_heard_is_what_is_saved(self):
        """Sample for sample, at the pace of the clock. A busy machine may starve a sound server: one run of a few must be whole."""
        self.write("a.txt", SHORT)
        self.run_ok("a.txt", "-o", "a.raw")
        saved = (self.folder / "a.raw").read_bytes()
        for _ in range(6):
            took, heard = self.play_and_record()
            self.assertGreater(took, len(saved) / 44100 * 0.9)
            if saved.strip(b"\0") in heard:
                return
        self.fail("in none of the runs all was heard")


if __name__ == "__main__":
    unittest.main()
