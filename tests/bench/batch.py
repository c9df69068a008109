#!/usr/bin/env python3
"""A batch: articles a minute, how busy the processors are, and memory over time, beside the same articles one by one by
espeak-ng and ffmpeg.

  batch.py NARRATE FOLDER [--count 500] [--format mp3] [--peer]

FOLDER holds articles; copies of them make up the count. --peer also runs, with as many at once, what a person would write:
`espeak-ng --stdout -f TEXT | ffmpeg -i - -b:a 64k OUT` over `narrate read --body` of the same articles."""
import argparse
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time


def tree_memory(root):
    """Proportional set sizes of a process and all below it, in MiB."""
    children = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        children.setdefault(int(text[text.rindex(")") + 2:].split()[1]), []).append(int(text.split()[0]))
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        todo += children.get(pid, [])
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                total += int(line.split()[1]) if line.startswith("Pss:") else 0
        except OSError:
            pass
    return total / 1024


def timed(command, **kw):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen(command, **kw)
    memory = []
    while process.poll() is None:
        memory.append(tree_memory(process.pid))
        time.sleep(0.5)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed: {process.returncode}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("narrate")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--format", default="mp3")
    parser.add_argument("--peer", action="store_true")
    args = parser.parse_args()
    narrate = os.path.abspath(args.narrate)
    cores = len(os.sched_getaffinity(0))
    work = pathlib.Path(tempfile.mkdtemp(prefix="narrate-bench-"))
    try:
        sources = sorted(p.resolve() for p in args.folder.iterdir() if p.is_file())
        chosen = [sources[i % len(sources)] for i in range(args.count)]
        (work / "list").write_text("".join(f"{p}\t{i:05}\n" for i, p in enumerate(chosen)))
        wall, cpu, memory = timed([narrate, "batch", str(work / "list"), "-o", str(work / "out"), "--format", args.format, "-q"])
        made = len(list((work / "out").glob(f"*.{args.format}")))
        half = len(memory) // 2
        print(f"narrate batch: {made} articles, {made / wall * 60:.0f} a minute, {100 * cpu / wall / cores:.0f}% of {cores} processors, "
              f"memory of all processes {max(memory[:half] or [0]):.0f} MiB in the first half, {max(memory[half:] or [0]):.0f} in the second")
        if args.peer:
            (work / "text").mkdir()
            (work / "peer").mkdir()
            for i, p in enumerate(sources):
                with open(work / f"text/{i}", "wb") as out:
                    subprocess.run([narrate, "read", "--body", str(p)], stdout=out, check=False)
            script = ('espeak-ng --stdout -f "$1" | ffmpeg -loglevel error -y -i - -b:a 64k "$2"')
            lines = "".join(f"{work}/text/{i % len(sources)} {work}/peer/{i:05}.{args.format}\n" for i in range(args.count))
            with open(work / "peers", "w") as out:
                out.write(lines)
            with open(work / "peers") as into:
                peer, peer_cpu, _ = timed(["xargs", "-P", str(cores), "-n", "2", "sh", "-c", script, "sh"], stdin=into)
            print(f"espeak-ng | ffmpeg: {args.count / peer * 60:.0f} a minute; narrate takes {wall / peer:.2f} of its time")
    finally:
        shutil.rmtree(work)


main()
