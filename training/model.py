"""A complete RWKV-4 or RWKV-7, from tokens to the loss."""

import math
from dataclasses import dataclass

from torch import Tensor, nn

import rwkv4
import rwkv7
from layers import Matrix
from operations import head_loss, product
from stream import Stream


@dataclass(frozen=True)
class Shape:
    version: int = 7
    layers: int = 8
    width: int = 256
    vocabulary: int = 8192
    ranks: tuple[int, int, int, int] = (32, 32, 32, 64)  # of RWKV-7's w, a, v, g


class Model(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.emb = nn.Embedding(shape.vocabulary, shape.width)
        nn.init.uniform_(self.emb.weight, -1e-4, 1e-4)
        self.ln0, self.ln_out = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.blocks = nn.ModuleList(block(shape, i) for i in range(shape.layers))
        self.head = Matrix(shape.vocabulary, shape.width, 0)
        nn.init.orthogonal_(self.head.weight, gain=0.5 * math.sqrt(shape.vocabulary / shape.width))

    def forward(self, tokens: Tensor, stream: Stream) -> Tensor:
        """Maps tokens [B, T] to the inputs of the head, [B, T, C] fp32."""
        x, first = self.ln0(self.emb(tokens)), None
        for block in self.blocks:
            x, first = block(x, first, stream)
        return self.ln_out(x)

    def loss(self, tokens: Tensor, targets: Tensor, stream: Stream) -> Tensor:
        """Mean loss per token in nats. Targets [B, T] that are negative are ignored."""
        x = self(tokens, stream)
        return head_loss(x.view(-1, x.shape[-1]), self.head.weight, self.head.rounded(), targets.reshape(-1))

    def logits(self, tokens: Tensor, stream: Stream) -> Tensor:
        """Logits [B, T, vocabulary], rounded to bf16 except within `plain_operations`."""
        x = self(tokens, stream)
        return product(x.to(self.head.rounded().dtype), self.head.weight, self.head.rounded()).to(x.dtype)


def block(shape: Shape, layer: int) -> nn.Module:
    if shape.version == 4:
        return rwkv4.Block(shape.width, shape.layers, layer)
    if shape.version == 7:
        return rwkv7.Block(shape.width, shape.layers, layer, shape.ranks)
    raise ValueError(f"version {shape.version} cannot be trained here; versions are 4 and 7")
