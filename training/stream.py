"""The recurrent states that are passed from one segment of the documents to the next. Gradients are not passed."""

import torch
from torch import Tensor

EMPTY_EXPONENT = -1e30  # exponent of an empty sum in RWKV-4's state


class Stream:
    """What carries over between segments: the states. `starts` marks where documents begin in the current segment."""

    def __init__(self, starts: Tensor | None = None, dtype: torch.dtype = torch.float32) -> None:
        self.starts = torch.empty(0) if starts is None else starts  # [B, T / CHUNK] uint8
        self.dtype = dtype  # of the states
        self.kept: dict[str, Tensor] = {}

    def state(self, name: str, *shape: int) -> Tensor:
        """The state with this name, which kernels update in place; initially zero."""
        if not self._has(name, shape):
            self.kept[name] = torch.zeros(shape, dtype=self.dtype, device=self.starts.device)
        return self.kept[name]

    def state4(self, name: str, rows: int, width: int) -> Tensor:
        """RWKV-4's state [B, 3, C]: numerator, denominator and their common exponent; initially empty."""
        if not self._has(name, (rows, 3, width)):
            self.state(name, rows, 3, width)[:, 2] = EMPTY_EXPONENT
        return self.kept[name]

    def _has(self, name: str, shape: tuple[int, ...]) -> bool:
        return name in self.kept and self.kept[name].shape == shape
