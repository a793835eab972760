"""Averages the weights of runs that began with the same weights ("model soup"). The mean is often better than each run.

    python3 average.py A.safetensors B.safetensors … OUT.safetensors

A file may also be an 8-bit model, such as models/default/model.safetensors. Wortsman et al., 2022, describe why the mean
is better: runs from the same weights stay in the same basin of the loss, and their mean is nearer to its middle.
"""

import sys
from pathlib import Path

import torch
from torch import Tensor

import checkpoint
from export import GROUP


def mean(runs: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each tensor. @raises SystemExit if the runs' tensors have different names or shapes."""
    shapes = [{name: tensor.shape for name, tensor in run.items()} for run in runs]
    if any(one != shapes[0] for one in shapes):
        sys.exit("the files contain models of different shapes: average runs that began with the same weights")
    return {name: torch.stack([run[name] for run in runs]).mean(0) for name in runs[0]}


def weights(file: Path) -> dict[str, Tensor]:
    """The tensors of a file. Tensors in 8 bits are multiplied by their scales."""
    tensors = checkpoint.load(file)
    scales = {name: tensors.pop(f"{name}.scale") for name in list(tensors) if f"{name}.scale" in tensors}
    for name, scale in scales.items():
        tensor = tensors[name]
        tensors[name] = (tensor.reshape(-1, GROUP) * scale.reshape(-1, 1)).view(tensor.shape)
    return tensors


if __name__ == "__main__":
    *files, out = map(Path, sys.argv[1:])
    if not files:
        sys.exit(__doc__)
    checkpoint.save(out, mean([weights(file) for file in files]))
