"""Measures how often a model reproduces 50 consecutive tokens of its corpus.

    python3 regurgitation.py WORK MODEL.safetensors [PROMPTS]

Prompts the model with the beginnings of files from the corpus and from held-out packages, decodes 64 tokens greedily, and
searches all training files for three runs of 50 of them.
"""

import json
import random
import sys
from pathlib import Path

import numpy as np
import torch

import checkpoint
from documents import header
from layers import forget_copies
from model import Model
from operations import plain_operations
from stream import Stream
from vocabulary import HEADER, Vocabulary, clean

PROMPT, WRITTEN, SPAN = 96, 64, 50


def main(work: Path, weights: Path, prompts: int) -> None:
    tensors = checkpoint.load(weights)
    model = Model(checkpoint.shape_of(tensors))
    checkpoint.load_named(model, tensors)
    vocabulary = Vocabulary()
    corpus = b"\0".join(clean(file["text"]) for file in files(work / "train.jsonl"))
    print(
        f"{len(corpus) / 1e6:.0f} MB of corpus, {prompts} prompts of {PROMPT} tokens, {WRITTEN} tokens generated to each"
    )
    for part in ("train", "test"):
        beginnings = prompts_of(files(work / f"{part}.jsonl"), vocabulary, prompts)
        texts = [spans(tokens, vocabulary) for tokens in generated(model, beginnings)]
        found = [text for own in texts for text in own if text in corpus]
        withany = sum(any(text in corpus for text in own) for own in texts)
        print(
            f"prompts from {part}: {withany} of {len(texts)} hold {SPAN} tokens of the corpus ({len(found)} stretches)"
        )
        for text in found[:3]:
            print("   ", text[:100])


def files(source: Path) -> list[dict]:
    with open(source, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def prompts_of(sources: list[dict], vocabulary: Vocabulary, count: int) -> np.ndarray:
    """Makes prompts [count, PROMPT] of the headers and beginnings of files in random order."""
    random.Random(1).shuffle(sources)
    prompts = []
    for file in sources:
        tokens = [HEADER, *vocabulary.encode(header(file) + clean(file["text"])[:2000])][:PROMPT]
        if len(tokens) == PROMPT:
            prompts.append(tokens)
        if len(prompts) == count:
            break
    return np.array(prompts, dtype=np.int64)


def generated(model: Model, prompts: np.ndarray) -> np.ndarray:
    """Greedy continuations of the prompts, [prompts, WRITTEN]."""
    tokens = torch.from_numpy(prompts)
    with plain_operations(), torch.no_grad():
        forget_copies(model)
        stream = Stream(torch.zeros(len(tokens), PROMPT // 16, dtype=torch.uint8))
        best = model.logits(tokens, stream)[:, -1].argmax(-1, keepdim=True)
        run = [best]
        while len(run) < WRITTEN:
            stream.starts = torch.zeros(len(tokens), 1, dtype=torch.uint8)
            run.append(model.logits(run[-1], stream)[:, -1].argmax(-1, keepdim=True))
    return torch.cat(run, 1).numpy()


def spans(tokens: np.ndarray, vocabulary: Vocabulary) -> list[bytes]:
    return [vocabulary.decode(tokens[i : i + SPAN]) for i in range(0, WRITTEN - SPAN + 1, 7)]


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    torch.set_num_threads(2)
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) == 4 else 200)
