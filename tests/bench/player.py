#!/usr/bin/env python3
"""The player through PortAudio, ALSA and a PulseAudio null sink, against what was captured from that sink.

usage: tests/bench/player.py NARRATE [first] [words] [keys] [load] [memory]

first   from the start of the process to the first sound handed to the device, by stage, beside espeak-ng's first byte
words   when the player says that a word is heard, against its tick in the capture (the null voice)
keys    from a command to its effect in the capture
load    underruns in a minute with both cores kept busy by stress
memory  the peak of all processes with hours of text and a device that takes all at once
"""
import array
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

RATE = 22050
ARTICLES = pathlib.Path(__file__).resolve().parent.parent.parent / "assets/articles"


class Pulse:
    def __init__(self, folder):
        self.folder = folder
        sock = folder / "pulse.sock"
        self.env = dict(os.environ, HOME=str(folder), XDG_RUNTIME_DIR=str(folder), XDG_STATE_HOME=str(folder / "state"),
                        PULSE_SERVER=f"unix:{sock}", ALSA_CONFIG_PATH=str(folder / "asound.conf"), JACK_NO_START_SERVER="1",
                        DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere")
        (folder / "asound.conf").write_text("</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n")
        (folder / "null.conf").write_text("</usr/share/alsa/alsa.conf>\npcm.!default { type plug slave { pcm \"null\" "
                                          "format S16_LE rate 22050 channels 1 } }\n")
        # Debian's ALSA turns to PulseAudio where it can.
        self.null = dict(self.env, PULSE_SERVER="unix:/nowhere", ALSA_CONFIG_PATH=str(folder / "null.conf"))
        self.server = subprocess.Popen(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=true",
                                        "--no-cpu-limit=true", "-L", "module-null-sink sink_name=n rate=22050 channels=1 format=s16le",
                                        "-L", f"module-native-protocol-unix socket={sock} auth-anonymous=1"],
                                       env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not sock.exists():
            time.sleep(0.05)
        time.sleep(0.5)

    def close(self):
        self.server.terminate()
        self.server.wait()


class Capture:
    """What the sink plays, and when each piece of it came."""

    def __init__(self, pulse):
        self.process = subprocess.Popen(["parec", "-d", "n.monitor", "--raw", "--rate=22050", "--channels=1", "--format=s16le",
                                         "--latency-msec=5"], env=pulse.env, stdout=subprocess.PIPE)
        self.samples, self.pieces = array.array("h"), []
        threading.Thread(target=self.read, daemon=True).start()
        time.sleep(2)

    def read(self):
        rest = b""
        while data := os.read(self.process.stdout.fileno(), 65536):
            data, now = rest + data, time.monotonic()
            rest = data[len(data) // 2 * 2:]
            self.samples.frombytes(data[:len(data) // 2 * 2])
            self.pieces.append((len(self.samples), now))

    def origin(self):
        """The time of sample 0: pieces only ever come late, so the earliest claim is the nearest."""
        return min(t - n / RATE for n, t in self.pieces[20:])

    def close(self):
        self.process.terminate()
        self.process.wait()


class Player:
    def __init__(self, narrate, pulse, *args):
        self.path = str(pulse.folder / "control.sock")
        self.process = subprocess.Popen([narrate, "--no-resume", "--control", self.path, *map(str, args)], env=pulse.env,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while not os.path.exists(self.path):
            time.sleep(0.005)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(self.path)
        self.answers = self.socket.makefile()

    def tell(self, line):
        self.socket.sendall(line.encode() + b"\n")
        lines = []
        while not (lines and (lines[-1] == "ok" or lines[-1].startswith("error: "))):
            lines.append(self.answers.readline().rstrip("\n"))
        return lines

    def status(self):
        return json.loads(self.tell("status")[0])

    def close(self):
        self.tell("quit")
        return self.process.communicate()[1].decode()


def first(narrate, pulse):
    text = (subprocess.run([narrate, "read", "--body", ARTICLES / "harbour.txt"], capture_output=True, text=True).stdout.replace("\n", "\n\n"))
    keys = ["read", "voice ready", "script", "first sound made", "device ready", "first sound handed to it"]
    for name, size in ("1 kB", 1000), ("100 kB", 100_000), ("1 MB", 1_000_000):
        path = pulse.folder / f"{size}.txt"
        path.write_text((text * (size // len(text) + 1))[:size])
        found, peers = {k: [] for k in keys}, []
        for _ in range(9):
            for config, env in ("PulseAudio", pulse.env), ("ALSA null", pulse.null):
                process = subprocess.Popen([narrate, path, "--no-resume", "--stats", "--quiet"], stderr=subprocess.PIPE,
                                           env=env)
                time.sleep(0.6)
                process.terminate()
                err = process.communicate()[1].decode()
                for k in keys:
                    found.setdefault((config, k), []).append(float(re.search(rf"{k} ([\d.]+) ms", err).group(1)))
            start = time.monotonic()
            peer = subprocess.Popen(["espeak-ng", "-f", path, "--stdout"], stdout=subprocess.PIPE)
            os.read(peer.stdout.fileno(), 1)
            peers.append((time.monotonic() - start) * 1000)
            peer.kill()
            peer.communicate()
        for config in "PulseAudio", "ALSA null":
            stages = ", ".join(f"{k} {statistics.median(found[config, k]):.1f}" for k in keys)
            print(f"first   {name:6s} {config}: {stages} ms (peer's first byte {statistics.median(peers):.1f})")


def ticks(samples):
    """Where the null voice's words begin."""
    found, quiet = [], 1000
    for i, v in enumerate(samples):
        if abs(v) > 2000:
            if quiet > 1000:
                found.append(i)
            quiet = 0
        else:
            quiet += 1
    return found


def words(narrate, pulse):
    capture = Capture(pulse)
    player = Player(narrate, pulse, ARTICLES / "harbour.txt", "--voice", "null")
    seen, last = [], None
    end = time.monotonic() + 60
    while time.monotonic() < end:
        s = player.status()
        if s["started"] and s["at"] != last:
            seen.append(time.monotonic())
            last = s["at"]
        time.sleep(0.002)
    player.close()
    capture.close()
    origin = capture.origin()
    heard = [origin + i / RATE for i in ticks(capture.samples)]
    off = [1000 * (t - min(heard, key=lambda h: abs(h - t))) for t in seen[1:]]
    print(f"words   {len(off)} words: told {statistics.median(off):+.0f} ms from the tick (median), worst "
          f"{max(off, key=abs):+.0f} ms, {sum(abs(o) <= 60 for o in off) / len(off):.1%} within 60 ms")


def keys(narrate, pulse):
    capture = Capture(pulse)
    player = Player(narrate, pulse, ARTICLES / "harbour.txt")
    time.sleep(3)
    pauses, resumes = [], []
    for _ in range(10):
        time.sleep(1.5)
        pauses.append(time.monotonic())
        player.tell("pause")
        time.sleep(1.5)
        resumes.append(time.monotonic())
        player.tell("play")
    time.sleep(1.5)
    player.close()
    capture.close()
    origin, s = capture.origin(), capture.samples
    down, up = [], []
    for t in pauses:  # the last sound before a second of silence
        i = min(int((t - origin + 1.2) * RATE), len(s) - 1)
        while abs(s[i]) < 30:
            i -= 1
        down.append(1000 * (origin + i / RATE - t))
    for t in resumes:
        i = int((t - origin) * RATE)
        while i + 1 < len(s) and abs(s[i]) < 30:
            i += 1
        up.append(1000 * (origin + i / RATE - t))
    print(f"keys    pause: silent after {statistics.median(down):.0f} ms (worst {max(down):.0f}); play: heard after {statistics.median(up):.0f} ms "
          f"(worst {max(up):.0f}); the device's own delay of 100 ms included")


def load(narrate, pulse):
    stress = subprocess.Popen(["stress", "-q", "-c", str(os.cpu_count()), "-t", "60"], start_new_session=True)
    player = Player(narrate, pulse, ARTICLES / "harbour.txt", "--stats", "--loop")
    time.sleep(58)
    s = player.status()
    player.close()
    stress.wait()
    print(f"load    a minute with {os.cpu_count()} processes of stress: {s['underruns']} underruns")


def memory(narrate, pulse):
    path = pulse.folder / "hours.txt"
    text = (ARTICLES / "harbour.txt").read_text()
    path.write_text((text * 400)[:540_000])
    process = subprocess.Popen([narrate, path, "--no-resume", "--quiet", "--stats"], env=pulse.null, stderr=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        total, todo = 0, [process.pid]
        while todo:
            one = todo.pop()
            try:
                total += int(re.search(r"Pss: +(\d+)", pathlib.Path(f"/proc/{one}/smaps_rollup").read_text()).group(1))
                for task in os.listdir(f"/proc/{one}/task"):
                    todo += map(int, pathlib.Path(f"/proc/{one}/task/{task}/children").read_text().split())
            except (OSError, AttributeError):
                pass
        peak = max(peak, total)
        time.sleep(0.5)
    print(f"memory  540 kB of text: peak {peak / 1024:.1f} MiB;", process.communicate()[1].splitlines()[-1])


def main():
    narrate = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        pulse = Pulse(pathlib.Path(scratch))
        try:
            for name in sys.argv[2:] or ["first", "words", "keys", "load", "memory"]:
                {"first": first, "words": words, "keys": keys, "load": load, "memory": memory}[name](narrate, pulse)
        finally:
            pulse.close()


if __name__ == "__main__":
    main()
