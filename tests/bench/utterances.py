#!/usr/bin/env python3
"""How long utterances are, beside the clauses that eSpeak NG makes of the same text, as numbers and a picture.

usage: tests/bench/utterances.py NARRATE OUT.png ARTICLE...

A clause of eSpeak NG is what lies between two of its END events, in characters of the text that narrate says. The
picture is drawn by gnuplot (package gnuplot-nox), which only this script wants.
"""
import argparse
import ctypes
import json
import statistics
import subprocess
import sys

RETRIEVAL, LIST_TERMINATED, END = 2, 0, 5


class Event(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("identifier", ctypes.c_uint), ("text_position", ctypes.c_int),
                ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
                ("user_data", ctypes.c_void_p), ("id", ctypes.c_uint64)]


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(Event))


class Espeak:
    def __init__(self):
        self.lib = ctypes.CDLL("libespeak-ng.so.1")
        if self.lib.espeak_Initialize(RETRIEVAL, 0, None, 0) < 0 or self.lib.espeak_SetVoiceByName(b"en") != 0:
            sys.exit("cannot start eSpeak NG: install espeak-ng")
        self.callback = CALLBACK(self.take)
        self.lib.espeak_SetSynthCallback(self.callback)

    def take(self, _samples, _count, events):
        i = 0
        while events[i].type != LIST_TERMINATED:
            if events[i].type == END:
                self.ends.append(events[i].text_position)
            i += 1
        return 0

    def clauses(self, text):
        """Characters of each clause."""
        self.ends = []
        raw = text.encode()
        self.lib.espeak_Synth(raw, len(raw) + 1, 0, 1, 0, 1, None, None)
        ends = sorted(set(e for e in self.ends if e > 0)) + [len(text)]
        return [b - a for a, b in zip([0] + ends, ends) if b - a > 1]


def script(narrate, article):
    run = subprocess.run([narrate, "spoken", "--json", article], capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def histogram(lengths, step, most):
    counts = [0] * (most // step + 1)
    for n in lengths:
        counts[min(n, most) // step] += 1
    return [100 * c / len(lengths) for c in counts]


def describe(name, lengths):
    ordered = sorted(lengths)
    print(f"{name:10} {len(ordered):6} pieces  mean {statistics.mean(ordered):5.1f}  median {statistics.median(ordered):5.1f}"
          f"  95% {ordered[len(ordered) * 95 // 100]:4}  longest {ordered[-1]:4}  under 15: {sum(n < 15 for n in ordered) * 100 / len(ordered):4.1f}%"
          f"  over 200: {sum(n > 200 for n in ordered) * 100 / len(ordered):4.1f}%")


def draw(path, ours, theirs, step, most):
    rows = "\n".join(f"{i * step + step / 2} {a} {b}" for i, (a, b) in enumerate(zip(histogram(ours, step, most), histogram(theirs, step, most))))
    commands = f"""set terminal pngcairo size 1000,560 font 'DejaVu Sans,11'
set output '{path}'
set title 'What is said in one piece, in characters ({most} and more at the right)'
set xlabel 'characters'
set ylabel 'percent of all pieces'
set xrange [0:{most + step}]
set grid ytics
set style fill transparent solid 0.5 border
set boxwidth {step * 0.9}
$data << EOD
{rows}
EOD
plot $data using 1:2 with boxes title 'utterances of narrate', $data using 1:3 with boxes title 'clauses of eSpeak NG'
"""
    try:
        subprocess.run(["gnuplot"], input=commands, text=True, check=True)
    except FileNotFoundError:
        sys.exit("cannot draw: install gnuplot-nox")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("narrate")
    p.add_argument("png")
    p.add_argument("articles", nargs="+")
    p.add_argument("--clauses-of", type=int, default=30, help="articles whose clauses are looked at (they are synthesised)")
    a = p.parse_args()
    espeak = Espeak()
    ours, theirs, most_words = [], [], 0
    for i, article in enumerate(a.articles):
        utterances = script(a.narrate, article)
        ours += [len(u["say"]) for u in utterances]
        most_words = max([most_words] + [len(u["words"]) for u in utterances])
        if i < a.clauses_of and utterances:
            theirs += espeak.clauses(subprocess.run([a.narrate, "read", "--body", article], capture_output=True, text=True).stdout)
    describe("narrate", ours)
    describe("eSpeak NG", theirs)
    print(f"words in an utterance at most: {most_words}")
    draw(a.png, ours, theirs, 10, 300)


if __name__ == "__main__":
    main()
