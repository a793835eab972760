"""Layers that RWKV-4 and RWKV-7 both use."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from operations import product, product_copy


class Matrix(nn.Module):
    """A linear layer without bias. Its weight [out, in] starts with uniform random values between -bound and bound."""

    def __init__(self, rows: int, columns: int, bound: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(rows, columns).uniform_(-bound, bound))
        self.copy: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        return product(x, self.weight, self.rounded())

    def rounded(self) -> Tensor:
        """The weight in the type of the matrix products. The copy is kept until `forget_copies` is called."""
        if self.copy is None:
            self.copy = product_copy(self.weight)
        return self.copy


class TallPair(nn.Module):
    """A low-rank pair with an activation in between: RWKV-7's w, a, v and g."""

    def __init__(self, width: int, rank: int) -> None:
        super().__init__()
        self.down, self.up = Matrix(rank, width, 0), Matrix(width, rank, 0)
        nn.init.orthogonal_(self.up.weight, gain=0.1 * math.sqrt(max(1.0, rank / width)))

    def forward(self, x: Tensor, activation: Callable[[Tensor], Tensor] = lambda z: z) -> Tensor:
        return self.up(activation(self.down(x)))


def forget_copies(model: nn.Module) -> None:
    """Drops the copies of all matrices. Must be called whenever weights have changed."""
    for module in model.modules():
        if isinstance(module, Matrix):
            module.copy = None
