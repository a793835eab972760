"""The time-mixes and the norm in plain PyTorch: the reference for the kernels, and exact logits.

All results have the type of the inputs, and autograd computes the gradients. The state is passed and returned explicitly.
"""

import torch
from torch import Tensor
from torch.nn.functional import group_norm, layer_norm, normalize

from stream import EMPTY_EXPONENT

CHUNK = 16
HEAD = 64
DECAY = 0.606531  # e^-0.5


def norm_mix(
    x: Tensor, gamma: Tensor, beta: Tensor, mix: Tensor, starts: Tensor, last: Tensor
) -> tuple[list[Tensor], Tensor]:
    """LayerNorm and token shift. x is [B, T, C]; last [B, C] is the normed vector before the first token."""
    normed = layer_norm(x, x.shape[-1:], gamma, beta, 1e-5)
    before = torch.cat([last[:, None], normed[:, :-1]], 1)
    keep = torch.ones(x.shape[:2], dtype=x.dtype, device=x.device)
    keep[:, ::CHUNK] = 1 - starts.to(x.dtype)
    before = before * keep[..., None]
    # The last vector is cloned, because a view would keep all of `normed` in memory.
    return [normed + (before - normed) * row for row in mix], normed[:, -1].detach().clone()


def time_mix7(r, k, v, first, w, a, nu, g, parameters: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
    """RWKV-7's time-mix without its products. Inputs are [B, T, C]; parameters [8, C] in the order of kernels/time_mix7.c;
    state [B, H, N (key), N (value)]."""
    b, t, c = r.shape
    r, decay, key, value, a, e = before_delta_rule(r, k, v, first, w, a, nu, parameters)
    heads = (z.view(b, t, c // HEAD, HEAD) for z in (r, decay, key, value, a, e))
    y, state = delta_rule(*heads, starts, state)
    return after_delta_rule(y.reshape(b, t, c), r, key, value, g, parameters), state


def before_delta_rule(r, k, v, first, w, a, nu, parameters: Tensor) -> tuple[Tensor, ...]:
    """Computes the inputs of the delta rule: r, decay (its logarithm), key, value, a and e, all [B, T, C]."""
    b, t, c = r.shape
    w0, a0, v0, kk, ka, *_ = parameters
    decay = -DECAY * torch.sigmoid(w0 + w)
    rate = torch.sigmoid(a0 + a)
    kappa = normalize((k * kk).view(b, t, c // HEAD, HEAD), dim=-1).reshape(b, t, c)
    key = k * (1 + (rate - 1) * ka)
    value = v if first is None else torch.lerp(v, first, torch.sigmoid(v0 + nu))
    return r, decay, key, value, -kappa, kappa * rate


def after_delta_rule(y, r, key, value, g, parameters: Tensor) -> Tensor:
    """Applies group norm, bonus and gate. Inputs and result are [B, T, C]."""
    b, t, c = y.shape
    *_, rk, lnw, lnb = parameters
    heads = lambda z: z.view(b, t, c // HEAD, HEAD)
    normed = group_norm(y.reshape(b * t, c), c // HEAD, lnw, lnb, 64e-5).view(b, t, c)
    bonus = (heads(r * key * rk).sum(-1, keepdim=True) * heads(value)).reshape(b, t, c)
    return (normed + bonus) * g


def delta_rule(r, decay, k, v, a, e, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
    """The generalized delta rule over chunks of 16 tokens in closed form (docs/RWKV.md §7).

    Inputs are [B, T, H, N], with the logarithm of the decay; S is [B, H, key, value]. Returns y [B, T, H, N] and
    the last state.
    """
    b, t, h, n = r.shape
    size = CHUNK if t % CHUNK == 0 else 1  # for a single token, this is the recurrence itself
    lower = torch.ones(size, size, dtype=r.dtype, device=r.device).tril()
    strictly, eye = lower.tril(-1), torch.eye(size, dtype=r.dtype, device=r.device)
    chunks = lambda z: z.view(b, t // size, size, h, n).permute(1, 0, 3, 2, 4)
    r, decay, k, v, a, e = map(chunks, (r, decay, k, v, a, e))
    until = decay.cumsum(-2)  # log P_t
    ak, ek, kk, rk = a * (until - decay).exp(), e * (-until).exp(), k * (-until).exp(), r * until.exp()
    inverse = torch.linalg.solve_triangular(
        eye - strictly * (ak @ ek.mT), eye.expand(*ak.shape[:-1], size), upper=False, unitriangular=True
    )
    out = []
    for i in range(t // size):
        if i * size % CHUNK == 0:
            state = state * (1 - starts[:, i * size // CHUNK].to(state.dtype)).view(b, 1, 1, 1)
        z = inverse[i] @ (ak[i] @ state + (strictly * (ak[i] @ kk[i].mT)) @ v[i])
        out.append(rk[i] @ state + (lower * (rk[i] @ ek[i].mT)) @ z + (lower * (rk[i] @ kk[i].mT)) @ v[i])
        state = (state + ek[i].mT @ z + kk[i].mT @ v[i]) * until[i, :, :, -1, :, None].exp()
    return torch.stack(out).permute(1, 0, 3, 2, 4).reshape(b, t, h, n), state.detach()


def time_mix4(r, k, v, decay: Tensor, first: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
    """RWKV-4's WKV and gate. r, k, v are [B, T, C]; decay and first [C] as stored; state [B, 3, C] is aa, bb, pp."""
    aa, bb, pp = state.unbind(1)
    w = -decay.exp()
    out = []
    for t in range(k.shape[1]):
        if t % CHUNK == 0:
            begins = starts[:, t // CHUNK].bool()[:, None]
            aa, bb, pp = aa.masked_fill(begins, 0), bb.masked_fill(begins, 0), pp.masked_fill(begins, EMPTY_EXPONENT)
        now = first + k[:, t]
        p = torch.maximum(pp, now)
        e1, e2 = (pp - p).exp(), (now - p).exp()
        out.append((e1 * aa + e2 * v[:, t]) / (e1 * bb + e2))
        p = torch.maximum(pp + w, k[:, t])
        e1, e2 = (pp + w - p).exp(), (k[:, t] - p).exp()
        aa, bb, pp = e1 * aa + e2 * v[:, t], e1 * bb + e2, p
    return torch.sigmoid(r) * torch.stack(out, 1), torch.stack([aa, bb, pp], 1).detach()
