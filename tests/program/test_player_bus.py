"""The player on D-Bus, by playerctl, on a bus of the test's own."""
import os
import subprocess
import unittest

from harness import wait_for
from listening import Listening


class Bus(Listening):
    def setUp(self):
        super().setUp()
        self.bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1",
                                     f"--address=unix:path={self.state}/bus"], stdout=subprocess.PIPE, text=True)
        self.processes.append(self.bus)
        self.sound["DBUS_SESSION_BUS_ADDRESS"] = self.bus.stdout.readline().strip()

    def playerctl(self, *args):
        env = dict(os.environ, DBUS_SESSION_BUS_ADDRESS=self.sound["DBUS_SESSION_BUS_ADDRESS"])
        return subprocess.run(["playerctl", "-p", "narrate", *args], capture_output=True, text=True, env=env).stdout.strip()

    def test_media_player(self):
        second = self.write("second.md", "# Second one\n\nIts text is short.\n")
        self.play(self.article, second, "--no-resume")
        self.assertTrue(wait_for(lambda: self.playerctl("status") == "Playing", 60))
        self.assertEqual(self.playerctl("metadata", "title"), "The long way")
        self.playerctl("pause")
        self.await_status(lambda s: s["state"] == "paused")
        self.assertEqual(self.playerctl("status"), "Paused")
        self.playerctl("volume", "0.5")
        self.await_status(lambda s: s["volume"] == 50)
        before = self.status()["at"]
        self.playerctl("position", "5+")
        self.await_status(lambda s: s["at"] > before)
        self.assertGreater(float(self.playerctl("position")), 3)
        self.playerctl("play-pause")
        self.await_status(lambda s: s["state"] == "playing")
        self.playerctl("stop")
        self.await_status(lambda s: s["state"] == "paused")
        before = self.status()["seconds"]
        self.playerctl("position", "2-")
        self.await_status(lambda s: abs(s["seconds"] - max(before - 2, 0)) < 1)
        self.playerctl("position", "4")
        self.await_status(lambda s: abs(s["seconds"] - 4) < 1)
        self.playerctl("play")
        self.await_status(lambda s: s["state"] == "playing")
        self.playerctl("next")
        self.await_status(lambda s: s["number"] == 2)
        self.assertEqual(self.playerctl("metadata", "title"), "Second one")
        self.playerctl("previous")
        self.await_status(lambda s: s["number"] == 1)

    def dbus(self, method, *args):
        env = dict(os.environ, DBUS_SESSION_BUS_ADDRESS=self.sound["DBUS_SESSION_BUS_ADDRESS"])
        return subprocess.run(["dbus-send", "--session", "--print-reply", "--dest=org.mpris.MediaPlayer2.narrate",
                               "/org/mpris/MediaPlayer2", method, *args], capture_output=True, text=True, env=env).stdout

    def test_rate_and_quit(self):
        process = self.play(self.article, "--no-resume")
        player = "string:org.mpris.MediaPlayer2.Player"
        self.dbus("org.freedesktop.DBus.Properties.Set", player, "string:Rate", "variant:double:1.5")
        self.await_status(lambda s: s["speed"] == 1.5)
        self.assertIn("double 1.5", self.dbus("org.freedesktop.DBus.Properties.Get", player, "string:Rate"))
        self.dbus("org.freedesktop.DBus.Properties.Set", player, "string:Rate", "variant:double:0")
        self.await_status(lambda s: s["state"] == "paused" and s["speed"] == 1.5)
        self.dbus("org.mpris.MediaPlayer2.Quit")
        self.assertEqual(process.wait(timeout=60), 0)


if __name__ == "__main__":
    unittest.main()
