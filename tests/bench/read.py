#!/usr/bin/env python3
"""The HTML reader: pages a second beside Mozilla's Readability under linkedom, and whether it stays linear.

usage: tests/bench/read.py NARRATE READ_PAGES [peer] [command] [linear] [--pages FOLDER] [--runs N]

peer     CPU time a page in one process, and that of Readability under linkedom (npm installs both into a folder that is
         removed again); the ratio is what counts
command  `narrate read` on one page, its start included, beside the start of `narrate --version`
linear   time and memory at 1, 10 and 100 MB, and with 100,000 nested elements

FOLDER holds *.html; without one the pages are made up. READ_PAGES is bench_read_pages of the build folder.
"""
import argparse
import multiprocessing
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

WORDS = ("the council met on Monday as it does and talked of goats until lights were put out by a caretaker who said "
         "that it was late nobody had seen any key since noon in library where they ate most poetry").split()
PEER = """const fs=require('fs');const {Readability}=require('@mozilla/readability');const {parseHTML}=require('linkedom');
const files=process.argv.slice(3).map(f=>fs.readFileSync(f,'utf8'));const seconds=+process.argv[2];let n=0;
const round=()=>{for(const f of files){try{new Readability(parseHTML(f).document).parse()}catch(e){}n++}};
round();n=0;const start=process.cpuUsage();let used=0;
do{round();const u=process.cpuUsage(start);used=(u.user+u.system)/1e6}while(used<seconds);console.log((n/used).toFixed(2))"""


def sentence(rng):
    words = [rng.choice(WORDS) for _ in range(rng.randint(8, 24))]
    return " ".join(words).capitalize() + "."


def page(seed, size):
    """A news page: head, menus, share bars, an article with links and pictures, related cards, scripts."""
    rng, out = random.Random(seed), ["<!DOCTYPE html><html lang=en><head><title>Goats</title><script>"]
    out.append("var a=[" + ",".join(str(rng.random()) for _ in range(size // 100)) + "];</script></head><body><nav><ul>")
    out += [f'<li class="menu-item"><a href="/s/{i}">Section {i}</a></li>' for i in range(60)]
    out.append('</ul></nav><main><article class="story"><h1>Goats at the council</h1>')
    length = sum(map(len, out))
    while length < size:
        kind = rng.random()
        text = " ".join(sentence(rng) for _ in range(rng.randint(1, 5)))
        if kind < 0.75:
            one = f'<p class="c{rng.randint(0, 9)}" data-x="{rng.random()}">{text} <a href="/{seed}">more goats</a> {text}</p>'
        elif kind < 0.85:
            one = f'<figure><img src="{seed}.jpg" alt="A goat at work"><figcaption>{sentence(rng)}</figcaption></figure>'
        else:
            one = "".join(f'<div class="card"><a href="/{i}"><img src=x></a><h3><a href="/{i}">{sentence(rng)}</a></h3></div>'
                          for i in range(4))
        out.append(one)
        length += len(one)
    out.append("</article></main><footer>All rights reserved</footer></body></html>")
    return "".join(out)


def run(command):
    """(wall seconds, CPU seconds, peak memory in MB)"""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    err = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: {err.decode()}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def peer(read_pages, pages, runs, folder):
    npm = subprocess.run(["npm", "install", "--no-fund", "--no-audit", "--prefix", folder, "@mozilla/readability", "linkedom"],
                         capture_output=True)
    if npm.returncode:
        sys.exit("npm could not install the peer: " + npm.stderr.decode()[-300:])
    script = pathlib.Path(folder) / "peer.js"
    script.write_text(PEER)
    ratios, ours, theirs = [], [], []
    for _ in range(runs):
        ours.append(float(subprocess.check_output([read_pages, "3", *pages])))
        theirs.append(float(subprocess.check_output(["node", str(script), "3", *pages])))
        ratios.append(ours[-1] / theirs[-1])
    print(f"peer: {statistics.median(ours):.0f} pages/s of CPU ({1000 / statistics.median(ours):.2f} ms a page), Readability "
          f"under linkedom {statistics.median(theirs):.0f} ({1000 / statistics.median(theirs):.2f} ms): "
          f"{statistics.median(ratios):.1f} times as fast")


def command(narrate, pages):
    page_ms = [1000 * min(run([narrate, "read", "--body", p])[1] for _ in range(3)) for p in pages]
    start = 1000 * min(run([narrate, "--version"])[1] for _ in range(9))
    print(f"command: CPU a page, start included: mean {statistics.mean(page_ms):.1f} ms, median "
          f"{statistics.median(page_ms):.1f}, largest {max(page_ms):.1f}; the start alone {start:.1f} ms")


def in_child(make, path):
    """Writes make()'s text from a process of its own: what this one holds would count as the measured one's at its start."""
    process = multiprocessing.Process(target=lambda: pathlib.Path(path).write_text(make()))
    process.start()
    process.join()


def linear(narrate, folder):
    rows = []
    for size in 1, 10, 100:
        path = pathlib.Path(folder) / f"{size}.html"
        in_child(lambda: page(1, size * 1_000_000), path)
        _, cpu, memory = run([narrate, "read", "--body", str(path)])
        rows.append((size, cpu, memory))
        path.unlink()
    for size, cpu, memory in rows:
        print(f"linear: {size:4} MB: {cpu:7.2f} s, {cpu / size * 1000:6.1f} ms and {memory / size:5.1f} MB of memory for each MB")
    path = pathlib.Path(folder) / "deep.html"
    in_child(lambda: "<div>" * 100_000 + "<p>The goats are at the bottom of all this, as they always were." + "</div>" * 100_000, path)
    _, cpu, memory = run([narrate, "read", "--body", str(path)])
    print(f"linear: 100,000 nested elements: {cpu:.2f} s, {memory:.0f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("narrate")
    parser.add_argument("read_pages")
    parser.add_argument("what", nargs="*", default=[])
    parser.add_argument("--pages", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    what = args.what or ["peer", "command", "linear"]
    with tempfile.TemporaryDirectory() as folder:
        if args.pages:
            pages = sorted(str(p) for p in args.pages.glob("*.html"))
        else:
            pages = []
            for seed in range(30):
                path = pathlib.Path(folder) / f"page{seed}.html"
                path.write_text(page(seed, 60_000 + 10_000 * seed))
                pages.append(str(path))
        if "peer" in what:
            peer(args.read_pages, pages, args.runs, folder)
        if "command" in what:
            command(args.narrate, pages)
        if "linear" in what:
            linear(args.narrate, folder)


if __name__ == "__main__":
    main()
