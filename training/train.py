"""Trains a model on the documents of documents.py; continues an earlier run of the same name.

    python3 train.py WORK NAME [--tokens 100e6] [--from FILE] [--rate 1.5e-3] [--anneal 0.2] [--processes 2] …

The rate rises over the first steps and is then constant. With --anneal, it falls to zero over that last fraction of the
run; without --anneal, the run can be continued at no cost. --from takes weights (.safetensors), or the weights and the
optimizer of another run (.pt). In the latter case, the rate does not rise first.

The run's state is WORK/NAME.pt: weights, optimizer, position in the documents, states of the rows. It is written every five
minutes and on SIGTERM. WORK/NAME.log contains a JSON object per line, WORK/NAME.safetensors the weights. SIGSTOP to the
processes in WORK/NAME.pids pauses the run and SIGCONT resumes it. training/background.sh does all of that.

With --processes 2, two single-threaded processes share the rows of a batch and average their gradients. That is faster than
two threads in one process, especially on a busy machine.
"""

import argparse
import json
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path

# Must be set before PyTorch is loaded; spinning wastes shared processors.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch

import checkpoint
from data import Documents, Rows
from held_out import HeldOut
from layers import forget_copies
from model import Model, Shape
from operations import operations_for
from optimizer import Optimizer
from processes import Processes, joined, lower_priority
from stream import Stream
from vocabulary import Vocabulary

WARM_UP_STEPS = 150
SAVE_EVERY_S = 300
COUNTERS = ("steps", "tokens", "seconds", "mean")


def main() -> None:
    options = parse()
    if options.background:
        lower_priority()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1 if options.processes > 1 else options.threads)
    run_name = options.work / options.name
    with joined(options.rank, options.processes, run_name) as processes, operations_for(options.device):
        run = Run(options, processes)
        signal.signal(signal.SIGTERM, lambda *_: setattr(run, "stopping", True))
        run.train()


