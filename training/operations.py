"""What the models are made of, each with its gradient, on one of three sets of operations.

    on_cpu    bf16 products by oneDNN, the rest by C kernels (the usual one)
    on_cuda   bf16 products, time-mixes by CUDA kernels, the rest fused by torch.compile
    on_any    plain PyTorch in the type of the weights, on any device: exact logits, and what the others are tested against

On the first two activations are bf16; the residual stream, parameters and their gradients are fp32.
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
    """Within it the operations are those of `on_cpu`, `on_cuda` or `on_any`."""
    global _operations
    before, _operations = _operations, module
    try:
        yield
    finally:
        _operations = before


def plain_operations():
    return operations_of(on_any)


def operations_for(device: str):
    """The quick ones of a device."""
    return operations_of(on_cuda if device.startswith("cuda") else on_cpu)


def product(x: Tensor, weight: Tensor, copy: Tensor) -> Tensor:
    """x [..., in] times weight [out, in], whose `product_copy` is handed in."""
    return _operations.product(x, weight, copy)


def product_copy(weight: Tensor) -> Tensor:
    """What `product` wants beside the weight: it in the type of the products."""
    return _operations.product_copy(weight)


def norm_mix(x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, stream: Stream, name: str) -> list[Tensor]:
    """LayerNorm and token shift: x [B, T, C] to n tensors like it, by mix [n, C]."""
    return _operations.norm_mix(x, gamma, beta, mix, stream, name)


def time_mix7(inputs: list[Tensor | None], parameters: Tensor, stream: Stream, name: str) -> Tensor:
    """RWKV-7's time-mix between its products. inputs: r, k, v, first, w, a, nu, g, [B, T, C] (first and nu None in the
    first layer); parameters [8, C] in the order of kernels/time_mix7.c."""
    return _operations.time_mix7(inputs, parameters, stream, name)


def time_mix4(r: Tensor, k: Tensor, v: Tensor, vectors: tuple[Tensor, Tensor], stream: Stream, name: str) -> Tensor:
    """RWKV-4's WKV and gate. r, k, v [B, T, C]; vectors: decay and first, [C] as stored."""
    return _operations.time_mix4(r, k, v, vectors, stream, name)


def relu_squared(x: Tensor) -> Tensor:
    return _operations.relu_squared(x)


def head_loss(x: Tensor, weight: Tensor, copy: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy of x [rows, C] behind the head; targets [rows], under 0 where nothing is to be predicted."""
    return _operations.head_loss(x, weight, copy, targets)
