"""RWKV-7 for training, with BlinkDL's names and initial values (docs/RWKV.md §5)."""

import math

import torch
from torch import Tensor, nn

from layers import Matrix, TallPair
from operations import norm_mix, relu_squared, time_mix7
from stream import Stream

HEAD = 64


class Block(nn.Module):
    def __init__(self, width: int, layers: int, layer: int, ranks: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.layer = layer
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.att, self.ffn = TimeMix(width, layers, layer, ranks), ChannelMix(width, layers, layer)

    def forward(self, x: Tensor, first: Tensor | None, stream: Stream) -> tuple[Tensor, Tensor]:
        mixed, first = self.att(x, self.ln1, first, stream)
        x = x + mixed
        return x + self.ffn(x, self.ln2, stream), first


class TimeMix(nn.Module):
    def __init__(self, width: int, layers: int, layer: int, ranks: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.layer = layer
        depth, remaining = layer / max(1, layers - 1), 1 - layer / layers
        channel = torch.arange(width)
        ddd, linear = channel / width, channel / (width - 1) - 0.5
        zigzag = ((channel % HEAD) - (HEAD - 1) / 2) / ((HEAD - 1) / 2)
        zigzag = zigzag * zigzag.abs()
        decay = -6 + 6 * (channel / (width - 1)) ** (1 + depth**0.3)
        self.mix = nn.Parameter(
            torch.stack([1 - ddd ** (e * remaining) for e in (0.2, 0.9, 0.7, 0.7, 0.9, 0.2)])
        )  # r w k v a g
        self.w0 = nn.Parameter(decay + 0.5 + zigzag * 2.5)
        self.a0 = nn.Parameter(-0.19 + zigzag * 0.3 + linear * 0.4)
        self.k_k = nn.Parameter(0.71 - linear * 0.1)
        self.k_a = nn.Parameter(torch.full((width,), 1.02))
        self.r_k = nn.Parameter(torch.full((width // HEAD, HEAD), -0.04))
        self.w, self.a, self.g = (TallPair(width, ranks[i]) for i in (0, 1, 3))
        if layer > 0:
            self.v0, self.v = nn.Parameter(0.73 - linear * 0.4), TallPair(width, ranks[2])
        bound = 0.5 / math.sqrt(width)
        self.receptance, self.value = Matrix(width, width, bound), Matrix(width, width, bound)
        self.key, self.output = Matrix(width, width, bound / 10), Matrix(width, width, 0)
        self.ln_x = nn.GroupNorm(width // HEAD, width, eps=64e-5)
        nn.init.constant_(self.ln_x.weight, ((1 + layer) / layers) ** 0.7)

    def forward(self, x: Tensor, norm: nn.LayerNorm, first: Tensor | None, stream: Stream) -> tuple[Tensor, Tensor]:
        name = f"blocks.{self.layer}"
        xr, xw, xk, xv, xa, xg = norm_mix(x, norm.weight, norm.bias, self.mix, stream, f"{name}.att.x")
        r, k, v = self.receptance(xr), self.key(xk), self.value(xv)
        w, a, g = self.w(xw, torch.tanh), self.a(xa), self.g(xg, torch.sigmoid)
        nu = None if self.layer == 0 else self.v(xv)
        v0 = torch.zeros_like(self.w0) if self.layer == 0 else self.v0
        parameters = torch.stack(
            [self.w0, self.a0, v0, self.k_k, self.k_a, self.r_k.flatten(), self.ln_x.weight, self.ln_x.bias]
        )
        y = time_mix7([r, k, v, first, w, a, nu, g], parameters, stream, f"{name}.att.state")
        return self.output(y).to(x.dtype), v if first is None else first


class ChannelMix(nn.Module):
    def __init__(self, width: int, layers: int, layer: int) -> None:
        super().__init__()
        self.layer = layer
        ddd = torch.arange(width) / width
        self.mix = nn.Parameter((1 - ddd ** ((1 - layer / layers) ** 4))[None])
        self.key, self.value = Matrix(4 * width, width, 0.5 / math.sqrt(width)), Matrix(width, 4 * width, 0)

    def forward(self, x: Tensor, norm: nn.LayerNorm, stream: Stream) -> Tensor:
        (xk,) = norm_mix(x, norm.weight, norm.bias, self.mix, stream, f"blocks.{self.layer}.ffn.x")
        return self.value(relu_squared(self.key(xk))).to(x.dtype)
