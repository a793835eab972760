"""Converts text to training documents: WORK/train.jsonl to WORK/train.tokens and WORK/train.index.

    python3 documents.py WORK [--megabytes typescript=80,…] [--fill-in 0.1] [--seed 1]

A document has the form in which the extension presents text to the model ("Document format" in README.md):

    <4>folder/file.ext\\n text of the file                                         a complete file
    <4>folder/file.ext\\n some lines <2> suffix <3> middle lines <5>                 line-aligned prefix-suffix-middle

Up to a quarter of the documents of complete files begin with one to three other files from the same folder, each with
its header and without <0> in between.
Documents end with <0> and are padded with it to a multiple of 16 tokens, because states are reset only at such multiples.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vocabulary import END_OF_DOCUMENT, END_OF_MIDDLE, HEADER, MIDDLE, SUFFIX, Vocabulary, clean

CHUNK = 16
MAX_TOKENS = 32_768
# The chance that a document of complete files begins with other files of the same folder, if there are any.
WITH_NEIGHBORS = 0.25
# About a quarter is Python. A language with less text than this is read several times, up to MAX_PASSES.
MEGABYTES = (
    "typescript=80,javascript=40,python=140,go=40,java=40,rust=40,c=36,cpp=36,csharp=16,php=20,ruby=24,css=12,html=10,"
    "shell=12,sql=8,yaml=8,vue=10,svelte=8,json=8"
)
MAX_PASSES = 3


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("work", type=Path)
    arguments.add_argument("--megabytes", default=MEGABYTES)
    arguments.add_argument("--fill-in", type=float, default=0.1, help="fraction of the text that is repeated in that form")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    wanted = {k: float(v) * 1e6 for k, v in (part.split("=") for part in options.megabytes.split(","))}

    chance = random.Random(options.seed)
    with open(options.work / "train.jsonl", encoding="utf-8") as lines:
        folders = by_folder(json.loads(line) for line in lines)
    passes = chosen(folders, wanted, chance)
    make = Maker(Vocabulary(), chance)
    documents = [document for files in passes for document in make.files(files)]
    documents += make.fill_ins([file for files in passes for file in files], options.fill_in)
    chance.shuffle(documents)
    lengths = np.array([len(d) for d in documents], dtype=np.int64)
    np.concatenate(documents).tofile(options.work / "train.tokens")
    np.cumsum(lengths).tofile(options.work / "train.index")
    print(f"{len(documents)} documents, {lengths.sum() / 1e6:.1f}M tokens, {make.bytes / 1e6:.0f} MB of text")
    print({k: round(v / 1e6, 1) for k, v in make.tokens.items()}, "million tokens of complete files")
    print(
        "share of tokens in documents over 512, 2048, 8192 tokens:",
        [round(lengths[lengths > n].sum() / lengths.sum(), 2) for n in (512, 2048, 8192)],
    )


def by_folder(files: Iterator[dict]) -> list[list[dict]]:
    """Groups files by package and folder. Within a folder they are in the order of their names."""
    folders: dict[tuple[str, str], list[dict]] = {}
    for file in files:
        folders.setdefault((file["package"], file["path"].rpartition("/")[0]), []).append(file)
    return [sorted(folder, key=lambda file: file["path"]) for folder in folders.values()]


def chosen(folders: list[list[dict]], wanted: dict[str, float], chance: random.Random) -> list[list[dict]]:
    """Selects files, in passes over all folders in random order, until each language has enough. Returns the passes."""
    left, passes = dict(wanted), []
    for _ in range(MAX_PASSES):
        chance.shuffle(folders)
        files = []
        for folder in folders:
            selected = [file for file in folder if left.get(file["language"], 0) > 0]
            for file in selected:
                left[file["language"]] -= len(file["text"])
            files += selected
        passes.append(files)
    return passes


class Maker:
    def __init__(self, vocabulary: Vocabulary, chance: random.Random) -> None:
        self.vocabulary, self.chance = vocabulary, chance
        self.bytes, self.tokens = 0, dict[str, int]()

    def files(self, files: list[dict]) -> list[np.ndarray]:
        """Makes documents that contain each file once. Some of them contain several consecutive files of a folder."""
        documents, i = [], 0
        while i < len(files):
            count = 1 + (self.chance.choice((1, 2, 3)) if self.chance.random() < WITH_NEIGHBORS else 0)
            following = files[i : i + count]
            group = [file for file in following if folder_of(file) == folder_of(following[0])]
            i += len(group)
            documents += self.ended(np.concatenate([self.file(f) for f in group]))
        return documents

    def file(self, file: dict) -> np.ndarray:
        text = clean(file["text"])
        tokens = np.concatenate([[HEADER], self.vocabulary.encode(header(file) + text)]).astype(np.uint16)
        self.bytes += len(text)
        self.tokens[file["language"]] = self.tokens.get(file["language"], 0) + len(tokens)
        return tokens

    def fill_ins(self, files: list[dict], share: float) -> list[np.ndarray]:
        """Makes prefix-suffix-middle documents at random lines: some lines above, one or a few to fill in, some text below."""
        left = sum(len(f["text"]) for f in files) * share
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
        cursor = text.rfind(b"\n", 0, chance.randrange(len(text))) + 1  # the start of the line with a random byte
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
        """Splits documents that are too long, and adds the end and the padding."""
        parts = [tokens[i : i + MAX_TOKENS - CHUNK] for i in range(0, len(tokens), MAX_TOKENS - CHUNK)]
        return [np.concatenate([p, np.full(CHUNK - len(p) % CHUNK, END_OF_DOCUMENT, np.uint16)]) for p in parts]


def folder_of(file: dict) -> tuple[str, str]:
    return file["package"], file["path"].rpartition("/")[0]


def header(file: dict) -> bytes:
    return clean("/".join(file["path"].split("/")[-2:])) + b"\n"


if __name__ == "__main__":
    main()
