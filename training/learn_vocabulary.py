"""Learns a vocabulary from WORK/train.jsonl and writes it in World's file format.

    python3 learn_vocabulary.py WORK OUT.txt [--size 8192] [--megabytes typescript=12,javascript=6,python=10]

Prints bytes per token of held-out source for the new vocabulary and for the shipped one.
"""

import argparse
import json
import random
import subprocess
import tempfile
from pathlib import Path

from vocabulary import Vocabulary, clean

MAX_FILE_BYTES = 20_000
HERE = Path(__file__).parent


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("work", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--size", type=int, default=8192)
    arguments.add_argument("--megabytes", default="typescript=12,javascript=6,python=10")
    options = arguments.parse_args()
    wanted = {k: float(v) * 1e6 for k, v in (part.split("=") for part in options.megabytes.split(","))}

    with tempfile.TemporaryDirectory() as folder:
        program, sample = Path(folder) / "learn", Path(folder) / "sample"
        subprocess.run(["g++", "-O2", "-std=c++17", HERE / "learn_vocabulary.cpp", "-o", program], check=True)
        sample.write_bytes(sample_of(options.work / "train.jsonl", wanted))
        result = subprocess.run([program, sample, str(options.size - 256)], check=True, capture_output=True, text=True)
    write(options.out, [bytes.fromhex(line) for line in result.stdout.split()])
    for name, vocabulary in (("new", Vocabulary(options.out)), ("shipped", Vocabulary())):
        print(name, bytes_per_token(options.work / "test.jsonl", vocabulary))


def sample_of(source: Path, wanted: dict[str, float]) -> bytes:
    files = [json.loads(line) for line in open(source, encoding="utf-8")]
    random.Random(1).shuffle(files)
    parts = []
    for file in files:
        if wanted.get(file["language"], 0) > 0:
            text = clean(file["text"])[:MAX_FILE_BYTES]
            wanted[file["language"]] -= len(text)
            parts.append(text)
    return b"\0".join(parts)


def write(out: Path, learned: list[bytes]) -> None:
    """Writes the vocabulary. Ids 0 to 5 are sentinels and have no line; ids 6 to 255 are bytes."""
    entries = [bytes([i]) for i in range(256)] + learned
    lines = [
        f"{i} b'{''.join(f'{chr(92)}x{c:02x}' for c in entry)}' {len(entry)}"
        for i, entry in enumerate(entries)
        if i > 5
    ]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def bytes_per_token(source: Path, vocabulary: Vocabulary) -> dict[str, float]:
    size: dict[str, list[int]] = {}
    for line in open(source, encoding="utf-8"):
        file = json.loads(line)
        text = clean(file["text"])
        total = size.setdefault(file["language"], [0, 0])
        total[0] += len(text)
        total[1] += len(vocabulary.encode(text))
    return {language: round(total / tokens, 3) for language, (total, tokens) in sorted(size.items())}


if __name__ == "__main__":
    main()
