"""Measures bits per byte on held-out source: on the first 512 tokens of some files of each language."""

import json
import math
from pathlib import Path

import numpy as np
import torch

from documents import header
from layers import forget_copies
from model import Model
from plain import CHUNK
from stream import Stream
from vocabulary import HEADER, Vocabulary, clean

TOKENS = 512
FILES = 48


class HeldOut:
    def __init__(self, work: Path, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.samples: dict[str, list[tuple[np.ndarray, int]]] = {}
        with open(work / "test.jsonl", encoding="utf-8") as lines:
            for line in lines:
                file = json.loads(line)
                own = self.samples.setdefault(file["language"], [])
                head = vocabulary.encode(header(file))
                tokens = np.concatenate([[HEADER], vocabulary.encode(header(file) + clean(file["text"]))])[: TOKENS + 1]
                if len(tokens) == TOKENS + 1:
                    own.append((tokens.astype(np.int64), len(head)))
        # Takes files at equal distances in the list, so that they do not all come from the first packages.
        self.samples = {k: v[:: max(1, len(v) // FILES)][:FILES] for k, v in sorted(self.samples.items())}

    @torch.no_grad()
    def bits_per_byte(self, model: Model, part: int = 0, parts: int = 1) -> dict[str, float]:
        """Bits per byte by language: of every `parts`-th language, starting at index `part`; by default of all."""
        forget_copies(model)
        selected = list(self.samples.items())[part::parts]
        return {language: round(self._measure(model, samples), 4) for language, samples in selected}

    def _measure(self, model: Model, samples: list[tuple[np.ndarray, int]]) -> float:
        nats = size = 0.0
        for i in range(0, len(samples), 16):
            part = samples[i : i + 16]
            device = model.emb.weight.device
            tokens = torch.from_numpy(np.stack([t for t, _ in part])).to(device)
            starts = torch.zeros(len(part), TOKENS // CHUNK, dtype=torch.uint8, device=device)
            logits = model.logits(tokens[:, :-1], Stream(starts))
            losses = torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), tokens[:, 1:].flatten(), reduction="none"
            ).view(len(part), -1)
            for row, (own, head) in zip(losses, part):
                nats += row[head:].sum().item()
                size += self.vocabulary.lengths[own[head + 1 :]].sum()
        return nats / math.log(2) / size
