"""Matrix products in bf16 with weight gradients in fp32, on processors and CUDA."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd import Function

HALF = torch.bfloat16
# A function that takes bf16 logits [rows, V], targets [rows] and 1 / number of targets, and returns the loss of each
# row in nats and the gradient of the logits in bf16. Negative targets are ignored.
CrossEntropy = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


def product(x: Tensor, weight: Tensor, copy: Tensor) -> Tensor:
    return Product.apply(x, weight, copy)


def product_copy(weight: Tensor) -> Tensor:
    return weight.detach().to(HALF)


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


class HeadLoss(Function):
    """`head_loss` in blocks of rows, so that not all logits are in memory. The forward pass computes the gradients, too."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, copy: Tensor, targets: Tensor, kernel: CrossEntropy, rows: int) -> Tensor:
        inputs = x.to(HALF)
        scale = 1.0 / (targets >= 0).sum().clamp(min=1)
        loss = torch.zeros((), device=x.device)
        gx, gweight = torch.empty_like(x), torch.zeros_like(weight)
        for i in range(0, len(x), rows):
            part = slice(i, min(i + rows, len(x)))
            losses, slope = kernel(inputs[part] @ copy.t(), targets[part], scale)
            loss += losses.sum()
            gx[part] = (slope @ copy).float()
            gweight += (slope.t() @ inputs[part]).float()
        ctx.save_for_backward(gx, gweight)
        return loss * scale

    @staticmethod
    def backward(ctx, g: Tensor):
        gx, gweight = ctx.saved_tensors
        return gx * g, gweight * g, None, None, None, None
