#!/usr/bin/env python3
"""The player through PortAudio, ALSA and a PulseAudio null sink, against what was captured from that sink.

usage: tests/bench/player.py NARRATE [first] [words] [lit] [keys] [speed] [load] [memory]

first   from the start of the process to the first sound handed to the device, by stage, beside espeak-ng's first byte
words   when the player says that a word is heard, against its tick in the capture (the null voice)
lit     when the screen lights a word, against the same
keys    from a command (pause, play, volume, seek) to its effect in the capture
speed   the same for the speed
load    underruns in MINUTES (1, or as the environment says) with both cores kept busy by stress
memory  the peak of all processes with hours of text and a device that takes all at once
"""
import array
import fcntl
import json
import operator
import os
import pathlib
import pty
import re
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import wave

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
            line = self.answers.readline()
            if not line:
                raise BrokenPipeError
            lines.append(line.rstrip("\n"))
        return lines

    def status(self):
        """None when the player has ended."""
        try:
            return json.loads(self.tell("status")[0])
        except (OSError, ValueError):
            return None

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
                start = time.monotonic()
                process = subprocess.Popen([narrate, path, "--no-resume", "--stats", "--quiet"], stderr=subprocess.PIPE,
                                           env=env)
                time.sleep(1)
                process.terminate()
                err = process.communicate()[1].decode()
                loading = float(re.search(r"started at ([\d.]+) ms", err).group(1)) - start * 1000
                for k in keys:
                    took = float(re.search(rf"{k} ([\d.]+) ms", err).group(1))
                    found.setdefault((config, k), []).append(took if k == "read" else loading + took)
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
    seen, last, coarse, asked = [], None, 0, time.monotonic()
    while s := player.status():
        before, asked = asked, time.monotonic()
        if s["started"] and s["at"] != last:
            if asked - before < 0.015:
                seen.append(asked)
            else:  # we came too late to tell when it was lit
                coarse += 1
            last = s["at"]
        time.sleep(0.002)
    capture.close()
    origin = capture.origin()
    heard = [origin + i / RATE for i in ticks(capture.samples)]
    off = [1000 * (t - min(heard, key=lambda h: abs(h - t))) for t in seen[1:]]
    print(f"words   {len(off)} words: told {statistics.median(off):+.0f} ms from the tick (median), worst "
          f"{max(off, key=abs):+.0f} ms, {sum(abs(o) <= 60 for o in off) / len(off):.1%} within 60 ms; {coarse} more that this bench asked for too late to judge")


def lit(narrate, pulse):
    """The screen in a pseudo-terminal: without colours the lit word alone is reversed."""
    capture = Capture(pulse)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen([narrate, "--no-resume", ARTICLES / "harbour.txt", "--voice", "null"], stdin=theirs, stdout=theirs,
                               stderr=subprocess.DEVNULL, env=dict(pulse.env, NO_COLOR="1", TERM="xterm"))
    os.close(theirs)
    seen = []
    while process.poll() is None:
        try:
            data = os.read(ours, 65536)
        except OSError:
            break
        if re.search(rb"\x1b\[(\d+;)*7m", data):
            seen.append(time.monotonic())
    process.wait()
    os.close(ours)
    capture.close()
    origin = capture.origin()
    heard = [origin + i / RATE for i in ticks(capture.samples)]
    off = [1000 * (t - min(heard, key=lambda h: abs(h - t))) for t in seen[1:]]
    print(f"lit     {len(off)} words: on the screen {statistics.median(off):+.0f} ms from the tick (median), worst "
          f"{max(off, key=abs):+.0f} ms, {sum(abs(o) <= 60 for o in off) / len(off):.1%} within 60 ms")


def told_wav(narrate, pulse, article, voice):
    """The article as it is rendered: its samples, and where each sentence begins (byte, frame)."""
    out, marks = pulse.folder / "told.wav", pulse.folder / "told.jsonl"
    subprocess.run([narrate, article, "--voice", voice, "-o", out, "--marks", marks, "--overwrite", "--quiet"], check=True, env=pulse.env)
    with wave.open(str(out)) as f:
        samples = array.array("h", f.readframes(f.getnframes()))
    found = [json.loads(line) for line in marks.read_text().splitlines()]
    return samples, found


def look_up(samples, first, last, pattern):
    """Where in samples[first:last] the pattern is, by correlation."""
    step, best, at = 3, -2.0, first
    thin = pattern[::step]
    norm = sum(v * v for v in thin) ** 0.5
    for i in range(first, min(last, len(samples) - len(pattern))):
        piece = samples[i:i + len(pattern):step]
        energy = sum(v * v for v in piece) ** 0.5
        if energy > norm / 4:
            score = sum(map(operator.mul, piece, thin)) / energy / norm
            if score > best:
                best, at = score, i
    return at, best


