"""Weights files: safetensors with BlinkDL's names, which the extension loads and training can continue from."""

import json
import struct
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model import Model, Shape

_TYPES = {"F16": np.float16, "F32": np.float32, "I8": np.int8, "BF16": np.uint16}
_NORMS = [(f"{n}.{p}", f"{n}.{p}", False) for n in ("ln1", "ln2", "att.ln_x") for p in ("weight", "bias")]
_MATRICES = [
    *[(f"att.{n}.weight", f"att.{n}.weight", False) for n in ("receptance", "key", "value", "output")],
    *[(f"ffn.{n}.weight", f"ffn.{n}.weight", False) for n in ("key", "value", "receptance")],
]
# Tensors of a layer: our name, BlinkDL's name, and whether the file stores it [in, out]. Each version has some of them.
_OF_A_LAYER = [
    *_MATRICES,
    *_NORMS,
    *[(f"att.{n}.{m}.weight", f"att.{n}{i}", True) for n in "wavg" for i, m in ((1, "down"), (2, "up"))],
    *[(f"att.{n}", f"att.{n}", False) for n in ("w0", "a0", "v0", "k_k", "k_a", "r_k", "time_decay", "time_first")],
]
_AS_ROWS = ("w0", "a0", "v0", "k_k", "k_a")  # stored as [1, 1, C]
# BlinkDL's names of the rows of our `mix`. In RWKV-4, his rows are the current token's weights, and ours are the
# previous token's.
_MIXES = {
    7: {"att": [f"x_{n}" for n in "rwkvag"], "ffn": ["x_k"]},
    4: {"att": [f"time_mix_{n}" for n in "kvr"], "ffn": [f"time_mix_{n}" for n in "kr"]},
}


def named_tensors(model: Model) -> dict[str, Tensor]:
    """Copies of the model's parameters with BlinkDL's names and shapes."""
    own = {k: v.detach().cpu().clone() for k, v in model.state_dict().items()}
    named = {"emb.weight": own["emb.weight"], "head.weight": own["head.weight"]}
    for part in ("weight", "bias"):
        named[f"blocks.0.ln0.{part}"] = own[f"ln0.{part}"]
        named[f"ln_out.{part}"] = own[f"ln_out.{part}"]
    for layer in range(model.shape.layers):
        at = f"blocks.{layer}."
        for ours, his, transposed in _OF_A_LAYER:
            if at + ours in own:
                tensor = own[at + ours]
                tensor = tensor.t() if transposed else tensor
                named[at + his] = tensor.view(1, 1, -1) if ours.split(".")[-1] in _AS_ROWS else tensor
        for part, rows in _MIXES[model.shape.version].items():
            mix = own[f"{at}{part}.mix"]
            for i, name in enumerate(rows):
                row = mix[i] if model.shape.version == 7 else 1 - mix[i]
                named[f"{at}{part}.{name}"] = row.view(1, 1, -1)
    return named


def load_named(model: Model, tensors: dict[str, Tensor]) -> None:
    """Loads tensors with BlinkDL's names into the model."""
    version = model.shape.version
    state = {"emb.weight": tensors["emb.weight"], "head.weight": tensors["head.weight"]}
    for part in ("weight", "bias"):
        state[f"ln0.{part}"] = tensors[f"blocks.0.ln0.{part}"]
        state[f"ln_out.{part}"] = tensors[f"ln_out.{part}"]
    for layer in range(model.shape.layers):
        at = f"blocks.{layer}."
        for ours, his, transposed in _OF_A_LAYER:
            # Some published files contain v0, v1 and v2 of the first layer, which are unused.
            if at + his in tensors and not (layer == 0 and his in ("att.v0", "att.v1", "att.v2")):
                state[at + ours] = tensors[at + his].t() if transposed else tensors[at + his]
        for part, rows in _MIXES[version].items():
            mix = torch.stack([tensors[f"{at}{part}.{name}"].flatten() for name in rows])
            state[f"{at}{part}.mix"] = mix if version == 7 else 1 - mix
    own = model.state_dict()
    model.load_state_dict({name: tensor.reshape(own[name].shape) for name, tensor in state.items()})


def shape_of(tensors: dict[str, Tensor]) -> Shape:
    """Detects version and sizes from the tensors."""
    vocabulary, width = tensors["emb.weight"].shape
    layers = 1 + max(int(n.split(".")[1]) for n in tensors if n.startswith("blocks."))
    if "blocks.0.att.r_k" not in tensors:
        return Shape(version=4, layers=layers, width=width, vocabulary=vocabulary)
    last = f"blocks.{layers - 1}.att."
    ranks = tuple(tensors[f"{last}{n}1"].shape[1] for n in "wavg")
    return Shape(version=7, layers=layers, width=width, vocabulary=vocabulary, ranks=ranks)


def save(file: Path, tensors: dict[str, Tensor]) -> None:
    """Writes matrices as F16, vectors and scales as F32, and int8 unchanged. The file is replaced atomically."""
    header: dict = {"__metadata__": {"format": "pt"}}
    blobs, offset = [], 0
    for name, tensor in tensors.items():
        dtype = _stored_type(name, tensor)
        blob = tensor.contiguous().numpy().astype(_TYPES[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    part = file.with_suffix(".part")
    part.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    part.replace(file)


def _stored_type(name: str, tensor: Tensor) -> str:
    if tensor.dtype == torch.int8:
        return "I8"
    is_matrix = tensor.dim() == 2 and not name.endswith(("r_k", ".scale")) and not name.startswith("state.")
    return "F16" if is_matrix else "F32"


def load(file: Path) -> dict[str, Tensor]:
    data = file.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = (8 + length + o for o in entry["data_offsets"])
        array = np.frombuffer(data[start:end], dtype=_TYPES[entry["dtype"]]).reshape(entry["shape"])
        if entry["dtype"] == "BF16":
            array = (array.astype(np.uint32) << 16).view(np.float32)
        tensors[name] = torch.from_numpy(array.astype(np.float32))
    return tensors
