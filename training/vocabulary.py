"""Tokenizes by greedy longest match, as the extension does (src/rwkv/tokenizers)."""

import ast
import ctypes
from pathlib import Path

import numpy as np

from kernels import C

# Bytes 0 to 5 serve as sentinels in RWKV Code's document format and never occur in text.
END_OF_DOCUMENT, SUFFIX, MIDDLE, HEADER, END_OF_MIDDLE = 0, 2, 3, 4, 5
SENTINELS = bytes(range(6))
VOCABULARY = Path(__file__).parent.parent / "models" / "default" / "vocab.txt"


class Vocabulary:
    def __init__(self, file: Path = VOCABULARY) -> None:
        """Reads a vocabulary in the World models' format: `id b'…' bytes`, one entry per line."""
        entries: dict[int, bytes] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            first, last = line.index(" "), line.rindex(" ")
            text = ast.literal_eval(line[first + 1 : last])
            entries[int(line[:first])] = text if isinstance(text, bytes) else text.encode()
        self.size = max(entries) + 1
        self.entries = [entries.get(i, b"") for i in range(self.size)]
        self.lengths = np.array([len(e) for e in self.entries])
        offsets = np.concatenate([[0], np.cumsum(self.lengths)]).astype(np.int32)
        self._trie = ctypes.c_void_p(
            C.trie_new(b"".join(self.entries), offsets.ctypes.data_as(ctypes.c_void_p), self.size)
        )

    def encode(self, text: bytes) -> np.ndarray:
        """The tokens (uint16) of bytes without sentinels."""
        tokens = np.empty(len(text), dtype=np.uint16)
        count = C.trie_encode(self._trie, text, ctypes.c_int64(len(text)), tokens.ctypes.data_as(ctypes.c_void_p))
        if count < 0:
            raise ValueError("the text contains a byte that no vocabulary entry begins with")
        return tokens[:count].copy()

    def decode(self, tokens: np.ndarray) -> bytes:
        return b"".join(self.entries[t] for t in tokens)


def clean(text: str) -> bytes:
    """UTF-8 without sentinel bytes and carriage returns, like src/core/tokens/normalize.ts."""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode().translate(None, SENTINELS)
