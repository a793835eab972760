"""What the models are made of, each with its gradient: bf16 products by oneDNN, the rest by our C kernels.

Activations are bf16, the residual stream, parameters and their gradients fp32. `Stream` carries what the recurrence
remembers from one stretch of the documents to the next; no gradient flows back across that border.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn.functional import cross_entropy

import plain
from kernels import C, address, addresses
from plain import CHUNK, EMPTY

_plain = False


@contextmanager
def plain_operations() -> Iterator[None]:
    """Within it everything is plain PyTorch in the type of the weights (or autocast's), on any device."""
    global _plain
    before, _plain = _plain, True
    try:
        yield
    finally:
        _plain = before


class Stream:
    """The place in the documents: where new ones begin in this stretch, and the state behind the last one."""

    def __init__(self, starts: Tensor | None = None, dtype: torch.dtype = torch.float32) -> None:
        self.starts = torch.empty(0) if starts is None else starts  # [B, T / CHUNK] uint8
        self.dtype = dtype  # of the states
        self.kept: dict[str, Tensor] = {}

    def state(self, name: str, *shape: int) -> Tensor:
        """The state of that name, written into by the kernels; zero at first."""
        if name not in self.kept or self.kept[name].shape != shape:
            self.kept[name] = torch.zeros(shape, dtype=self.dtype, device=self.starts.device)
        return self.kept[name]


def product(x: Tensor, weight: Tensor, copy: Tensor) -> Tensor:
    """x [..., in] times weight [out, in], whose bf16 copy is handed in."""
    return x @ weight.t() if _plain else Product.apply(x, weight, copy)


def product_copy(weight: Tensor) -> Tensor:
    """What `product` wants beside the weight: it in bf16; within `plain_operations` itself."""
    return weight.detach() if _plain else weight.detach().to(torch.bfloat16)


def norm_mix(x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, stream: Stream, name: str) -> list[Tensor]:
    """LayerNorm and token shift: x [B, T, C] to n tensors like it, by mix [n, C]."""
    if not _plain:
        return list(NormMix.apply(x, gamma, beta, mix, stream, name))
    last = stream.state(name, x.shape[0], x.shape[2])
    out, stream.kept[name] = plain.norm_mix(x, gamma, beta, mix, stream.starts, last)
    return out


def time_mix7(inputs: list[Tensor | None], parameters: Tensor, stream: Stream, name: str) -> Tensor:
    """RWKV-7's time-mix between its products. inputs: r, k, v, first, w, a, nu, g, [B, T, C] (first and nu None in the
    first layer); parameters [8, C] in the order of kernels/time_mix7.c."""
    if not _plain:
        return TimeMix7.apply(*inputs, parameters, stream, name)
    b, _, c = inputs[0].shape
    state = stream.state(name, b, c // 64, 64, 64)
    out, stream.kept[name] = plain.time_mix7(*inputs, parameters, stream.starts, state)
    return out


def time_mix4(r: Tensor, k: Tensor, v: Tensor, vectors: tuple[Tensor, Tensor], stream: Stream, name: str) -> Tensor:
    """RWKV-4's WKV and gate. r, k, v [B, T, C]; vectors: decay and first, [C] as stored."""
    if name not in stream.kept:
        stream.state(name, r.shape[0], 3, r.shape[2])[:, 2] = EMPTY
    if not _plain:
        return TimeMix4.apply(r, k, v, *vectors, stream, name)
    out, stream.kept[name] = plain.time_mix4(r, k, v, *vectors, stream.starts, stream.kept[name])
    return out


def relu_squared(x: Tensor) -> Tensor:
    return torch.relu(x) ** 2 if _plain else ReluSquared.apply(x)


def head_loss(x: Tensor, weight: Tensor, copy: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy of x [rows, C] behind the head; targets [rows], under 0 where nothing is to be predicted."""
    if not _plain:
        return HeadLoss.apply(x, weight, copy, targets)
    return cross_entropy(x @ weight.t(), targets, ignore_index=-1)


class Product(Function):
    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, copy: Tensor) -> Tensor:
        flat = x.reshape(-1, x.shape[-1])
        ctx.save_for_backward(flat, copy)
        ctx.shape = x.shape
        return (flat @ copy.t()).view(*x.shape[:-1], copy.shape[0])

    @staticmethod
    def backward(ctx, g: Tensor):
        flat, copy = ctx.saved_tensors
        g = g.reshape(-1, g.shape[-1])
        return (g @ copy).view(ctx.shape), (g.t() @ flat).float(), None


class NormMix(Function):
    @staticmethod
    def forward(ctx, x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, stream: Stream, name: str):
        (b, t, c), n = x.shape, mix.shape[0]
        x = x.contiguous()
        last = stream.state(name, b, c)
        first = last.clone()
        out = torch.empty(n, b, t, c, dtype=torch.bfloat16)
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
        h = c // 64
        inputs = [None if z is None else z.contiguous() for z in (r, k, v, first, w, a, nu, g)] + [
            parameters.contiguous()
        ]
        state = stream.state(name, b, h, 64, 64)
        out = torch.empty(b, t, c, dtype=torch.bfloat16)
        y, erased = torch.empty(b, t, c), torch.empty(b, t, c)
        kept = torch.empty(b, h, t // CHUNK, 64, 64)
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
        C.time_mix7_backward(b, t, c // 64, addresses(inputs), *tensors, addresses(grads), address(gparameters))
        return *grads, gparameters.sum(0), None, None


class TimeMix4(Function):
    @staticmethod
    def forward(ctx, r, k, v, decay: Tensor, first: Tensor, stream: Stream, name: str) -> Tensor:
        b, t, c = r.shape
        inputs = [z.contiguous() for z in (r, k, v, decay, first)]
        state = stream.state(name, b, 3, c)
        before = state.clone()
        out, y = torch.empty(b, t, c, dtype=torch.bfloat16), torch.empty(b, t, c)
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
        C.relu_squared(_size(x), address(x), address(y))
        return y

    @staticmethod
    def backward(ctx, g: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        gx = torch.empty_like(x)
        C.relu_squared_backward(_size(x), address(x), address(g.contiguous()), address(gx))
        return gx


class HeadLoss(Function):
    """`head_loss` without ever holding all logits; both gradients are computed in the same pass."""

    ROWS = 2048

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, copy: Tensor, targets: Tensor) -> Tensor:
        inputs = x.to(torch.bfloat16)
        scale = 1.0 / max(1, int((targets >= 0).sum()))
        losses = torch.empty(len(x))
        gx, gweight = torch.empty_like(x), torch.zeros_like(weight)
        for i in range(0, len(x), HeadLoss.ROWS):
            rows = slice(i, min(i + HeadLoss.ROWS, len(x)))
            logits = inputs[rows] @ copy.t()
            own = losses[rows]
            C.cross_entropy(*logits.shape, address(logits), address(targets[rows]), _float(scale), address(own))
            gx[rows] = (logits @ copy).float()
            gweight += (logits.t() @ inputs[rows]).float()
        ctx.save_for_backward(gx, gweight)
        return losses.sum() * scale

    @staticmethod
    def backward(ctx, g: Tensor):
        gx, gweight = ctx.saved_tensors
        return gx * g, gweight * g, None, None


def _size(x: Tensor):
    return ctypes.c_size_t(x.numel())


def _float(value: float):
    return ctypes.c_float(value)
