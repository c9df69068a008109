#!/usr/bin/env python3
"""What a page costs beside the bare narration, for an article of 10,000 words, and how large its files are.

usage: page.py NARRATE [WORDS] [-- OPTIONS of page and save, as --voice null]
"""
import gzip
import pathlib
import subprocess
import sys
import tempfile
import time

ARTICLES = pathlib.Path(__file__).resolve().parents[2] / "assets/articles"


def paragraphs(words):
    """Paragraphs of the bundled articles, over and over, each time with another number, under headings."""
    text = (ARTICLES / "harbour.txt").read_text() + "\n\n" + (ARTICLES / "tea.md").read_text().split("---", 2)[2]
    good = [p.replace("\n", " ") for p in text.split("\n\n") if len(p.split()) > 25 and p[0] not in "#>-*![`1"]
    count, n = 0, 0
    while count < words:
        if n % len(good) == 0:
            yield f"<h2>Part {n // len(good) + 1}</h2>"
        p = f"{good[n % len(good)]} That was paragraph {n + 1}, of {n + 7} that were planned."
        count += len(p.split())
        n += 1
        yield f"<p>{p}</p>"


def run(*args):
    start = time.monotonic()
    subprocess.run(args, check=True, capture_output=True)
    return time.monotonic() - start


def main():
    own = sys.argv[1:]
    options = own[own.index("--") + 1:] if "--" in own else []
    own = own[:own.index("--")] if "--" in own else own
    narrate, words = own[0], int(own[1]) if len(own) > 1 else 10000
    with tempfile.TemporaryDirectory() as folder:
        article, out = f"{folder}/a.html", pathlib.Path(folder) / "out"
        body = "\n".join(paragraphs(words))
        pathlib.Path(article).write_text(f"<html lang=en-GB><title>A long one</title><h1>A long one</h1>{body}</html>")
        bare = min(run(narrate, article, "-o", f"{folder}/{i}.wav", *options) for i in range(2))
        both = sum(run(narrate, article, "-o", f"{folder}/a.{kind}", *options) for kind in ("opus", "mp3"))
        first = run(narrate, "page", article, "-o", str(out), *options)
        again = run(narrate, "page", article, "-o", str(out), *options)
        print(f"{len(body.split())} words: narration to WAV {bare:.2f} s")
        print(f"page, with Opus and MP3: {first / bare:.2f} of that; saving Opus and MP3 one after the other: {both / bare:.2f}")
        print(f"page, nothing changed: {again / bare:.4f}")
        for path in sorted(out.iterdir()):
            size = path.stat().st_size
            print(f"{path.name:24} {size:10} bytes{f', {len(gzip.compress(path.read_bytes(), 9, mtime=0))} gzipped' if size < 4e6 else ''}")


if __name__ == "__main__":
    main()
