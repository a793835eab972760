"""Exports a checkpoint as the extension's model, with expected values for the tests.

    python3 export.py CHECKPOINT.safetensors NAME [--from-starter]

Writes models/default/model.safetensors (matrices in 8 bits with groups of 32, in the layout of
src/rwkv/weights/quantized.ts; embedding and low-rank pairs F16, vectors F32), model.json with its hash, SOURCES.md with the
packages that the model was trained on, and test/fixtures/default: logits, 32 greedy tokens and states of the exported
weights, computed in double precision by plain.py. With --from-starter, SOURCES.md includes the starter's packages. Fit the
calibration again afterwards: `npm run quality:fit`.
"""

import argparse
import csv
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import checkpoint
from layers import forget_copies
from model import Model
from operations import plain_operations
from stream import Stream
from vocabulary import HEADER, Vocabulary, clean

ROOT = Path(__file__).parent.parent
BIG = re.compile(r"(receptance|key|value|output|head)\.weight$")
GROUP = 32
LENGTHS = (1, 3, 17, 64, 300)
WITH_STATES = (17, 300)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("name")
    arguments.add_argument("--from-starter", action="store_true", help="the first 20 million tokens were those of the starter")
    options = arguments.parse_args()
    tensors = checkpoint.load(options.checkpoint)
    folder, fixture = ROOT / "models" / "default", ROOT / "test" / "fixtures" / "default"
    fixture.mkdir(parents=True, exist_ok=True)
    files, weights = quantized(tensors)
    checkpoint.save(folder / "model.safetensors", files)
    sign(folder, options.name, checkpoint.shape_of(tensors).version)
    (folder / "SOURCES.md").write_text(sources(options.from_starter), encoding="utf-8")

    with plain_operations(), torch.no_grad():
        model = Model(checkpoint.shape_of(weights))
        checkpoint.load_named(model, weights)
        expected, states = Reference(model.double(), folder).values()
    expected["source"] = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    (fixture / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")
    checkpoint.save(fixture / "expected.safetensors", states)


def quantized(tensors: dict[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Quantizes a model. Returns the tensors of the file, and the weights that they represent."""
    files: dict[str, Tensor] = {}
    weights: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if not BIG.search(name):
            files[name] = weights[name] = tensor
            continue
        groups = tensor.reshape(-1, GROUP).numpy()
        scales = (np.abs(groups).max(1, keepdims=True) / np.float32(127)).astype(np.float32)
        values = np.floor(groups.astype(np.float64) / np.where(scales > 0, scales, 1) + 0.5).astype(np.int8)
        files[name] = torch.from_numpy(values).view(tensor.shape)
        files[f"{name}.scale"] = torch.from_numpy(scales).view(tensor.shape[0], -1)
        weights[name] = torch.from_numpy(values * scales).view(tensor.shape)
    return files, weights


def sign(folder: Path, name: str, version: int) -> None:
    """Updates name, version and hashes in model.json."""
    file = folder / "model.json"
    described = json.loads(file.read_text(encoding="utf-8"))
    described |= {"name": name, "architecture": f"rwkv{version}"}
    for each in described["files"]:
        described["files"][each]["sha256"] = hashlib.sha256((folder / each).read_bytes()).hexdigest()
    file.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def sources(from_starter: bool) -> str:
    """The text of SOURCES.md: the packages that the model was trained on, with their licences."""
    corpus = Path(__file__).parent / "corpus"
    lines = lambda name: (corpus / name).read_text(encoding="utf-8").splitlines()
    rows = lambda name: list(csv.DictReader(lines(name), delimiter="\t"))
    # The table has a row for each language of a package, but each package is listed only once.
    trained = {row["package"]: row for row in rows("packages.tsv") if row["part"] == "train"}.values()
    starter = [
        "Its first 20 million tokens, before these, came from packages of this list under permissive licences:",
        "",
        ", ".join(f"{row['package']} ({row['registry']})" for row in rows("starter.tsv")),
        "",
    ]
    return "\n".join(
        [
            "# What the embedded model was trained on",
            "",
            "Source text of these packages, from npm and Debian; the licence is the one that each package names.",
            "",
            "| package | version | licence |",
            "|---|---|---|",
            *[f"| {row['package']} | {row['version']} | {row['licence']} |" for row in trained],
            "",
            *(starter if from_starter else []),
        ]
    )


class Reference:
    """Runs a model in double precision over prompts from the sample that `npm start` completes."""

    def __init__(self, model: Model, folder: Path) -> None:
        self.model = model
        forget_copies(model)
        text = clean((ROOT / "media" / "sample.ts").read_text(encoding="utf-8"))
        tokens = Vocabulary(folder / "vocab.txt").encode(b"media/sample.ts\n" + text)
        self.tokens = np.concatenate([[HEADER], tokens, tokens]).astype(np.int64)[: max(LENGTHS)]

    def values(self) -> tuple[dict, dict[str, Tensor]]:
        prompts, states = [], {}
        for length in LENGTHS:
            stream, logits = self.read(self.tokens[:length], self.stream())
            if length in WITH_STATES:
                states |= self.named(stream, length)
            prompts.append(
                {
                    "length": length,
                    "tokens": self.tokens[:length].tolist(),
                    "logits": logits.tolist(),
                    **self.greedy(stream, logits),
                }
            )
        return {"state_names": "ax, S [head, value, key], fx; aa, bb, pp", "prompts": prompts}, states

    def stream(self) -> Stream:
        return Stream(dtype=torch.float64)

    def read(self, tokens: np.ndarray, stream: Stream) -> tuple[Stream, Tensor]:
        stream.starts = torch.zeros(1, (len(tokens) + 15) // 16, dtype=torch.uint8)
        return stream, self.model.logits(torch.from_numpy(tokens)[None], stream)[0, -1]

    def greedy(self, stream: Stream, logits: Tensor) -> dict:
        run, margins = [], []
        for _ in range(32):
            best = logits.topk(2)
            run.append(int(best.indices[0]))
            margins.append(float(best.values[0] - best.values[1]))
            stream, logits = self.read(np.array(run[-1:]), stream)
        return {"greedy32": run, "greedy_min_margin": min(margins)}

    def named(self, stream: Stream, length: int) -> dict[str, Tensor]:
        """The state with the names that the tests expect."""
        named = {}
        for layer in range(self.model.shape.layers):
            at, own = f"state.L{length}.layer{layer}.", f"blocks.{layer}."
            named[f"{at}ax"] = stream.kept[f"{own}att.x"][0]
            named[f"{at}fx"] = stream.kept[f"{own}ffn.x"][0]
            state = stream.kept[f"{own}att.state"][0]
            if self.model.shape.version == 7:
                named[f"{at}S"] = state.mT.contiguous()
            else:
                named |= {f"{at}{n}": row.clone() for n, row in zip(("aa", "bb", "pp"), state)}
        return {name: tensor.float() for name, tensor in named.items()}


if __name__ == "__main__":
    main()
