"""The operations of operations.py with CUDA: PyTorch's matrix products, custom kernels for the recurrences, torch.compile for
the others. With tensors on a processor, nothing is compiled and the kernels are emulated, which is used for testing."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.autograd import Function

import plain
from bf16 import HALF, HeadLoss, product, product_copy
from kernels import cuda
from plain import CHUNK, HEAD
from stream import Stream

__all__ = ["head_loss", "norm_mix", "product", "product_copy", "relu_squared", "time_mix4", "time_mix7"]
HEAD_ROWS = 32_768


def fused(function: Callable) -> Callable:
    """Compiles a function with torch.compile for calls whose first input is on a GPU. Other calls run it as it is."""
    compiled = cache(lambda: torch.compile(function, dynamic=False))
    return lambda *inputs: (compiled() if inputs[0].is_cuda else function)(*inputs)


def norm_mix(x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, stream: Stream, name: str) -> list[Tensor]:
    last = stream.state(name, x.shape[0], x.shape[2])
    out, stream.kept[name] = _norm_mix(x, gamma, beta, mix, stream.starts, last)
    return out


@fused
def _norm_mix(*inputs: Tensor) -> tuple[list[Tensor], Tensor]:
    out, last = plain.norm_mix(*inputs)
    return [z.to(HALF) for z in out], last


def time_mix7(inputs: list[Tensor | None], parameters: Tensor, stream: Stream, name: str) -> Tensor:
    b, _, c = inputs[0].shape
    state = stream.state(name, b, c // HEAD, HEAD, HEAD)
    *vectors, gate = inputs
    r, decay, key, value, a, e = _before_delta_rule(*vectors, parameters)
    y = DeltaRule.apply(r, decay, key, value, a, e, stream.starts, state)
    return _after_delta_rule(y, r, key, value, gate, parameters)


@fused
def _before_delta_rule(*inputs: Tensor | None) -> tuple[Tensor, ...]:
    return tuple(z.to(HALF) for z in plain.before_delta_rule(*[None if z is None else z.float() for z in inputs]))


@fused
def _after_delta_rule(*inputs: Tensor) -> Tensor:
    return plain.after_delta_rule(*[z.float() for z in inputs]).to(HALF)


def time_mix4(r: Tensor, k: Tensor, v: Tensor, vectors: tuple[Tensor, Tensor], stream: Stream, name: str) -> Tensor:
    state = stream.state4(name, r.shape[0], r.shape[2])
    return _gate(r, Wkv4.apply(k, v, *vectors, stream.starts, state))


@fused
def _gate(r: Tensor, wkv: Tensor) -> Tensor:
    return (torch.sigmoid(r.float()) * wkv).to(HALF)


@fused
def relu_squared(x: Tensor) -> Tensor:
    return torch.relu(x) ** 2


def head_loss(x: Tensor, weight: Tensor, copy: Tensor, targets: Tensor) -> Tensor:
    return HeadLoss.apply(x, weight, copy, targets, _cross_entropy, HEAD_ROWS)


@fused
def _cross_entropy(logits: Tensor, targets: Tensor, scale: Tensor) -> tuple[Tensor, Tensor]:
    z, counts, target = logits.float(), targets >= 0, targets.clamp(min=0)[:, None]
    log_sum = z.logsumexp(-1, keepdim=True)
    losses = (log_sum - z.gather(-1, target))[:, 0] * counts
    is_target = torch.arange(z.shape[1], device=z.device) == target
    return losses, (((z - log_sum).exp() - is_target.float()) * (scale * counts)[:, None]).to(HALF)


class DeltaRule(Function):
    """Maps r, decay (its logarithm), k, v, a, e, all [B, T, C] bf16, to y [B, T, C] fp32, and updates the state."""

    @staticmethod
    def forward(ctx, *arguments: Tensor) -> Tensor:
        *vectors, starts, state = arguments
        vectors = [z.contiguous() for z in vectors]
        b, t, c = vectors[0].shape
        y, erased = (torch.empty(b, t, c, device=state.device) for _ in range(2))
        kept = torch.empty(b, c // HEAD, t // CHUNK, HEAD, HEAD, device=state.device)
        cuda.run("delta_rule_forward", (b, t, c // HEAD), vectors, starts, state, y, erased, kept)
        ctx.save_for_backward(*vectors, starts, erased, kept)
        return y

    @staticmethod
    def backward(ctx, gy: Tensor):
        *vectors, starts, erased, kept = ctx.saved_tensors
        b, t, c = gy.shape
        grads = [torch.empty_like(z) for z in vectors]
        cuda.run("delta_rule_backward", (b, t, c // HEAD), vectors, starts, erased, kept, gy.contiguous(), grads)
        return *grads, None, None


class Wkv4(Function):
    """Maps k, v [B, T, C] bf16 and decay, first [C] (as stored) to the WKV [B, T, C] fp32, and updates the state."""

    @staticmethod
    def forward(ctx, k: Tensor, v: Tensor, decay: Tensor, first: Tensor, starts: Tensor, state: Tensor) -> Tensor:
        inputs = [z.contiguous() for z in (k, v, decay, first, starts)]
        before, y = state.clone(), torch.empty(k.shape, device=k.device)
        cuda.run("wkv4_forward", k.shape, inputs, state, y)
        ctx.save_for_backward(*inputs, before, y)
        return y

    @staticmethod
    def backward(ctx, gy: Tensor):
        *inputs, before, y = ctx.saved_tensors
        b, _, c = gy.shape
        scratch = [torch.empty_like(y) for _ in range(2)]
        grads = [torch.empty_like(z) for z in inputs[:2]] + [torch.empty(b, c, device=y.device) for _ in range(2)]
        cuda.run("wkv4_backward", gy.shape, inputs, before, y, gy.contiguous(), *scratch, grads)
        return *grads[:2], grads[2].sum(0), grads[3].sum(0), None, None
