"""Text to training documents: WORK/{train,test,calibration}.jsonl to WORK/{train}.tokens and .index.

    python3 documents.py WORK [--megabytes typescript=90,javascript=35,python=75] [--seed 1]

A document is what the extension gives the model (docs: "Document format" in README.md):

    <4>folder/file.ext\\n text of the file                                         whole files, however long
    <4>folder/file.ext\\n some lines <2> suffix <3> middle lines <5>                 line-aligned prefix-suffix-middle

One document in eight is two or three files of a package, each with its header and no end between. Documents end with <0>
and are padded with it to a multiple of 16 tokens, so that a state can be forgotten where one begins.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np

from vocabulary import END_OF_DOCUMENT, END_OF_MIDDLE, HEADER, MIDDLE, SUFFIX, Vocabulary, clean

CHUNK = 16
MOST_TOKENS = 32_768
# How often files are taken together: then two or three of a package make one document.
TOGETHER = 0.125
# Of the files' text, how much appears once more as prefix-suffix-middle documents.
FILL_IN = 0.25


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("work", type=Path)
    arguments.add_argument("--megabytes", default="typescript=90,javascript=35,python=75")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    wanted = {k: float(v) * 1e6 for k, v in (part.split("=") for part in options.megabytes.split(","))}

    chance = random.Random(options.seed)
    files = chosen(options.work / "train.jsonl", wanted, chance)
    make = Maker(Vocabulary(), chance)
    documents = make.files(files) + make.fill_ins(files)
    chance.shuffle(documents)
    lengths = np.array([len(d) for d in documents], dtype=np.int64)
    np.concatenate(documents).tofile(options.work / "train.tokens")
    np.cumsum(lengths).tofile(options.work / "train.index")
    print(f"{len(documents)} documents, {lengths.sum() / 1e6:.1f}M tokens, {make.bytes / 1e6:.0f} MB of text")
    print(
        "share of tokens in documents over 512, 2048, 8192 tokens:",
        [round(lengths[lengths > n].sum() / lengths.sum(), 2) for n in (512, 2048, 8192)],
    )


def chosen(source: Path, wanted: dict[str, float], chance: random.Random) -> list[dict]:
    """Files in random order until each language has its share."""
    with open(source, encoding="utf-8") as lines:
        files = [json.loads(line) for line in lines]
    chance.shuffle(files)
    left = dict(wanted)
    kept = []
    for file in files:
        if left.get(file["language"], 0) > 0:
            left[file["language"]] -= len(file["text"])
            kept.append(file)
    return kept


class Maker:
    def __init__(self, vocabulary: Vocabulary, chance: random.Random) -> None:
        self.vocabulary, self.chance, self.bytes = vocabulary, chance, 0

    def files(self, files: list[dict]) -> list[np.ndarray]:
        """Each file once, some behind others of their package."""
        by_package: dict[str, list[dict]] = {}
        for file in files:
            by_package.setdefault(file["package"], []).append(file)
        documents = []
        for own in by_package.values():
            while own:
                count = self.chance.choice((2, 3)) if self.chance.random() < TOGETHER else 1
                group = [own.pop() for _ in range(min(count, len(own)))]
                documents += self.ended(np.concatenate([self.file(f) for f in group]))
        return documents

    def file(self, file: dict) -> np.ndarray:
        text = clean(file["text"])
        self.bytes += len(text)
        return np.concatenate([[HEADER], self.vocabulary.encode(header(file) + text)]).astype(np.uint16)

    def fill_ins(self, files: list[dict]) -> list[np.ndarray]:
        """Places within files: some lines above, a line or a few to fill in, some text below."""
        left = sum(len(f["text"]) for f in files) * FILL_IN
        documents = []
        while left > 0:
            file = self.chance.choice(files)
            text = clean(file["text"])
            document, length = self.fill_in(file, text)
            left -= length
            self.bytes += length
            documents += self.ended(document)
        return documents

    def fill_in(self, file: dict, text: bytes) -> tuple[np.ndarray, int]:
        chance = self.chance
        cursor = text.rfind(b"\n", 0, chance.randrange(len(text))) + 1  # a line's start
        above = max(0, cursor - chance.randrange(200, 6000))
        start = text.find(b"\n", above, cursor) + 1 if above else 0
        if start == 0 and above:
            start = cursor
        end = cursor
        for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
            found = text.find(b"\n", end + 1)
            end = found if found >= 0 else len(text)
        middle, suffix = text[cursor:end], text[end : end + chance.choice((0, 300, 600, 1000))]
        encode = self.vocabulary.encode
        parts = [
            [HEADER],
            encode(header(file) + text[start:cursor]),
            [SUFFIX],
            encode(suffix),
            [MIDDLE],
            encode(middle),
            [END_OF_MIDDLE],
        ]
        return np.concatenate(parts).astype(np.uint16), cursor - start + len(middle) + len(suffix)

    def ended(self, tokens: np.ndarray) -> list[np.ndarray]:
        """Cut where it is too long, ended, padded."""
        pieces = [tokens[i : i + MOST_TOKENS - CHUNK] for i in range(0, len(tokens), MOST_TOKENS - CHUNK)]
        return [np.concatenate([p, np.full(CHUNK - len(p) % CHUNK, END_OF_DOCUMENT, np.uint16)]) for p in pieces]


def header(file: dict) -> bytes:
    return clean("/".join(file["path"].split("/")[-2:])) + b"\n"


if __name__ == "__main__":
    main()