class Run:
    def __init__(self, options: argparse.Namespace, processes: Processes = Processes()) -> None:
        self.options, self.processes, self.stopping = options, processes, False
        self.state_file = options.work / f"{options.name}.pt"
        self.log_file = options.work / f"{options.name}.log"
        self.vocabulary = Vocabulary()
        self.warm_up = WARM_UP_STEPS
        self.steps, self.tokens, self.seconds = 0, 0, 0.0
        self.mean: torch.Tensor | None = None  # moving average of the loss
        self.first = {"tokens": 0, "seconds": 0.0}  # counters at the run's start
        saved = torch_state(self.state_file if self.state_file.exists() else options.start)
        tensors = checkpoint.load(options.start) if options.start and saved is None else None
        self.model = Model(self.shape(saved, tensors))
        if tensors:
            checkpoint.load_named(self.model, tensors)
        if saved:
            self.model.load_state_dict(saved["model"])
        self.model.to(options.device)
        self.optimizer = Optimizer(self.model, muon=options.optimizer == "muon")
        documents = Documents(options.work)
        documents.skip(int(options.skip))
        self.rows = Rows(documents, options.batch, options.length)
        self.stream = Stream()
        self.held_out = HeldOut(options.work, self.vocabulary) if options.evaluate_every else None
        if saved:
            self.resume(saved)

    def shape(self, saved: dict | None, tensors: dict | None) -> Shape:
        if saved:
            return Shape(**saved["shape"])
        if tensors:
            return checkpoint.shape_of(tensors)
        return Shape(self.options.version, self.options.layers, self.options.width, self.vocabulary.size)

    def train(self) -> None:
        began = saved = time.monotonic()
        before = self.seconds
        while True:
            # The processes must stop and save at the same step.
            fraction, stopping, save = self.processes.agreed(
                self.fraction(), self.stopping, time.monotonic() - saved > SAVE_EVERY_S
            )
            if fraction >= 1 or stopping:
                break
            if save:
                self.save()
                saved = time.monotonic()
            self.step(self.rate(fraction))
            self.seconds = before + time.monotonic() - began
            if self.steps % 50 == 0:
                self.log(loss=round(self.mean.item(), 4), rate=round(self.rate(fraction), 7))
            if self.held_out and self.steps % self.options.evaluate_every == 0:
                self.evaluate()
        self.save()
        if self.held_out and not stopping:
            self.evaluate()

    def step(self, rate: float) -> None:
        batch = self.rows.batch()
        own = self.processes.share(self.options.batch)
        tokens, targets, self.stream.starts = (self.on_device(part[own]) for part in batch)
        forget_copies(self.model)
        loss = self.model.loss(tokens, targets, self.stream)
        if self.processes.count > 1:  # weighted, so that the mean over processes is the mean over all targets
            loss = loss * (self.processes.count * (targets >= 0).sum() / (batch[1] >= 0).sum())
        loss.backward()
        loss = loss.detach()  # its value is not read here, because that would wait for the GPU
        self.processes.average([*(p.grad for p in self.optimizer.parameters), loss])
        self.optimizer.step(rate)
        self.steps += 1
        self.tokens += batch[0].numel()
        self.mean = loss if self.mean is None else self.mean.lerp(loss, 0.02)

    def on_device(self, tensor: torch.Tensor) -> torch.Tensor:
        """The tensor on the device. From pinned memory, it is copied to a GPU without waiting for earlier work."""
        if self.options.device == "cpu":
            return tensor
        return tensor.pin_memory().to(self.options.device, non_blocking=True)

    def fraction(self) -> float:
        """The fraction of the run that is done."""
        if self.options.tokens:
            return (self.tokens - self.first["tokens"]) / self.options.tokens
        return (self.seconds - self.first["seconds"]) / 60 / self.options.minutes

    def rate(self, fraction: float) -> float:
        rising = (self.steps + 1) / self.warm_up if self.warm_up else 1.0
        falling = (1 - fraction) / self.options.anneal if self.options.anneal else 1.0
        return self.options.rate * min(1.0, rising, falling)

    def evaluate(self) -> None:
        """Logs bits per byte. Each process measures some of the languages."""
        found = self.processes.gathered(
            self.held_out.bits_per_byte(self.model, self.processes.rank, self.processes.count)
        )
        self.log(bits_per_byte=dict(sorted((k, v) for part in found for k, v in part.items())))

    def log(self, **values: object) -> None:
        if self.processes.rank != 0:
            return
        line = json.dumps({"step": self.steps, "tokens": self.tokens, "seconds": round(self.seconds), **values})
        print(line, flush=True)
        with open(self.log_file, "a", encoding="utf-8") as log:
            log.write(line + "\n")

    def save(self) -> None:
        streams = self.processes.gathered(self.stream.kept)
        if self.processes.rank != 0:
            return
        part = self.state_file.with_suffix(".part")
        state = {
            "shape": asdict(self.model.shape),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "rows": self.rows.state_dict(),
            "stream": {name: torch.cat([own[name] for own in streams]) for name in self.stream.kept},
            "documents": len(self.rows.documents.tokens),
            "first": self.first,
        }
        torch.save({**state, **{name: getattr(self, name) for name in COUNTERS}}, part)
        part.replace(self.state_file)
        checkpoint.save(self.options.work / f"{self.options.name}.safetensors", checkpoint.named_tensors(self.model))

    def resume(self, state: dict) -> None:
        """Restores a saved state: this run's, or with --from the weights and the optimizer of another run."""
        self.optimizer.load_state_dict(state["optimizer"])
        for name in COUNTERS:
            setattr(self, name, state[name])
        self.mean = None if self.mean is None else self.mean.to(self.options.device)
        if not self.state_file.exists():
            self.warm_up = 0
            self.first = {"tokens": self.tokens, "seconds": self.seconds}
            return
        own = len(self.rows.documents.tokens)
        if (read := state.get("documents", own)) != own:
            sys.exit(
                f"{self.state_file} has read in {read} tokens of documents, and {self.options.work}/train.tokens holds "
                f"{own}: make the same documents again (documents.py), or give this run another NAME"
            )
        self.first = state["first"]
        self.rows.load_state_dict(state["rows"])
        share = self.processes.share(self.options.batch)
        self.stream.kept = {name: kept[share].to(self.options.device) for name, kept in state["stream"].items()}


def torch_state(file: Path | None) -> dict | None:
    """The content of a .pt file; None for any other. Loaded on the processor, because Adam counts its steps there."""
    if file is None or file.suffix != ".pt":
        return None
    return torch.load(file, map_location="cpu", weights_only=False)


def parse() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = arguments.add_argument
    add("work", type=Path)
    add("name")
    add("--from", dest="start", type=Path, help="initial weights, which determine the shape, or another run's .pt")
    add("--skip", type=float, default=0, help="begin after so many tokens of documents: those that the weights have read")
    add("--minutes", type=float, default=60)
    add("--tokens", type=float, default=0, help="instead of --minutes")
    add("--rate", type=float, default=1.5e-3)
    add("--anneal", type=float, default=0.0, help="the last fraction of the run, over which the rate falls to zero")
    add("--optimizer", choices=("muon", "adam"), default="muon")
    add("--batch", type=int, default=32)
    add("--length", type=int, default=512)
    add("--version", type=int, default=7)
    add("--layers", type=int, default=8)
    add("--width", type=int, default=256)
    add("--evaluate-every", type=int, default=1000, help="steps between measurements of bits per byte; 0: none at all")
    add("--threads", type=int, default=2)
    add("--processes", type=int, default=1, help="single-threaded processes instead of threads; not on a GPU")
    add("--rank", type=int, default=0, help=argparse.SUPPRESS)
    add("--background", action="store_true", help="run at the lowest priority")
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--seed", type=int, default=1)
    return arguments.parse_args()


if __name__ == "__main__":
    main()
