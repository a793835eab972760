"""Streams of documents: each row of a batch reads whole documents one after the other, however long they are."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from plain import CHUNK
from vocabulary import END_OF_DOCUMENT

NO_TARGET = -1


class Documents:
    """What documents.py wrote, from document `next` on; after the last one the first."""

    def __init__(self, work: Path) -> None:
        self.tokens = np.memmap(work / "train.tokens", dtype=np.uint16, mode="r")
        self.ends = np.fromfile(work / "train.index", dtype=np.int64)
        self.next = 0

    def take(self) -> np.ndarray:
        i = self.next % len(self.ends)
        self.next += 1
        return np.array(self.tokens[self.ends[i - 1] if i else 0 : self.ends[i]])


class Rows:
    """Batches of B rows of T tokens. `rows` holds what each row has still to read."""

    def __init__(self, documents: Documents, batch: int, length: int) -> None:
        assert length % CHUNK == 0
        self.documents, self.length = documents, length
        self.rows: list[np.ndarray] = [np.empty(0, np.uint16)] * batch

    def batch(self) -> tuple[Tensor, Tensor, Tensor]:
        """Tokens and targets [B, T], starts [B, T / CHUNK]."""
        drawn = [self._row(i) for i in range(len(self.rows))]
        return tuple(torch.from_numpy(np.stack(part)) for part in zip(*drawn))  # type: ignore[return-value]

    def _row(self, i: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        parts, targets, starts = [], [], np.zeros(self.length // CHUNK, np.uint8)
        filled = 0
        while filled < self.length:
            if len(self.rows[i]) == 0:
                self.rows[i] = self.documents.take()
                starts[filled // CHUNK] = 1
            rest = self.rows[i]
            part = rest[: self.length - filled].astype(np.int64)
            following = rest[1 : self.length - filled + 1].astype(np.int64)
            # Behind the last token of a document comes nothing that could be told from it.
            target = np.full(len(part), NO_TARGET, np.int64)
            target[: len(following)] = following
            # Of the padding only the first end is to be predicted.
            target[(target == END_OF_DOCUMENT) & (part == END_OF_DOCUMENT)] = NO_TARGET
            parts.append(part)
            targets.append(target)
            filled += len(part)
            self.rows[i] = rest[len(part) :]
        return np.concatenate(parts), np.concatenate(targets), starts

    def state_dict(self) -> dict:
        return {"next": self.documents.next, "rows": list(self.rows)}

    def load_state_dict(self, state: dict) -> None:
        """A batch of another size keeps as many rows as it has, or gets empty ones."""
        self.documents.next = state["next"]
        missing = len(self.rows) - len(state["rows"])
        self.rows = state["rows"][: len(self.rows)] + [np.empty(0, np.uint16)] * missing
