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
        self.playerctl("next")
        self.await_status(lambda s: s["number"] == 2)


if __name__ == "__main__":
    unittest.main()
