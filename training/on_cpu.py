"""The operations of operations.py on a processor: bf16 products by oneDNN, the others by our C kernels."""

import ctypes

import torch
from torch import Tensor
from torch.autograd import Function

from bf16 import HALF, HeadLoss, product, product_copy
from kernels import C, address, addresses
from plain import CHUNK, HEAD
from stream import Stream

__all__ = ["head_loss", "norm_mix", "product", "product_copy", "relu_squared", "time_mix4", "time_mix7"]
HEAD_ROWS = 2048


def norm_mix(x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, stream: Stream, name: str) -> list[Tensor]:
    return list(NormMix.apply(x, gamma, beta, mix, stream, name))


def time_mix7(inputs: list[Tensor | None], parameters: Tensor, stream: Stream, name: str) -> Tensor:
    return TimeMix7.apply(*inputs, parameters, stream, name)


def time_mix4(r: Tensor, k: Tensor, v: Tensor, vectors: tuple[Tensor, Tensor], stream: Stream, name: str) -> Tensor:
    return TimeMix4.apply(r, k, v, *vectors, stream, name)


def relu_squared(x: Tensor) -> Tensor:
    return ReluSquared.apply(x)


def head_loss(x: Tensor, weight: Tensor, copy: Tensor, targets: Tensor) -> Tensor:
    return HeadLoss.apply(x, weight, copy, targets, cross_entropy, HEAD_ROWS)


def cross_entropy(logits: Tensor, targets: Tensor, scale: Tensor) -> tuple[Tensor, Tensor]:
    """A `bf16.CrossEntropy`. It overwrites the logits with their gradient."""
    losses = torch.empty(len(logits))
    C.cross_entropy(*logits.shape, address(logits), address(targets), ctypes.c_float(scale), address(losses))
    return losses, logits


class NormMix(Function):
    @staticmethod
    def forward(ctx, x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, stream: Stream, name: str):
        (b, t, c), n = x.shape, mix.shape[0]
        x = x.contiguous()
        last = stream.state(name, b, c)
        first = last.clone()
        out = torch.empty(n, b, t, c, dtype=HALF)
        mean, rstd = torch.empty(b, t), torch.empty(b, t)
        tensors = [address(z) for z in (x, gamma, beta, mix, stream.starts, last, out, mean, rstd)]
        C.norm_mix_forward(b, t, c, n, *tensors)
        ctx.save_for_backward(x, gamma, beta, mix, stream.starts, first, mean, rstd)
        return tuple(out.unbind(0))

    @staticmethod
    def backward(ctx, *grads: Tensor):
        x, gamma, beta, mix, starts, first, mean, rstd = ctx.saved_tensors
        (b, t, c), n = x.shape, mix.shape[0]
        grads = [g.contiguous() for g in grads]
        gx, gg, gb, gm = torch.empty_like(x), torch.empty(b, c), torch.empty(b, c), torch.empty(b, n, c)
        tensors = [address(z) for z in (x, gamma, beta, mix, starts, first, mean, rstd)]
        C.norm_mix_backward(b, t, c, n, *tensors, addresses(grads), *[address(z) for z in (gx, gg, gb, gm)])
        return gx, gg.sum(0), gb.sum(0), gm.sum(0), None, None


class TimeMix7(Function):
    @staticmethod
    def forward(ctx, r, k, v, first, w, a, nu, g, parameters: Tensor, stream: Stream, name: str) -> Tensor:
        b, t, c = r.shape
        h = c // HEAD
        inputs = [None if z is None else z.contiguous() for z in (r, k, v, first, w, a, nu, g)] + [
            parameters.contiguous()
        ]
        state = stream.state(name, b, h, HEAD, HEAD)
        out = torch.empty(b, t, c, dtype=HALF)
        y, erased = torch.empty(b, t, c), torch.empty(b, t, c)
        kept = torch.empty(b, h, t // CHUNK, HEAD, HEAD)
        tensors = [address(z) for z in (stream.starts, state, out, y, erased, kept)]
        C.time_mix7_forward(b, t, h, addresses(inputs), *tensors)
        ctx.save_for_backward(*inputs, stream.starts, y, erased, kept)
        return out

    @staticmethod
    def backward(ctx, gout: Tensor):
        *inputs, starts, y, erased, kept = ctx.saved_tensors
        b, t, c = gout.shape
        grads = [None if z is None else torch.empty_like(z) for z in inputs[:8]]
        gparameters = torch.empty(b, 8, c)
        tensors = [address(z) for z in (starts, gout.contiguous(), y, erased, kept)]
        C.time_mix7_backward(b, t, c // HEAD, addresses(inputs), *tensors, addresses(grads), address(gparameters))
        return *grads, gparameters.sum(0), None, None


class TimeMix4(Function):
    @staticmethod
    def forward(ctx, r, k, v, decay: Tensor, first: Tensor, stream: Stream, name: str) -> Tensor:
        b, t, c = r.shape
        inputs = [z.contiguous() for z in (r, k, v, decay, first)]
        state = stream.state4(name, b, c)
        before = state.clone()
        out, y = torch.empty(b, t, c, dtype=HALF), torch.empty(b, t, c)
        C.time_mix4_forward(b, t, c, *[address(z) for z in (*inputs, stream.starts, state, out, y)])
        ctx.save_for_backward(*inputs, stream.starts, before, y)
        return out

    @staticmethod
    def backward(ctx, gout: Tensor):
        *inputs, starts, before, y = ctx.saved_tensors
        b, t, c = gout.shape
        grads = [torch.empty_like(inputs[0]) for _ in range(3)] + [torch.empty(b, c) for _ in range(2)]
        C.time_mix4_backward(b, t, c, *[address(z) for z in (*inputs, starts, before, y, gout.contiguous(), *grads)])
        return *grads[:3], grads[3].sum(0), grads[4].sum(0), None, None


class ReluSquared(Function):
    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        y = torch.empty_like(x)
        C.relu_squared(ctypes.c_size_t(x.numel()), address(x), address(y))
        return y

    @staticmethod
    def backward(ctx, g: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        gx = torch.empty_like(x)
        C.relu_squared_backward(ctypes.c_size_t(x.numel()), address(x), address(g.contiguous()), address(gx))
        return gx
