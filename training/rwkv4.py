"""RWKV-4 for training. Compared with RWKV-7, its state is smaller and it is faster on a processor."""

import math

import torch
from torch import Tensor, nn

from layers import Matrix
from operations import norm_mix, relu_squared, time_mix4
from stream import Stream


class Block(nn.Module):
    def __init__(self, width: int, layers: int, layer: int) -> None:
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.att, self.ffn = TimeMix(width, layers, layer), ChannelMix(width, layers, layer)

    def forward(self, x: Tensor, first: None, stream: Stream) -> tuple[Tensor, None]:
        x = x + self.att(x, self.ln1, stream)
        return x + self.ffn(x, self.ln2, stream), first


class TimeMix(nn.Module):
    def __init__(self, width: int, layers: int, layer: int) -> None:
        super().__init__()
        self.layer = layer
        depth, rest = layer / max(1, layers - 1), 1 - layer / layers
        place = torch.arange(width)
        mix = (place / width) ** rest
        # The previous token's weights for k, v and r. BlinkDL's time_mix has the current token's weights, which are one
        # minus these.
        self.mix = nn.Parameter(1 - torch.stack([mix, mix + 0.3 * depth, (place / width) ** (0.5 * rest)]))
        self.time_decay = nn.Parameter(-5 + 8 * (place / (width - 1)) ** (0.7 + 1.3 * depth))
        self.time_first = nn.Parameter(math.log(0.3) + ((place + 1) % 3 - 1) * 0.5)
        self.key, self.receptance, self.output = (Matrix(width, width, 0) for _ in range(3))
        self.value = Matrix(width, width, 0)
        nn.init.orthogonal_(self.value.weight)

    def forward(self, x: Tensor, norm: nn.LayerNorm, stream: Stream) -> Tensor:
        name = f"blocks.{self.layer}.att"
        xk, xv, xr = norm_mix(x, norm.weight, norm.bias, self.mix, stream, f"{name}.x")
        r, k, v = self.receptance(xr), self.key(xk), self.value(xv)
        vectors = (self.time_decay, self.time_first)
        return self.output(time_mix4(r, k, v, vectors, stream, f"{name}.state")).to(x.dtype)


class ChannelMix(nn.Module):
    def __init__(self, width: int, layers: int, layer: int) -> None:
        super().__init__()
        self.layer = layer
        mix = (torch.arange(width) / width) ** (1 - layer / layers)
        self.mix = nn.Parameter(1 - torch.stack([mix, mix]))
        self.key, self.value, self.receptance = (
            Matrix(4 * width, width, 0),
            Matrix(width, 4 * width, 0),
            Matrix(width, width, 0),
        )
        nn.init.orthogonal_(self.key.weight, gain=2)

    def forward(self, x: Tensor, norm: nn.LayerNorm, stream: Stream) -> Tensor:
        xk, xr = norm_mix(x, norm.weight, norm.bias, self.mix, stream, f"blocks.{self.layer}.ffn.x")
        gate, value = torch.sigmoid(self.receptance(xr)), self.value(relu_squared(self.key(xk)))
        return gate.to(x.dtype) * value.to(x.dtype)
