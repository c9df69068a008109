#!/usr/bin/python3
"""How well words can still be told apart at speed, measured: a closed-vocabulary recogniser hears what the player played.

usage: tests/bench/intelligible.py NARRATE [splits]

The article is played at 1x, 2x, 3x and 4x through PortAudio and ALSA into a file, and its words are cut out by their marks.
Each is compared, by dynamic time warping over mel cepstra brought to one length, with every word of the vocabulary; those are
the same voice's, from other sentences (the vocabulary in three random orders) at 1x, and once more at the speed in question,
as for a listener who is used to it. What is printed is the share of words for which the right one was the nearest. Two bad
ways to be fast show that the measure can fail: every nth sample alone, whose pitch goes up, and 50 ms of each n * 50 ms alone.

splits: at 4x and 3x, how much of the speed is the voice's own (--rate) and how much libsonic's (--speed).

Needs python3-numpy."""
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import numpy as np

RATE = 22050
ARTICLES = pathlib.Path(__file__).resolve().parent.parent.parent / "assets/articles"
FRAMES, BAND, WINDOW, FILTERS, CEPSTRA = 24, 6, 384, 28, 13
ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default {{ type plug slave {{ pcm "cap" format S16_LE rate 22050 channels 1 }} }}
pcm.cap {{ type file slave.pcm "null" file "{}" format "raw" }}
"""
NORMAL_WPM = 175


class Voice:
    def __init__(self, narrate, folder):
        self.narrate, self.folder, self.captured = narrate, folder, folder / "captured.raw"
        (folder / "asound.conf").write_text(ALSA.format(self.captured))
        self.env = dict(os.environ, ALSA_CONFIG_PATH=str(folder / "asound.conf"), PULSE_SERVER="unix:/nowhere",
                        JACK_NO_START_SERVER="1", XDG_STATE_HOME=str(folder), XDG_RUNTIME_DIR=str(folder),
                        DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere")

    def run(self, *args):
        subprocess.run([self.narrate, *map(str, args)], check=True, env=self.env, stdout=subprocess.DEVNULL)

    def marks(self, path, wpm):
        """(samples at the voice's own rate, marks)"""
        raw, marks = self.folder / "own.raw", self.folder / "own.jsonl"
        self.run(path, "--voice", "espeak:en-gb", "--rate", f"{wpm}wpm", "-o", raw, "--marks", marks, "--overwrite", "--quiet")
        return np.fromfile(raw, np.int16).astype(float), [json.loads(line) for line in marks.read_text().splitlines()]

    def play(self, path, wpm, speed):
        self.captured.unlink(missing_ok=True)
        self.run(path, "--no-resume", "--quiet", "--voice", "espeak:en-gb", "--rate", f"{wpm}wpm", "--speed", speed)
        return np.fromfile(self.captured, np.int16).astype(float)


def words_of(samples, marks, place=int):
    """(word, its sound): words of letters alone, four or more, said as they are written."""
    words = [m for m in marks if m["type"] == "word"]
    spans = [(m["start"], m["end"]) for m in words]
    found = []
    for i, m in enumerate(words[:-1]):
        if spans.count(spans[i]) > 1 or not re.fullmatch("[A-Za-z][a-z]{3,}", m["value"]):
            continue
        sound = samples[place(m["frame"]):place(words[i + 1]["frame"])]
        loud = np.flatnonzero(np.abs(sound) > 200)
        if len(loud) and loud[-1] > 2 * WINDOW // 3:
            found.append((m["value"].lower(), sound[:loud[-1] + 1]))
    return found


def mel_filters():
    def mel(f):
        return 2595 * np.log10(1 + f / 700)
    edges = 700 * (10 ** (np.linspace(mel(80), mel(9000), FILTERS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(1024, 1 / RATE)
    up = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(up, down))


MEL = mel_filters()
COSINES = np.cos(np.pi * np.arange(CEPSTRA)[:, None] * (np.arange(FILTERS) + 0.5) / FILTERS)


def cepstra(sound):
    """FRAMES rows from the beginning to the end, whatever the length, with their slopes."""
    sound = np.append(sound[0], sound[1:] - 0.97 * sound[:-1])
    sound = np.pad(sound, WINDOW // 2)
    starts = np.linspace(0, len(sound) - WINDOW, FRAMES).astype(int)
    pieces = sound[starts[:, None] + np.arange(WINDOW)] * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(pieces, 1024)) ** 2
    c = np.log(power @ MEL.T + 1e3) @ COSINES.T
    c[:, 0] -= c[:, 0].mean()  # loudness: its course alone
    return np.hstack([c, 2 * np.gradient(c, axis=0)])


def features(words):
    f = np.array([cepstra(sound) for _, sound in words])
    flat = f.reshape(-1, f.shape[-1])
    return (f - flat.mean(0)) / flat.std(0)


def distances(query, templates):
    """Dynamic time warping of one word with all templates at once."""
    cost = np.sqrt(np.maximum((query ** 2).sum(-1)[None, :, None] + (templates ** 2).sum(-1)[:, None, :]
                              - 2 * np.einsum("id,njd->nij", query, templates), 0))
    total = np.full((len(templates), FRAMES + 1, FRAMES + 1), np.inf)
    total[:, 0, 0] = 0
    for i in range(FRAMES):
        for j in range(max(0, i - BAND), min(FRAMES, i + BAND + 1)):
            best = np.minimum(np.minimum(total[:, i, j + 1], total[:, i + 1, j]), total[:, i, j])
            total[:, i + 1, j + 1] = cost[:, i, j] + best
    return total[:, FRAMES, FRAMES]


def accuracy(heard, known):
    names = np.array([w for w, _ in known])
    heard = [one for one in heard if one[0] in names]
    templates = features(known)
    right = sum(names[np.argmin(distances(f, templates))] == w for (w, _), f in zip(heard, features(heard)))
    return right / len(heard)


def shuffled(vocabulary, path):
    """The vocabulary three times in sentences of seven words of no sense."""
    order, text = random.Random(1), []
    for _ in range(3):
        words = list(vocabulary)
        order.shuffle(words)
        text += [" ".join(words[i:i + 7]).capitalize() + "." for i in range(0, len(words), 7)]
    path.write_text("\n\n".join(text) + "\n")
    return path


def loudness(sound, hop):
    n = len(sound) // hop
    return np.log(np.sqrt((sound[:n * hop].reshape(n, hop) ** 2).mean(1)) + 30)


def place_in(own, sound, speed):
    """Frame of the voice's own sound -> frame of what was played: libsonic is not exact, so the course of the loudness is
    followed, two seconds at a time."""
    hop = 110
    a, b = loudness(own, hop), loudness(np.interp(np.arange(int(len(sound) * speed)) / speed, np.arange(len(sound)), sound), hop)
    off, at, offs = 0, [], []
    window, reach = 2 * RATE // hop, int(0.12 * RATE / hop)
    for start in range(0, len(a) - window, window // 4):
        piece = a[start:start + window] - a[start:start + window].mean()
        scores = []
        for o in range(off - reach, off + reach + 1):
            other = b[max(0, start + o):max(0, start + o) + window]
            scores.append((other - other.mean()) @ piece / (other.std() + 1e-9) if len(other) == window else -np.inf)
        if max(scores) > -np.inf:
            off += int(np.argmax(scores)) - reach
        at.append((start + window / 2) * hop)
        offs.append(off * hop)
    return lambda frame: int((frame + np.interp(frame, at, offs)) / speed)


def at_speed(voice, path, wpm, speed, marks):
    """The words in what the player plays."""
    own, found = marks
    sound = voice.play(path, wpm, speed)
    return words_of(sound, found, place_in(own, sound, speed))


def bad(samples, speed, way):
    n = int(speed)
    if way == "decimated":
        return samples[:len(samples) // n * n].reshape(-1, n).mean(1)
    piece = RATE // 20
    return samples[:len(samples) // (piece * n) * piece * n].reshape(-1, n, piece)[:, 0].ravel()


def main():
    with tempfile.TemporaryDirectory() as scratch:
        voice = Voice(os.path.abspath(sys.argv[1]), pathlib.Path(scratch))
        article = ARTICLES / "harbour.txt"
        own = voice.marks(article, NORMAL_WPM)
        vocabulary = sorted({w for w, _ in words_of(*own)})
        other = shuffled(vocabulary, pathlib.Path(scratch) / "other.txt")
        other_own = voice.marks(other, NORMAL_WPM)
        known = words_of(*other_own)
        heard = words_of(*own)
        print(f"{len(heard)} words of {article.name}; a vocabulary of {len(set(w for w, _ in known))}, {len(known)} templates; "
              f"chance {1 / len(vocabulary):.1%}")
        if "splits" in sys.argv[2:]:
            for speed in 3, 4:
                for wpm in 175, 225, 275, 325, 375, 425, 449:
                    marks, others = voice.marks(article, wpm), voice.marks(other, wpm)
                    left = speed / (len(own[0]) / len(marks[0]))
                    same = at_speed(voice, other, wpm, left, others)
                    played = at_speed(voice, article, wpm, left, marks)
                    print(f"{speed}x: voice at {wpm} wpm, libsonic {left:.2f}x: {accuracy(played, known):.1%}; by templates of that "
                          f"speed {accuracy(played, same):.1%}")
            return
        for speed in 1, 2, 3, 4:
            played = at_speed(voice, article, NORMAL_WPM, speed, own)
            same = at_speed(voice, other, NORMAL_WPM, speed, other_own)
            line = f"{speed}x: {accuracy(played, known):.1%}; by templates of that speed {accuracy(played, same):.1%}"
            if speed > 1:
                for way in "decimated", "pieces dropped":
                    line += f"; {way} {accuracy(words_of(bad(own[0], speed, way), own[1], lambda frame: frame // speed), known):.1%}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
