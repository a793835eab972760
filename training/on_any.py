"""The operations of operations.py in plain PyTorch, in the type of the weights, on any device."""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

import plain
from stream import Stream


def product(x: Tensor, weight: Tensor, _: Tensor) -> Tensor:
    return x @ weight.t()


def product_copy(weight: Tensor) -> Tensor:
    return weight.detach()


def norm_mix(x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, stream: Stream, name: str) -> list[Tensor]:
    last = stream.state(name, x.shape[0], x.shape[2])
    out, stream.kept[name] = plain.norm_mix(x, gamma, beta, mix, stream.starts, last)
    return out


def time_mix7(inputs: list[Tensor | None], parameters: Tensor, stream: Stream, name: str) -> Tensor:
    b, _, c = inputs[0].shape
    state = stream.state(name, b, c // plain.HEAD, plain.HEAD, plain.HEAD)
    out, stream.kept[name] = plain.time_mix7(*inputs, parameters, stream.starts, state)
    return out


def time_mix4(r: Tensor, k: Tensor, v: Tensor, vectors: tuple[Tensor, Tensor], stream: Stream, name: str) -> Tensor:
    state = stream.state4(name, r.shape[0], r.shape[2])
    out, stream.kept[name] = plain.time_mix4(r, k, v, *vectors, stream.starts, state)
    return out


def relu_squared(x: Tensor) -> Tensor:
    return torch.relu(x) ** 2


def head_loss(x: Tensor, weight: Tensor, _: Tensor, targets: Tensor) -> Tensor:
    return cross_entropy(x @ weight.t(), targets, ignore_index=-1)
