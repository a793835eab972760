"""Batches of documents. Each row reads complete documents one after the other, however long they are."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from plain import CHUNK
from vocabulary import END_OF_DOCUMENT

NO_TARGET = -1


class Documents:
    """The documents of documents.py. `next` is the index of the next one. The first document follows the last."""

    def __init__(self, work: Path) -> None:
        self.tokens = np.memmap(work / "train.tokens", dtype=np.uint16, mode="r")
        self.ends = np.fromfile(work / "train.index", dtype=np.int64)
        self.next = 0

    def skip(self, tokens: int) -> None:
        """Continues after the documents that are complete in the first `tokens` tokens."""
        self.next = int(np.searchsorted(self.ends, tokens, side="right"))

    def take(self) -> np.ndarray:
        i = self.next % len(self.ends)
        self.next += 1
        return np.array(self.tokens[self.ends[i - 1] if i else 0 : self.ends[i]])


class Rows:
    """Makes batches of B rows of T tokens. `rows` contains what each row still has to read of its document."""

    def __init__(self, documents: Documents, batch: int, length: int) -> None:
        assert length % CHUNK == 0
        self.documents, self.length = documents, length
        self.rows: list[np.ndarray] = [np.empty(0, np.uint16)] * batch

    def batch(self) -> tuple[Tensor, Tensor, Tensor]:
        """Returns tokens and targets [B, T], and starts [B, T / CHUNK], 1 where a document begins."""
        drawn = [self._row(i) for i in range(len(self.rows))]
        return tuple(torch.from_numpy(np.stack(part)) for part in zip(*drawn))  # type: ignore[return-value]

    def _row(self, i: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        parts, targets, starts = [], [], np.zeros(self.length // CHUNK, np.uint8)
        filled = 0
        while filled < self.length:
            if len(self.rows[i]) == 0:
                self.rows[i] = self.documents.take()
                starts[filled // CHUNK] = 1
            unread = self.rows[i]
            part = unread[: self.length - filled].astype(np.int64)
            following = unread[1 : self.length - filled + 1].astype(np.int64)
            # The last token of a document has no target, because the next document does not depend on it.
            target = np.full(len(part), NO_TARGET, np.int64)
            target[: len(following)] = following
            # Of the padding, only the first token is a target.
            target[(target == END_OF_DOCUMENT) & (part == END_OF_DOCUMENT)] = NO_TARGET
            parts.append(part)
            targets.append(target)
            filled += len(part)
            self.rows[i] = unread[len(part) :]
        return np.concatenate(parts), np.concatenate(targets), starts

    def state_dict(self) -> dict:
        return {"next": self.documents.next, "rows": list(self.rows)}

    def load_state_dict(self, state: dict) -> None:
        """Restores the state. If the batch size has changed, surplus rows are dropped or empty rows are added."""
        self.documents.next = state["next"]
        missing = len(self.rows) - len(state["rows"])
        self.rows = state["rows"][: len(self.rows)] + [np.empty(0, np.uint16)] * missing
