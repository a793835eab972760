"""Trains a model on what documents.py wrote; goes on where an earlier run of the same name stopped.

    python3 train.py WORK NAME --minutes 100 [--from FILE.safetensors] [--rate 1.5e-3] …

The rate rises over the first steps, holds, and falls to nothing over the last part of the run (--anneal of it). State of
the run: WORK/NAME.pt (weights, optimiser, place in the documents), every five minutes and on SIGTERM; log: WORK/NAME.log,
a JSON object a line; weights to ship: WORK/NAME.safetensors.
"""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

import torch

import checkpoint
from data import Documents, Rows
from held_out import HeldOut
from layers import forget_copies
from model import Model, Shape
from operations import operations_for
from optimiser import Optimiser
from stream import Stream
from vocabulary import Vocabulary

WARM_UP_STEPS = 150
SAVE_EVERY_S = 300
COUNTERS = ("steps", "tokens", "seconds", "mean")


def main() -> None:
    options = parse()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    with operations_for(options.device):
        run = Run(options)
        signal.signal(signal.SIGTERM, lambda *_: setattr(run, "stopping", True))
        run.go()


class Run:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.stopping = options, False
        self.state_file = options.work / f"{options.name}.pt"
        self.log_file = options.work / f"{options.name}.log"
        self.vocabulary = Vocabulary()
        tensors = checkpoint.load(options.start) if options.start else None
        shape = (
            checkpoint.shape_of(tensors)
            if tensors
            else Shape(options.version, options.layers, options.width, self.vocabulary.size)
        )
        self.model = Model(shape)
        if tensors:
            checkpoint.load_named(self.model, tensors)
        self.model.to(options.device)
        self.optimiser = Optimiser(self.model, muon=options.optimiser == "muon")
        self.rows = Rows(Documents(options.work), options.batch, options.length)
        self.stream = Stream()
        self.steps, self.tokens, self.seconds = 0, 0, 0.0
        self.mean: torch.Tensor | None = None  # of the loss, weighted towards the last steps
        self.held_out = HeldOut(options.work, self.vocabulary)
        if self.state_file.exists():
            self.resume()

    def go(self) -> None:
        began = saved = time.monotonic()
        before = self.seconds
        while (fraction := self.fraction()) < 1 and not self.stopping:
            self.step(self.rate(fraction))
            now = time.monotonic()
            self.seconds = before + now - began
            if self.steps % 50 == 0:
                self.log(loss=round(self.mean.item(), 4), rate=self.rate(fraction))
            if now - saved > SAVE_EVERY_S:
                self.save()
                self.log(bits_per_byte=self.held_out.bits_per_byte(self.model))
                saved = now
        self.save()
        self.log(bits_per_byte=self.held_out.bits_per_byte(self.model))

    def step(self, rate: float) -> None:
        tokens, targets, self.stream.starts = (part.to(self.options.device) for part in self.rows.batch())
        forget_copies(self.model)
        loss = self.model.loss(tokens, targets, self.stream)
        loss.backward()
        self.optimiser.step(rate)
        self.steps += 1
        self.tokens += tokens.numel()
        loss = loss.detach()  # not asked for its value here, for which a GPU would have to be waited for
        self.mean = loss if self.mean is None else self.mean.lerp(loss, 0.02)

    def fraction(self) -> float:
        if self.options.tokens:
            return self.tokens / self.options.tokens
        return self.seconds / 60 / self.options.minutes

    def rate(self, fraction: float) -> float:
        return self.options.rate * min(1.0, (self.steps + 1) / WARM_UP_STEPS, (1 - fraction) / self.options.anneal)

    def log(self, **values: object) -> None:
        line = json.dumps({"step": self.steps, "tokens": self.tokens, "seconds": round(self.seconds), **values})
        print(line, flush=True)
        with open(self.log_file, "a", encoding="utf-8") as log:
            log.write(line + "\n")

    def save(self) -> None:
        part = self.state_file.with_suffix(".part")
        state = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "rows": self.rows.state_dict(),
            "stream": self.stream.kept,
            "documents": len(self.rows.documents.tokens),
        }
        torch.save({**state, **{name: getattr(self, name) for name in COUNTERS}}, part)
        part.replace(self.state_file)
        checkpoint.save(self.options.work / f"{self.options.name}.safetensors", checkpoint.named_tensors(self.model))

    def resume(self) -> None:
        # Not onto the GPU: Adam counts its steps on the processor. What belongs there is moved or copied there.
        state = torch.load(self.state_file, map_location="cpu", weights_only=False)
        own = len(self.rows.documents.tokens)
        if (read := state.get("documents", own)) != own:
            sys.exit(
                f"{self.state_file} has read in {read} tokens of documents, and {self.options.work}/train.tokens holds "
                f"{own}: make the same documents again (documents.py), or give this run another NAME"
            )
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.rows.load_state_dict(state["rows"])
        self.stream.kept = {name: kept.to(self.options.device) for name, kept in state["stream"].items()}
        for name in COUNTERS:
            setattr(self, name, state[name])
        self.mean = None if self.mean is None else self.mean.to(self.options.device)


def parse() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = arguments.add_argument
    add("work", type=Path)
    add("name")
    add("--from", dest="start", type=Path, help="weights to begin with; their shape is taken over")
    add("--minutes", type=float, default=60)
    add("--tokens", type=float, default=0, help="in place of --minutes")
    add("--rate", type=float, default=1.5e-3)
    add("--anneal", type=float, default=1.0, help="the part of the run over which the rate falls to nothing")
    add("--optimiser", choices=("muon", "adam"), default="muon")
    add("--batch", type=int, default=32)
    add("--length", type=int, default=512)
    add("--version", type=int, default=7)
    add("--layers", type=int, default=8)
    add("--width", type=int, default=256)
    add("--threads", type=int, default=2)
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--seed", type=int, default=1)
    return arguments.parse_args()


if __name__ == "__main__":
    main()
