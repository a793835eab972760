"""The operations of the models with their gradients, in three implementations.

    on_cpu    bf16 products by oneDNN, the others by C kernels (the default)
    on_cuda   bf16 products, recurrences by CUDA kernels, the others fused by torch.compile
    on_any    plain PyTorch in the type of the weights, on any device: exact logits, and the reference for the others

In the first two, activations are bf16; the residual stream, parameters and their gradients are fp32.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from torch import Tensor

import on_any
import on_cpu
import on_cuda
from stream import Stream

_operations: ModuleType = on_cpu


@contextmanager
def operations_of(module: ModuleType) -> Iterator[None]:
    """A context in which the operations are those of `on_cpu`, `on_cuda` or `on_any`."""
    global _operations
    before, _operations = _operations, module
    try:
        yield
    finally:
        _operations = before


def plain_operations():
    return operations_of(on_any)


def operations_for(device: str):
    """The fast operations of a device."""
    return operations_of(on_cuda if device.startswith("cuda") else on_cpu)


def product(x: Tensor, weight: Tensor, copy: Tensor) -> Tensor:
    """x [..., in] times weight [out, in]. `copy` is the weight's `product_copy`."""
    return _operations.product(x, weight, copy)


def product_copy(weight: Tensor) -> Tensor:
    """The weight in the type of the matrix products, for `product`."""
    return _operations.product_copy(weight)


def norm_mix(x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, stream: Stream, name: str) -> list[Tensor]:
    """LayerNorm and token shift: maps x [B, T, C] to n tensors of that shape, with the weights mix [n, C]."""
    return _operations.norm_mix(x, gamma, beta, mix, stream, name)


def time_mix7(inputs: list[Tensor | None], parameters: Tensor, stream: Stream, name: str) -> Tensor:
    """RWKV-7's time-mix without its products. inputs: r, k, v, first, w, a, nu, g, all [B, T, C] (first and nu None in the
    first layer); parameters [8, C] in the order of kernels/time_mix7.c."""
    return _operations.time_mix7(inputs, parameters, stream, name)


def time_mix4(r: Tensor, k: Tensor, v: Tensor, vectors: tuple[Tensor, Tensor], stream: Stream, name: str) -> Tensor:
    """RWKV-4's WKV and gate. r, k, v are [B, T, C]; vectors are decay and first, [C] as stored."""
    return _operations.time_mix4(r, k, v, vectors, stream, name)


def relu_squared(x: Tensor) -> Tensor:
    return _operations.relu_squared(x)


def head_loss(x: Tensor, weight: Tensor, copy: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy in nats of the head's logits for x [rows, C]. Negative targets [rows] are ignored."""
    return _operations.head_loss(x, weight, copy, targets)