def summary(values):
    return f"{statistics.median(values):.0f} ms (worst {max(values):.0f}, of {len(values)})"


def keys(narrate, pulse):
    article = ARTICLES / "harbour.txt"
    render, marks = told_wav(narrate, pulse, article, "espeak:en-gb")
    capture = Capture(pulse)
    player = Player(narrate, pulse, article, "--voice", "espeak:en-gb")
    time.sleep(3)
    asked = []
    for i in range(10):
        for command in ("pause", "play", "volume 0", "volume 100"):
            asked.append((command, None, time.monotonic()))
            player.tell(command)
            time.sleep(1.2)
        sentence = [m for m in marks if m["type"] == "sentence"][i + 3]
        asked.append(("seek", sentence, time.monotonic()))
        player.tell(f"at {sentence['start']}")
        time.sleep(1.2)
    player.close()
    capture.close()
    origin, s, took = capture.origin(), capture.samples, {}
    for command, mark, t in asked:
        i = int((t - origin) * RATE)
        if command in ("pause", "volume 0"):  # the last sound before a second of silence
            i = min(i + int(1.1 * RATE), len(s) - 1)
            while i > 0 and abs(s[i]) < 30:
                i -= 1
            score = 1
        elif command == "seek":
            first = mark["frame"]
            i, score = look_up(s, i, i + RATE // 2, render[first + 200:first + 2000])
            i -= 200
        else:
            while i + 1 < len(s) and abs(s[i]) < 30:
                i += 1
            score = 1
        if score > 0.8:
            took.setdefault(command, []).append(1000 * (origin + i / RATE - t))
    for command, values in took.items():
        print(f"keys    {command:10s} at the ear after {summary(values)}; 100 ms of it are the device's")


def speed(narrate, pulse):
    """The null voice's ticks are as far apart as in a file; the first tick that is not tells when the change came."""
    path = pulse.folder / "even.txt"
    path.write_text(" ".join(["even"] * 400) + "\n")
    frames = [m["frame"] for m in told_wav(narrate, pulse, path, "null")[1] if m["type"] == "word"]
    capture = Capture(pulse)
    player = Player(narrate, pulse, path, "--voice", "null")
    time.sleep(3)
    asked = []
    for i in range(10):
        for to in 2, 1:
            asked.append((to, time.monotonic()))
            player.tell(f"speed {to}")
            time.sleep(1.5)
    player.close()
    capture.close()
    origin = capture.origin()
    at = [origin + i / RATE for i in ticks(capture.samples)]
    gaps = [b - a for a, b in zip(at, at[1:])]

    def apart(skip):
        """How badly the ticks fit the file's, were the first ones not heard as such."""
        told = ((b - a) / RATE for a, b in zip(frames[skip:], frames[skip + 1:]))
        return sum(min(abs(g - u), abs(g - u / 2)) for g, u in zip(gaps, told))
    frames = frames[min(range(3), key=apart):]
    took = []
    for to, t in asked:
        before, after = (1, 2) if to == 2 else (2, 1)
        for a, b, first, last in zip(at, at[1:], frames, frames[1:]):
            usual = (last - first) / RATE
            if t - 0.1 < b < t + 1 and abs(b - a - usual / before) > 0.005:
                # (change - a) * before + (b - change) * after = usual
                took.append(1000 * ((usual - b * after + a * before) / (before - after) - t))
                break
    print(f"keys    speed      at the ear after {summary(took)}; 100 ms of it are the device's")


def load(narrate, pulse):
    minutes = float(os.environ.get("MINUTES", "1"))
    stress = subprocess.Popen(["stress", "-q", "-c", str(os.cpu_count()), "-t", str(int(minutes * 60))], start_new_session=True)
    player = Player(narrate, pulse, ARTICLES / "harbour.txt", "--stats", "--loop")
    time.sleep(minutes * 60 - 2)
    s = player.status()
    player.close()
    stress.wait()
    print(f"load    {minutes:g} min with {os.cpu_count()} processes of stress: {s['underruns']} underruns")


def memory(narrate, pulse):
    path = pulse.folder / "hours.txt"
    text = (ARTICLES / "harbour.txt").read_text()
    path.write_text((text * 400)[:660_000])
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
    print(f"memory  660 kB of text: peak {peak / 1024:.1f} MiB;", process.communicate()[1].splitlines()[-1])


def main():
    narrate = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        pulse = Pulse(pathlib.Path(scratch))
        try:
            for name in sys.argv[2:] or ["first", "words", "lit", "keys", "speed", "load", "memory"]:
                {"first": first, "words": words, "lit": lit, "keys": keys, "speed": speed, "load": load, "memory": memory}[name](narrate, pulse)
        finally:
            pulse.close()


if __name__ == "__main__":
    main()
