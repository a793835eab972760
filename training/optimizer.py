"""Muon for the large matrices within the layers, Adam for all other parameters.

Muon (Jordan et al., 2024) replaces the momentum of a matrix with a nearby orthogonal matrix by a Newton-Schulz iteration.
The update is scaled to the size of Adam's (0.2 root mean square; Liu et al., 2025), so that both use the same rate.
"""

import torch
from torch import Tensor, nn

BETAS = (0.9, 0.99)
EPS = 1e-18
MOMENTUM = 0.95


class Optimizer:
    def __init__(self, model: nn.Module, muon: bool = True, weight_decay: float = 0.1) -> None:
        named = dict(model.named_parameters())
        inner = {
            n
            for n, p in named.items()
            if n.startswith("blocks.") and n.endswith(".weight") and min(p.shape) >= 128 and p.dim() == 2
        }
        self.matrices = [p for n, p in named.items() if muon and n in inner]
        chosen = {id(p) for p in self.matrices}
        others = {n: p for n, p in named.items() if id(p) not in chosen}
        decayed = [p for n, p in others.items() if p.dim() == 2 and n.endswith(".weight")]
        rest = [
            p for n, p in others.items() if not (p.dim() == 2 and n.endswith(".weight")) and not n.endswith("att.w0")
        ]
        decays = [p for n, p in others.items() if n.endswith("att.w0")]
        # w0 learns at twice the rate, as in the RWKV papers.
        self.adam = torch.optim.AdamW(
            [
                dict(params=decayed, weight_decay=weight_decay, factor=1.0),
                dict(params=rest, weight_decay=0.0, factor=1.0),
                dict(params=decays, weight_decay=0.0, factor=2.0),
            ],
            lr=0.0,
            betas=BETAS,
            eps=EPS,
            foreach=True,
        )
        self.weight_decay = weight_decay
        self.momenta = [torch.zeros_like(p) for p in self.matrices]
        by_shape: dict[torch.Size, tuple[list[Tensor], list[Tensor]]] = {}
        for p, momentum in zip(self.matrices, self.momenta):
            matrices, momenta = by_shape.setdefault(p.shape, ([], []))
            matrices.append(p)
            momenta.append(momentum)
        # Matrices of the same shape are orthogonalized together, because starting many small products would take most
        # of a GPU's time.
        self.groups = list(by_shape.values())
        self.parameters = list(named.values())

    @torch.no_grad()
    def step(self, rate: float) -> None:
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for group in self.adam.param_groups:
            group["lr"] = rate * group["factor"]
        self.adam.step()
        for matrices, momenta in self.groups:
            for p, momentum in zip(matrices, momenta):
                momentum.lerp_(p.grad, 1 - MOMENTUM)
            updates = orthogonal(torch.stack([p.grad.lerp(m, MOMENTUM) for p, m in zip(matrices, momenta)]))
            for p, update in zip(matrices, updates):
                p.mul_(1 - rate * self.weight_decay).add_(update, alpha=-rate * 0.2 * max(p.shape) ** 0.5)
        for p in self.parameters:
            p.grad = None

    def state_dict(self) -> dict:
        return {"adam": self.adam.state_dict(), "momenta": self.momenta}

    def load_state_dict(self, state: dict) -> None:
        self.adam.load_state_dict(state["adam"])
        for own, saved in zip(self.momenta, state["momenta"], strict=True):
            own.copy_(saved)


def orthogonal(g: Tensor) -> Tensor:
    """Brings the singular values of matrices [n, rows, columns] close to 1, and keeps their singular vectors: five
    steps of a quintic Newton-Schulz iteration."""
    is_tall = g.shape[1] > g.shape[2]
    x = g.mT if is_tall else g
    x = (x / (torch.linalg.matrix_norm(x, keepdim=True) + 1e-7)).to(torch.bfloat16).contiguous()
    for _ in range(5):
        a = x @ x.mT
        b = torch.baddbmm(a, a, a, beta=-4.775, alpha=2.0315)
        x = torch.baddbmm(x, b, x, beta=3.4445)
    return (x.mT if is_tall else x).float()
