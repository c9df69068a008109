"""What happens to the processes: signals, killed workers, missing parts."""
import os
import pathlib
import signal
import time
import unittest

from harness import SHORT, ProgramTest, descendants, wait_for

LONG = (SHORT + " It rained on the WHO, and 51% of 1,250 people said so at 20:16. ") * 600


def voice_processes(pid):
    """(the server, its speaking children) below a narrate process."""
    below = descendants(pid)
    server = [p for p in below if any(c in below for c in descendants(p))] or below
    children = [p for p in below if p not in server]
    return server, children


class Faults(ProgramTest):
    def test_signals_leave_nothing(self):
        self.write("a.txt", LONG)
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            for delay in 0.0, 0.02, 0.2:
                with self.subTest(signal=number, delay=delay):
                    process = self.start("a.txt", "-o", "a.mp3", "--marks", "a.jsonl")
                    wait_for(lambda: descendants(process.pid) or process.poll() is not None)
                    time.sleep(delay)
                    below = descendants(process.pid)
                    process.send_signal(number)
                    _, err = process.communicate(timeout=30)
                    self.assertEqual(process.returncode, -number, err)
                    self.assertEqual(self.files(), ["a.txt"])
                    self.assertTrue(wait_for(lambda: not any(pathlib.Path(f"/proc/{p}").exists() for p in below)))

    def test_killed_workers_change_nothing(self):
        self.write("a.txt", LONG)
        self.run_ok("a.txt", "-o", "whole.wav")
        process = self.start("a.txt", "-o", "a.wav")
        killed = 0
        while process.poll() is None and killed < 5:
            children = voice_processes(process.pid)[1]
            if children:
                try:
                    os.kill(children[0], signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    pass
            time.sleep(0.03)
        _, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, err)
        self.assertGreater(killed, 0)
        self.assertEqual(self.samples(self.folder / "a.wav"), self.samples(self.folder / "whole.wav"))

    def test_a_killed_server_changes_nothing(self):
        self.write("a.txt", LONG)
        self.run_ok("a.txt", "-o", "whole.wav")
        process = self.start("a.txt", "-o", "a.wav")
        self.assertTrue(wait_for(lambda: voice_processes(process.pid)[1]))
        os.kill(voice_processes(process.pid)[0][0], signal.SIGKILL)
        _, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(self.samples(self.folder / "a.wav"), self.samples(self.folder / "whole.wav"))

    def test_killed_itself_takes_its_processes_along(self):
        self.write("a.txt", LONG)
        process = self.start("a.txt", "-o", "a.wav")
        self.assertTrue(wait_for(lambda: voice_processes(process.pid)[1]))
        below = descendants(process.pid)
        process.kill()
        process.communicate()
        self.assertTrue(wait_for(lambda: not any(alive(p) for p in below)))

    def test_no_such_voice(self):
        self.write("a.txt", SHORT)
        err = self.run_fails("a.txt", "-o", "a.wav", "--voice", "en-uss", says=["en-uss", "en-us", "narrate voices"])
        self.assertEqual(len(err.splitlines()), 1)

    def test_missing_espeak_data(self):
        self.write("a.txt", SHORT)
        (self.folder / "empty").mkdir()
        self.run_fails("a.txt", "-o", "a.wav", env={"ESPEAK_DATA_PATH": str(self.folder / "empty")}, says="eSpeak NG")

    def test_missing_voice_program(self):
        self.write("a.txt", SHORT)
        self.run_fails("a.txt", "-o", "a.wav", env={"NARRATE_VOICE_PROGRAM": "/nowhere/at-all"}, says="/nowhere/at-all")

    def test_no_sound_device(self):
        self.write("a.txt", SHORT)
        config = self.write("asound.conf", "pcm.!default { type none }\n")
        self.run_fails("a.txt", env={"ALSA_CONFIG_PATH": str(config), "PULSE_SERVER": "unix:/nowhere"}, says="-o ")

    def test_no_such_device(self):
        self.write("a.txt", SHORT)
        self.run_fails("a.txt", "--device", "Gramophone", says=["Gramophone"])

    def test_every_voice_is_listed_with_a_name_that_works(self):
        self.write("a.txt", SHORT)
        names = [line.split()[0] for line in self.run_ok("voices").splitlines()]
        self.assertGreater(len(names), 20)
        for name in "null", *[n for n in names if n.endswith((":de", ":en-us", ":fr"))]:
            self.run_ok("a.txt", "-o", "a.wav", "--overwrite", "--voice", name)


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
