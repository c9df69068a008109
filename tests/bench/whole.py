#!/usr/bin/env python3
"""The whole path, measured beside `espeak-ng -f FILE -w OUT` on the same text in the same run.

usage: tests/bench/whole.py NARRATE [speed] [first] [memory] [before] [--text FILE] [--runs N]

speed   200 kB of English to WAV: wall time and total CPU as ratios to the peer's
first   the first sample out of `narrate FILE -o - --format raw`, from the start of the process, 1 kB and 1 MB
memory  the peak of all processes together (proportional set size), 1 MB and 10 MB of text into the null sink
before  what everything before synthesis takes of the total CPU

Times mean nothing by themselves on a shared machine: runs alternate and medians of paired ratios are printed.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ARTICLES = pathlib.Path(__file__).resolve().parent.parent.parent / "assets/articles"


def english(narrate, source):
    """The text to repeat: a file of the user's, else what the reader takes of the bundled articles."""
    if source:
        return source.read_text(encoding="utf-8", errors="replace")
    bodies = [subprocess.run([narrate, "read", "--body", a], capture_output=True, check=True, text=True).stdout
              for a in sorted(ARTICLES.iterdir())]
    return "\n".join(bodies).replace("\n", "\n\n")


def sized(text, size):
    """About `size` bytes of whole paragraphs."""
    raw = text.encode()
    raw = (raw + b"\n\n") * (size // len(raw) + 1)
    return raw[:raw.rfind(b"\n\n", 0, size) + 1 or size]


def run(command):
    """(wall seconds, CPU seconds of it and all its descendants)"""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    err = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: {err.decode()}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime


def first_byte(command):
    """Milliseconds until the first byte on its standard output."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    os.read(process.stdout.fileno(), 1)
    took = (time.monotonic() - start) * 1000
    process.kill()
    process.stdout.close()
    process.wait()
    return took


def tree_pss(pid):
    """Kilobytes of the process and its descendants."""
    total, todo = 0, [pid]
    while todo:
        one = todo.pop()
        try:
            for line in open(f"/proc/{one}/smaps_rollup"):
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
            for task in os.listdir(f"/proc/{one}/task"):
                todo += map(int, open(f"/proc/{one}/task/{task}/children").read().split())
        except OSError:
            pass
    return total


def peak_memory(command):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, tree_pss(process.pid))
        time.sleep(0.004)
    return peak


def median_ratio(pairs):
    return statistics.median(a / b for a, b in pairs)


def speed(save, peer, runs):
    pairs = {1: [], 2: []}
    for _ in range(runs):
        reference = run(peer)
        for jobs, found in pairs.items():
            found.append((run(save + [str(jobs)]), reference))
    for jobs, found in pairs.items():
        wall = median_ratio([(a[0], b[0]) for a, b in found])
        cpu = median_ratio([(a[1], b[1]) for a, b in found])
        print(f"speed   200 kB to WAV, --jobs {jobs}: wall {wall:.2f} x the peer's, CPU {cpu:.2f} x the peer's")


def first(narrate, rows, runs):
    times = {name: [] for row in rows for name in (row, "peer, " + row)}
    for _ in range(runs * 3):
        for name, path in rows.items():
            times[name].append(first_byte([narrate, path, "-o", "-", "--format", "raw", "--quiet"]))
            times["peer, " + name].append(first_byte(["espeak-ng", "-v", "en", "-f", path, "--stdout"]))
    for name, found in times.items():
        print(f"first   {name:11s} median {statistics.median(found):6.1f} ms, best {min(found):6.1f} ms")


def memory(narrate, paths):
    for size, path in paths.items():
        peak = peak_memory([narrate, path, "-o", "/dev/null", "--format", "raw", "--overwrite", "--quiet",
                            "--jobs", "2"]) / 1024
        print(f"memory  {size / 1e6:2.0f} MB of text: peak {peak:.1f} MiB, {peak - size / 1048576:.1f} MiB without the text")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("narrate")
    parser.add_argument("what", nargs="*")
    parser.add_argument("--text", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=7)
    args = parser.parse_args()
    what = args.what or ["speed", "first", "memory", "before"]
    narrate = os.path.abspath(args.narrate)
    text = english(narrate, args.text)
    with tempfile.TemporaryDirectory() as scratch:
        def file(size):
            path = pathlib.Path(scratch, f"{size}.txt")
            if not path.exists():
                path.write_bytes(sized(text, size))
            return str(path)

        out = f"{scratch}/out.wav"
        save = [narrate, file(200_000), "-o", out, "--overwrite", "--quiet", "--voice", "en", "--jobs"]
        if "speed" in what:
            speed(save, ["espeak-ng", "-v", "en", "-f", file(200_000), "-w", out], args.runs)
        if "first" in what:
            first(narrate, {"1 kB": file(1000), "1 MB": file(1_000_000)}, args.runs)
        if "memory" in what:
            memory(narrate, {size: file(size) for size in (1_000_000, 10_000_000)})
        if "before" in what:
            pairs = [(run([narrate, "spoken", file(200_000)])[1], run(save + ["1"])[1]) for _ in range(args.runs)]
            print(f"before  read, normalise, segment and print: {100 * median_ratio(pairs):.1f}% of the total CPU")


if __name__ == "__main__":
    main()
