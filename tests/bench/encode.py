#!/usr/bin/env python3
"""encode.py BENCH_ENCODE WAV [RUNS]: how fast each format is encoded, beside ffmpeg with the same codec, bit rate and sample
rate on the same WAV: times real time by the wall's clock and by processor time, best of RUNS, and the ratio of the walls."""
import resource
import subprocess
import sys
import tempfile
import time
import wave

PEERS = {"mp3": (["-c:a", "libmp3lame", "-b:a", "64k", "-ar", "44100"], "mp3"),
         "opus": (["-c:a", "libopus", "-b:a", "32k"], "opus"),
         "m4a": (["-c:a", "aac", "-b:a", "64k", "-ar", "44100"], "m4a"),
         "ogg": (["-c:a", "libvorbis", "-q:a", "4"], "ogg"),
         "flac": (["-c:a", "flac"], "flac")}


def timed(command):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    program, sound = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    with wave.open(sound) as w:
        seconds = w.getnframes() / w.getframerate()
    print(f"{seconds:.0f} s of sound\n        narrate        ffmpeg         wall")
    with tempfile.TemporaryDirectory() as folder:
        for ending, (how, peer) in PEERS.items():
            ours = min(timed([program, sound, f"{folder}/a.{ending}"]) for _ in range(runs))
            theirs = min(timed(["ffmpeg", "-v", "error", "-y", "-i", sound, *how, f"{folder}/b.{peer}"]) for _ in range(runs))
            print(f"{ending:5}{seconds / ours[0]:6.0f}x ({seconds / ours[1]:4.0f}x){seconds / theirs[0]:6.0f}x ({seconds / theirs[1]:4.0f}x)"
                  f"   {ours[0] / theirs[0]:.2f}")


if __name__ == "__main__":
    main()
