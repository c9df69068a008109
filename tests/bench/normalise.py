#!/usr/bin/env python3
"""The normaliser's speed on article text, beside `espeak-ng -q -x` (its text work, without sound) on the same text.

usage: tests/bench/normalise.py NARRATE [--text FILE] [--runs N]

Times mean nothing by themselves on a shared machine: runs alternate, and CPU times and the median of paired ratios are
printed. `growth` compares a text in lines with the same text as one line: near 1 where the cost is linear in the length
of a line.
"""
import argparse
import pathlib
import statistics
import tempfile

from whole import english, run, sized


def cpu(command, source):
    return run(["sh", "-c", 'exec "$@" < "$0" > /dev/null', str(source), *command])[1]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("narrate")
    parser.add_argument("--text", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    text = english(args.narrate, args.text)
    with tempfile.TemporaryDirectory() as folder:
        large, small, line = (pathlib.Path(folder) / name for name in ("large", "small", "line"))
        large.write_bytes(sized(text, 10_000_000))
        small.write_bytes(sized(text, 50_000))
        line.write_bytes(large.read_bytes().replace(b"\n", b" ") + b"\n")
        ours, peer, ratios, growth = [], [], [], []
        for _ in range(args.runs):
            ours.append(large.stat().st_size / 1e6 / cpu([args.narrate, "normalise", "--locale", "en-GB"], large))
            peer.append(small.stat().st_size / 1e6 / cpu(["espeak-ng", "-q", "-x", "-v", "en"], small))
            ratios.append(ours[-1] / peer[-1])
            growth.append(ours[-1] / (line.stat().st_size / 1e6 / cpu([args.narrate, "normalise", "--locale", "en-GB"], line)))
    print(f"normalise  {statistics.median(ours):.1f} MB/s of CPU time, espeak-ng -q -x {statistics.median(peer):.2f} MB/s, "
          f"ratio {statistics.median(ratios):.0f}, growth {statistics.median(growth):.2f}")


if __name__ == "__main__":
    main()
