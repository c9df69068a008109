#!/usr/bin/env python3
"""Finished files: their loudness and peaks as ffmpeg measures them, and how fast they are made beside the pipeline that a
person would write.

usage: tests/bench/publish.py NARRATE [loudness] [speed] [memory] [--articles FOLDER] [--count N] [--characters N] [--runs N]

loudness  LUFS and dBTP of every format and preset, over N articles and a male and a female voice; what lies outside
          +-0.5 LU or above the true peak has a star
speed     article to finished MP3, Opus and M4A, mastering included, beside `espeak-ng --stdout | ffmpeg` to the same codec,
          bitrate and sample rate: wall and CPU as ratios, medians of paired runs
memory    the peak of all processes together (proportional set size) for a text of 10 minutes and one of 10 hours

FOLDER holds pages, *.html or *.html.gz; without one, the bundled articles are taken.
"""
import argparse
import gzip
import os
import pathlib
import re
import shlex
import statistics
import subprocess
import sys
import tempfile

from whole import ARTICLES, english, peak_memory, run, sized

VOICES = {"male": "en-gb", "female": "en-us+f3"}
CASES = [("mp3", [], -16, -1), ("opus", [], -16, -1), ("ogg", [], -16, -1), ("m4a", [], -16, -1),
         ("wav", ["--loudness", "-16"], -16, -1), ("flac", ["--loudness", "-19"], -19, -1),
         ("mp3", ["--master", "podcast"], -16, -1), ("opus", ["--master", "podcast"], -16, -1),
         ("m4a", ["--master", "podcast"], -16, -1), ("wav", ["--master", "podcast"], -16, -1),
         ("mp3", ["--master", "audiobook"], -20, -3), ("m4b", ["--master", "audiobook"], -20, -3),
         ("flac", ["--master", "audiobook"], -20, -3)]


def measured(path):
    """(LUFS, dBTP)"""
    said = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true:framelog=verbose",
                           "-f", "null", "-"], capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary:"):]
    return float(re.search(r"I:\s+(\S+) LUFS", summary)[1]), float(re.search(r"Peak:\s+(\S+) dBFS", summary)[1])


def bodies(narrate, folder, count, characters, scratch):
    """The articles' own text, as files."""
    pages = sorted(folder.glob("*.html*")) if folder else sorted(ARTICLES.iterdir())
    found = []
    for page in pages:
        if len(found) == count:
            break
        content = gzip.open(page).read() if page.suffix == ".gz" else page.read_bytes()
        form = [] if not folder else ["--input-format", "html"]
        body = subprocess.run([narrate, "read", "--body", "-" if folder else page, *form], input=content, capture_output=True).stdout
        if len(body) > min(characters, 1500):
            path = pathlib.Path(scratch, f"{len(found)}.txt")
            path.write_text(sized(body.decode().replace("\n", "\n\n"), characters).decode(errors="ignore"))
            found.append(path)
    return found


def loudness(narrate, articles, scratch):
    print(f"loudness  {len(articles)} articles x {len(VOICES)} voices, by ffmpeg's ebur128: least, median, most; highest peak")
    for ending, options, target, ceiling in CASES:
        found = []
        for article in articles:
            for voice in VOICES.values():
                out = f"{scratch}/out.{ending}"
                done = subprocess.run([narrate, article, "-o", out, "--overwrite", "--quiet", "--voice", voice, *options],
                                      capture_output=True, text=True)
                if done.returncode:
                    break
                found.append(measured(out))
        if not found:
            print(f"  {ending:5s} {' '.join(options):20s} cannot be written: {done.stderr.strip()[:100]}")
            continue
        lufs, peaks = sorted(f[0] for f in found), [f[1] for f in found]
        good = max(abs(v - target) for v in lufs) <= 0.5 and max(peaks) <= ceiling
        print(f"  {ending:5s} {' '.join(options):20s} {lufs[0]:6.1f} {statistics.median(lufs):6.1f} {lufs[-1]:6.1f} LUFS, "
              f"{max(peaks):5.1f} dBTP {'' if good else '*'}", flush=True)


def speed(narrate, text, scratch, runs):
    cases = [("mp3", "-c:a libmp3lame -b:a 64k", []), ("mp3", "-c:a libmp3lame -b:a 96k -ar 44100", ["--master", "podcast"]),
             ("opus", "-c:a libopus -b:a 32k -ar 24000", []), ("m4a", "-c:a aac -b:a 64k", [])]
    for ending, codec, more in cases:
        bitrate = re.search(r"-b:a (\S+)", codec)[1]
        ours = [narrate, text, "-o", f"{scratch}/out.{ending}", "--overwrite", "--quiet", "--voice", "en", *more]
        peer = ["sh", "-c", f"espeak-ng -v en -f {shlex.quote(text)} --stdout | "
                            f"ffmpeg -nostdin -v error -y -i - {codec} {scratch}/peer.{ending}"]
        pairs = [(run(ours), run(peer)) for _ in range(runs)]
        plain = [] if more else [(run([*ours, "--bitrate", bitrate, "--loudness", "off"]), b) for _, b in pairs]
        for name, found in (" ".join(more) or "mastered", pairs), ("--loudness off", plain):
            if not found:
                continue
            wall, cpu = (statistics.median(a[i] / b[i] for a, b in found) for i in (0, 1))
            print(f"speed     {ending} {bitrate}, {name}: wall {wall:.2f} x the peer's, CPU {cpu:.2f} x the peer's", flush=True)


def memory(narrate, text, scratch):
    for name, size in ("10 minutes", 9_000), ("10 hours", 540_000):
        path = pathlib.Path(scratch, f"long{size}.txt")
        path.write_bytes(sized(text, size))
        for ending in "mp3", "opus":
            peak = peak_memory([narrate, str(path), "-o", f"{scratch}/long.{ending}", "--overwrite", "--quiet", "--master", "podcast",
                                "--jobs", "2"]) / 1024
            print(f"memory    {name} to {ending}: peak {peak:.1f} MiB", flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("narrate")
    parser.add_argument("what", nargs="*")
    parser.add_argument("--articles", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--characters", type=int, default=3000)
    parser.add_argument("--runs", type=int, default=7)
    args = parser.parse_args()
    what = args.what or ["loudness", "speed", "memory"]
    narrate = os.path.abspath(args.narrate)
    with tempfile.TemporaryDirectory() as scratch:
        if "loudness" in what:
            loudness(narrate, bodies(narrate, args.articles, args.count, args.characters, scratch), scratch)
        if "speed" in what:
            path = pathlib.Path(scratch, "speed.txt")
            path.write_bytes(sized(english(narrate, None), 60_000))
            speed(narrate, str(path), scratch, args.runs)
        if "memory" in what:
            memory(narrate, english(narrate, None), scratch)


if __name__ == "__main__":
    sys.exit(main())
