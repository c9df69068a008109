#!/usr/bin/env python3
"""How many captions keep the limits: captions.py NARRATE ARTICLE... (pages, text, either of
them gzipped; a folder of them).

For each article: captions, and the share of them with at most two lines of 42 columns, at most 20 characters a second
(what stands longer than its speech counts as it stands), 1 to 7 seconds; overlaps; and where they end: at a sentence, at
another mark of punctuation, elsewhere."""
import gzip
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata


def columns(text, wide=2):
    """How many characters there are to read; those of double width count 2, or, on a line that holds 16 of them, 2 5/8."""
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else wide if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def widest(lines):
    return max(columns(line, 21 / 8) for line in lines)


def seconds(text):
    h, m, s = text.split(":")
    return int(h) * 3600 + int(m) * 60 + float(s)


def cues(path):
    for block in path.read_text("utf8").split("\n\n")[1:]:
        head, *lines = block.strip("\n").split("\n")
        start, end = map(seconds, head.split(" --> "))
        yield start, end, [line.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") for line in lines]


def main():
    program, articles = sys.argv[1], []
    for name in map(pathlib.Path, sys.argv[2:]):
        articles += sorted(p for p in name.iterdir() if p.is_file()) if name.is_dir() else [name]
    total = dict.fromkeys(["captions", "lines", "speed", "short", "long", "overlap", "all", "sentence", "mark", "elsewhere"], 0)
    with tempfile.TemporaryDirectory() as folder:
        sound, captions = pathlib.Path(folder) / "a.wav", pathlib.Path(folder) / "a.vtt"
        for article in articles:
            source = article
            if article.suffix == ".gz":
                source = pathlib.Path(folder) / article.stem
                source.write_bytes(gzip.decompress(article.read_bytes()))
            done = subprocess.run([program, source, "-o", sound, "--captions", captions, "--overwrite", "-q"], capture_output=True, text=True)
            if done.returncode:
                print(f"{article.name}: {done.stderr.strip()}")
                continue
            last, n, good = 0, 0, 0
            for start, end, lines in cues(captions):
                width = sum(map(columns, lines)) + len(lines) - 1
                kept = {"lines": len(lines) <= 2 and widest(lines) <= 42, "speed": width / (end - start) <= 20.1,
                        "short": end - start >= 0.999, "long": end - start <= 7.001, "overlap": start >= last - 0.0005}
                for key, good_one in kept.items():
                    total[key] += good_one
                n, good, last = n + 1, good + all(kept.values()), end
                tail = lines[-1].rstrip("\"'\u201d\u2019)]")
                total["sentence" if re.search(r"[.!?\u2026\u3002]$", tail) else "mark" if re.search(r"[,;:\u2013\u2014]$", tail) else "elsewhere"] += 1
            total["captions"] += n
            total["all"] += good
            print(f"{article.name[:40]:40} {n:5} captions, {100 * good / max(n, 1):6.2f} % within all limits")
    n = total.pop("captions") or 1
    print(f"{n} captions; within the limits: " + ", ".join(f"{k} {100 * v / n:.2f} %" for k, v in total.items() if k in
          ("lines", "speed", "short", "long", "overlap", "all")))
    print("they end at: " + ", ".join(f"{k} {100 * total[k] / n:.1f} %" for k in ("sentence", "mark", "elsewhere")))


if __name__ == "__main__":
    main()
