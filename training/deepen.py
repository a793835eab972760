"""Adds layers to a model without changing what it computes, so that training can continue with a larger shape.

    python3 deepen.py WEIGHTS.safetensors LAYERS OUT.safetensors

The new layers are copies of old ones, spread evenly over the depth, each after the layer that it copies. The matrices
that write into the residual stream are zero in a copy, so it adds nothing until it is trained. Copies of trained layers
learn sooner than new ones (Gong et al., 2019, on stacking layers).
"""

import sys
from pathlib import Path

import torch
from torch import Tensor

import checkpoint
from average import weights

WRITES = ("att.output.weight", "ffn.value.weight")


def deepened(tensors: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """The tensors of a model with more layers and the same outputs. The first layer is not copied, because RWKV-7's has
    no value residual. @raises SystemExit unless the model gets more layers, but fewer than twice as many.
    """
    old = checkpoint.shape_of(tensors).layers
    if not old < layers < 2 * old:
        sys.exit(f"the model has {old} layers: LAYERS must be more, and fewer than {2 * old}")
    deeper = {name: tensor for name, tensor in tensors.items() if not name.startswith("blocks.")}
    new = 0
    for layer in range(old):
        start = f"blocks.{layer}."
        of_layer = {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}
        deeper |= {f"blocks.{new}.{name}": tensor for name, tensor in of_layer.items()}
        new += 1
        if (layer + 1) * (layers - old) // old > layer * (layers - old) // old:
            for name, tensor in of_layer.items():
                deeper[f"blocks.{new}.{name}"] = torch.zeros_like(tensor) if name in WRITES else tensor
            new += 1
    return deeper


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    checkpoint.save(Path(sys.argv[3]), deepened(weights(Path(sys.argv[1])), int(sys.argv[2])))
