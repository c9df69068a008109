"""Listening live without a terminal: steering from outside, resume, queues, a device that is lost."""
import json
import os
import signal
import socket
import subprocess
import unittest

from harness import wait_for
from listening import Listening, place


class Player(Listening):
    def test_steered_from_outside(self):
        process = self.play(self.article, "--no-resume")
        self.run_ok("pause")
        paused = self.await_status(lambda s: s["state"] == "paused")
        self.run_ok("tell", "find", "one", "to", "find")
        self.assertEqual(self.status()["at"], place("one to find"))
        self.assertGreater(self.status()["seconds"], paused["seconds"])
        self.run_ok("tell", "heading", "1")
        self.assertGreater(self.status()["at"], place("one to find"))
        self.run_ok("toggle")
        self.await_status(lambda s: s["state"] == "playing" and s["started"] and s["at"] >= place("Another heading"))
        self.run_ok("tell", "speed", "1.5")
        self.run_ok("tell", "volume", "50")
        status = self.status()
        self.assertEqual((status["speed"], status["volume"]), (1.5, 50))
        code, _, err = self.run_raw("tell", "speed", "9")
        self.assertEqual(code, 1)
        self.assertIn("0.5 to 4", err)
        self.assertIn("word", self.run_ok("tell", "why"))
        self.run_ok("tell", "quit")
        self.assertTrue(wait_for(lambda: process.poll() == 0, 60))
        code, _, err = self.run_raw("status")
        self.assertEqual((code, err), (1, "narrate: no narrate is playing\n"))

    def test_every_other_command(self):
        process = self.play(self.article, "--no-resume", "--voice", "null")
        self.run_ok("pause")
        for command, words in (("goto 0", "The long way"), ("word 2", "way"), ("word -1", "long way"), ("sentence 1", "First paragraph"),
                               ("paragraph 1", "Another heading"), ("paragraph -1", "First paragraph"), ("heading -1", "The long way"),
                               ("find the", "the one to find"), ("again", "ther heading"), (f"at {place('nobody')}", "nobody hears"),
                               ("goto nobody hears", "nobody hears")):
            self.run_ok("tell", *command.split())
            self.assertEqual(self.status()["at"], place(words), command)
        self.assertEqual(self.run_ok("tell", "bookmark"), "bookmark 1\n")
        self.assertIn(f"{place('nobody')}\t", self.run_ok("tell", "bookmarks"))
        before = self.status()["seconds"]
        self.run_ok("tell", "seek", "-4")
        self.assertLess(abs(before - 4 - self.status()["seconds"]), 1)
        self.run_ok("tell", "goto", "0:05")
        self.assertLess(abs(5 - self.status()["seconds"]), 1)
        for command, answer in (("speed +", "speed 1.1"), ("speed -", "speed 1.0"), ("speed 2x", "speed 2.0"), ("volume +5", "volume 105%"),
                                ("volume -15", "volume 90%"), ("sleep 20m", "sleeping in 1200 s"), ("sleep never", ""), ("loop yes", ""),
                                ("loop no", ""), ("until heading", ""), ("until never", "")):
            self.assertEqual(self.run_ok("tell", *command.split()).strip(), answer, command)
        for command, says in (("sentence x", "a number of steps"), ("seek", "an argument"), ("pause now", "no argument"),
                              ("goto no such words", "does not hold"), ("at 99999", "0 to"), ("find no such words", "does not hold"),
                              ("speed fast", "0.5 to 4"), ("volume loud", "0 to 200"), ("voice nobody", "there is no voice"),
                              ("sleep soon", "20m"), ("until dawn", "heading"), ("loop maybe", "yes or no"), ("previous", "first article"),
                              ("sing", "there is no command"), ("save none/x.wav", "none")):
            code, _, err = self.run_raw("tell", *command.split())
            self.assertEqual((code, says in err), (1, True), (command, err))
        self.run_ok("tell", "save", "rest.wav")
        self.assertTrue(wait_for((self.folder / "rest.wav").exists, 60))
        self.run_ok("tell", "until", "heading")
        self.run_ok("tell", "goto", "one to find")
        self.run_ok("toggle")
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertNotIn(b"Another heading\n", process.stdout.read().split(b"which is the one")[-1])

    def test_finding_as_one_types(self):
        text = "Das \u00d6l war teuer.\n\n\u201eKein \u00c4rger\u201c, sagt\u2019s\u00a0er \u2013 dann Ruhe.\n"
        self.play(self.write("a.txt", text), "--no-resume", "--voice", "null")
        self.run_ok("pause")
        for typed, words in ("\u00e4rger", "\u00c4rger"), ("sagt's er - dann", "sagt\u2019s"), ("\u00d6L  WAR", "\u00d6l war"):
            self.run_ok("tell", "find", *typed.split(" "))
            at = self.status()["at"]
            self.assertTrue(text.encode()[at:].decode().startswith(words), (typed, at))

    def test_only_sockets_of_dead_players_are_removed(self):
        dead = subprocess.Popen(["true"])
        dead.wait()
        folder = self.state / "narrate"
        folder.mkdir(mode=0o700)
        for pid in dead.pid, os.getpid():
            with socket.socket(socket.AF_UNIX) as s:  # bound, and not listening yet
                s.bind(str(folder / f"{pid}.sock"))
        self.assertEqual(self.run_raw("status")[::2], (1, "narrate: no narrate is playing\n"))
        self.assertEqual([p.name for p in folder.iterdir()], [f"{os.getpid()}.sock"])

    def test_start_at(self):
        for place_, first in ("which is the one", b"Second sentence"), ("0:00", b"The long way"), ("60%", b"Under the heading"):
            process = self.play(self.article, "--no-resume", "--start-at", place_, "--voice", "null")
            self.assertEqual(process.stdout.readline()[:len(first)], first)
            self.run_ok("tell", "quit")
            process.wait(timeout=60)
        self.run_fails(self.article, "--start-at", "no such words", env=self.sound, says="no such words")

    def test_a_control_socket_takes_no_file_away(self):
        mine, other = self.write("mine", "kept"), self.write("talk.new", "kept too")
        process = self.play(self.article, "--no-resume", "--voice", "null", "--control", mine)
        self.assertEqual(self.run_raw("status", "--control", mine)[0], 1)
        self.run_ok("tell", "quit")
        self.assertIn(b"cannot be steered from", process.communicate(timeout=60)[1])
        for name in "talk", "other":
            process = self.play(self.article, "--no-resume", "--voice", "null", "--control", name)
            self.assertEqual(self.run_raw("status", "--control", name)[0], 0)
            self.run_ok("--control", name, "tell", "quit")
            self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual((mine.read_text(), other.read_text()), ("kept", "kept too"))
        self.assertEqual(self.files(), ["article.md", "asound.conf", "mine", "talk.new"])

    def test_fifo(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        self.play(self.article, "--no-resume", "--control", fifo)
        with open(fifo, "w") as f:
            f.write("pause\nspeed 2\n")
        self.await_status(lambda s: s["state"] == "paused" and s["speed"] == 2)

    def test_killed_it_goes_on_where_it_was(self):
        process = self.play(self.article)
        self.run_ok("tell", "find", "Under the heading")
        self.run_ok("tell", "speed", "1.2")
        self.await_status(lambda s: s["started"] and s["at"] > place("Under"))
        self.run_ok("pause")
        at = self.status()["at"]
        process.kill()
        process.wait()
        moved = self.folder / "moved.md"
        self.article.rename(moved)
        self.assertIn("The long way", self.run_ok("--resume"))
        self.play(moved, "--resume")
        status = self.status()
        self.assertGreaterEqual(status["at"], at - 60, "at most the five seconds since it was kept")
        self.assertLess(status["at"], at + 60)
        self.assertEqual(status["speed"], 1.2)

    def test_the_place_is_kept_while_it_plays(self):
        process = self.play(self.article)
        self.run_ok("tell", "find", "Under the heading")
        folder = self.state / "narrate"
        at = place("Under the heading")
        self.assertTrue(wait_for(lambda: any(json.loads(p.read_text())["at"] > at for p in folder.glob("*.json")), 60))
        process.kill()
        process.wait()
        self.assertEqual(len(list(folder.glob("*.json"))), 1)

    def test_a_queue(self):
        second = self.write("second.md", "# Second one\n\nIts text.\n")
        process = self.play(self.article, second, "--no-resume")
        self.run_ok("next")
        self.await_status(lambda s: s["number"] == 2 and s["title"] == "Second one")
        self.assertEqual(self.run_raw("next")[0], 1)
        self.run_ok("previous")
        self.await_status(lambda s: s["number"] == 1)
        self.run_ok("next")
        self.assertEqual(process.wait(timeout=60), 0)

    def test_until_heading(self):
        process = self.play(self.article, "--until", "heading", "--start-at", "which is the one")
        out, _ = process.communicate(timeout=60)
        self.assertIn(b"Second sentence", out)
        self.assertNotIn(b"Another heading", out)
        self.assertIn("The long way", self.run_ok("--resume"))

    def test_until_article(self):
        one, two = self.write("one.txt", "One is short.\n"), self.write("two.txt", "Two is not wanted.\n")
        process = self.play(one, two, "--until", "article", "--no-resume")
        out, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertIn(b"One is short", out)
        self.assertNotIn(b"Two", out)

    def test_loop(self):
        out = self.folder / "out"
        with open(out, "w") as f:
            process = self.start(self.write("one.txt", "Round it goes.\n"), "--loop", "--no-resume", env=self.sound, stdout=f)
        self.processes.append(process)
        self.assertTrue(wait_for(lambda: out.read_text().count("Round it goes") >= 2, 60))
        self.run_ok("tell", "loop", "no")
        self.assertEqual(process.wait(timeout=60), 0)

    def test_sleep(self):
        process = self.play(self.article, "--sleep", "6s")
        self.await_status(lambda s: s["volume"] < 30)
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertIn("The long way", self.run_ok("--resume"))

    def test_resume_keeps_a_chosen_voice(self):
        process = self.play(self.article)
        own = self.status()["voice"]
        self.run_ok("tell", "find", "Under the heading")
        self.await_status(lambda s: s["started"])
        self.run_ok("tell", "voice", "espeak:de")
        self.run_ok("tell", "quit")
        process.wait()
        process = self.play(self.article, "--resume")
        self.assertEqual((own.startswith("espeak:en"), self.status()["voice"]), (True, "espeak:de"))
        self.run_ok("tell", "quit")
        process.wait()

    def test_another_default_device_is_followed(self):
        process = self.play(self.article, "--no-resume")
        self.run_ok("tell", "find", "Under the heading")
        module = self.pactl("load-module", "module-null-sink", "sink_name=two", "rate=22050", "channels=1", "format=s16le")
        self.assertTrue(module.strip().isdigit())
        two = next(line.split()[0] for line in self.pactl("list", "short", "sinks").splitlines() if "two" in line)
        self.pactl("set-default-sink", "two")
        self.assertTrue(wait_for(lambda: any(line.split()[1] == two for line in self.pactl("list", "short", "sink-inputs").splitlines()), 60))
        at = self.status()["at"]
        self.await_status(lambda s: s["state"] == "playing" and s["at"] > at)
        self.run_ok("tell", "quit")
        process.wait(timeout=60)

    def test_a_device_that_goes_and_returns(self):
        process = self.play(self.article, "--no-resume")
        self.run_ok("tell", "find", "Under the heading")
        self.await_status(lambda s: s["started"] and s["at"] > place("Under"))
        self.pactl("unload-module", "module-null-sink")
        lost = self.await_status(lambda s: s["state"] == "lost")
        self.pactl("load-module", "module-null-sink", "sink_name=two", "rate=22050", "channels=1", "format=s16le")
        back = self.await_status(lambda s: s["state"] == "playing" and s["started"])
        self.assertGreaterEqual(back["at"], lost["at"])
        self.assertLess(back["at"], lost["at"] + 80)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, -signal.SIGTERM)
        self.assertIn(b"the sound device is gone", err)
        self.assertIn(b"there is a sound device again", err)


if __name__ == "__main__":
    unittest.main()
