"""Tests data, files, the optimizer, and that small models learn."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import numpy as np
import torch

import checkpoint
import on_any
import on_cpu
import on_cuda
from average import mean, weights
from data import NO_TARGET, Rows
from deepen import deepened
from export import quantized, sources
from layers import forget_copies
from model import Model, Shape
from operations import operations_for, operations_of, plain_operations
from optimizer import Optimizer, orthogonal
from stream import Stream
from test_operations import on_a_gpu, stream
from train import Run, parse

FIXTURES = Path(__file__).parent.parent / "test" / "fixtures" / "rwkv"


class Data(unittest.TestCase):
    class Three:
        """Endlessly repeated documents of 16, 48 and 32 tokens."""

        def __init__(self) -> None:
            self.next = 0

        def take(self) -> np.ndarray:
            length = (16, 48, 32)[self.next % 3]
            self.next += 1
            tokens = np.arange(100, 100 + length, dtype=np.uint16)
            tokens[-2:] = 0
            return tokens

    def test_rows_read_documents_to_their_ends(self) -> None:
        rows = Rows(self.Three(), 1, 32)
        drawn = [rows.batch() for _ in range(3)]
        self.assertEqual([s[0].tolist() for _, _, s in drawn], [[1, 1], [0, 0], [1, 0]])
        tokens, targets, _ = drawn[0]
        self.assertEqual(tokens[0, :16].tolist(), [*range(100, 114), 0, 0])
        # The first end token is predicted; the padding and the next document's beginning are not.
        self.assertEqual(targets[0, 12:17].tolist(), [113, 0, NO_TARGET, NO_TARGET, 101])

    def test_a_resumed_run_continues_in_the_documents(self) -> None:
        rows = Rows(self.Three(), 2, 32)
        rows.batch()
        again = Rows(self.Three(), 2, 32)
        again.load_state_dict(rows.state_dict())
        for ours, theirs in zip(again.batch(), rows.batch()):
            self.assertTrue(torch.equal(ours, theirs))


class Models(unittest.TestCase):
    def shapes(self) -> list[Shape]:
        return [Shape(version=v, layers=2, width=128, vocabulary=96, ranks=(8, 8, 8, 16)) for v in (4, 7)]

    def test_weights_written_and_read_are_the_same(self) -> None:
        for shape in self.shapes():
            model = Model(shape)
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "model.safetensors"
                checkpoint.save(file, checkpoint.named_tensors(model))
                tensors = checkpoint.load(file)
            self.assertEqual(checkpoint.shape_of(tensors).version, shape.version)
            again = Model(shape)
            checkpoint.load_named(again, tensors)
            for (name, ours), theirs in zip(model.state_dict().items(), again.state_dict().values()):
                self.assertLess((ours - theirs).abs().max().item(), 2e-3, name)

    def test_published_weights_give_the_published_logits(self) -> None:
        for name in ("v4-small", "v7-small"):
            folder = FIXTURES / name
            tensors = checkpoint.load(folder / "model.safetensors")
            model = Model(checkpoint.shape_of(tensors))
            checkpoint.load_named(model, tensors)
            with plain_operations(), torch.no_grad():
                for prompt in json.loads((folder / "expected.json").read_text())["prompts"]:
                    tokens = torch.tensor(prompt["tokens"])[None]
                    starts = torch.zeros(1, (tokens.shape[1] + 15) // 16, dtype=torch.uint8)
                    logits = model.logits(tokens, Stream(starts))[0, -1]
                    difference = (logits - torch.tensor(prompt["logits"])).abs().max().item()
                    self.assertLess(difference, 1e-3, f"{name}, {prompt['length']} tokens")

    def test_all_implementations_give_the_same_loss_and_gradients(self) -> None:
        self.compare_with_plain((on_cpu, on_cuda), "cpu")

    @on_a_gpu
    def test_a_gpu_gives_the_same_loss_and_gradients(self) -> None:
        self.compare_with_plain((on_cuda,), "cuda")

    def compare_with_plain(self, others: tuple[ModuleType, ...], device: str) -> None:
        for shape in self.shapes():
            torch.manual_seed(2)
            model = Model(shape)
            for parameter in model.parameters():
                parameter.data += 0.05 * torch.randn_like(parameter)
            model.to(device)
            tokens, targets = torch.randint(6, 96, (2, 2, 64)).to(device)
            results = []
            for operations in (on_any, *others):
                with operations_of(operations):
                    forget_copies(model)
                    s = stream(device)
                    # The second segment continues with the states of the first one.
                    losses = [model.loss(tokens, targets, s), model.loss(targets, tokens, s)]
                    grads = torch.autograd.grad(sum(losses), list(model.parameters()))
                results.append((losses, torch.cat([g.flatten() for g in grads])))
            forget_copies(model)
            expected, steeper = results[0]
            for ours, slope in results[1:]:
                for x, y in zip(ours, expected):
                    self.assertLess(abs(x.item() - y.item()), 0.02)
                self.assertLess(((slope - steeper).norm() / steeper.norm()).item(), 0.03, shape)

    def test_a_small_model_learns_a_short_text(self) -> None:
        for shape in self.shapes():
            torch.manual_seed(1)
            model, s = Model(shape), Stream()
            optimizer = Optimizer(model)
            tokens = torch.randint(6, 96, (1, 33)).repeat(2, 1)
            losses = []
            for _ in range(60):
                s.starts = torch.ones(2, 2, dtype=torch.uint8)
                s.starts[:, 1] = 0
                forget_copies(model)
                loss = model.loss(tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous(), s)
                loss.backward()
                optimizer.step(5e-3)
                losses.append(loss.item())
            self.assertGreater(losses[0], 4)
            self.assertLess(losses[-1], 0.5, shape)


class Runs(unittest.TestCase):
    """Training runs of a small model, in a temporary folder."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name)
        (self.work / "test.jsonl").touch()
        self.write_documents(40)

    def write_documents(self, count: int) -> None:
        tokens = np.random.default_rng(1).integers(6, 8192, (count, 48), np.uint16)
        tokens[::8, 32:] = 0  # padding has no targets, so rows have different numbers of targets
        tokens.tofile(self.work / "train.tokens")
        (48 * np.arange(1, count + 1, dtype=np.int64)).tofile(self.work / "train.index")

    def run_on(self, device: str, *options: str, name: str = "small") -> Run:
        shape = ["--layers", "1", "--width", "128", "--batch", "2", "--length", "32"]
        with patch.object(sys, "argv", ["train.py", str(self.work), name, *shape, *options, "--device", device]):
            return Run(parse())

    def resume(self, device: str) -> Run:
        """Checks that a resumed run takes the same third step as the original run. Returns the resumed run."""
        with operations_for(device):
            first = self.run_on(device)
            for _ in range(2):
                first.step(1e-3)
            first.save()
            again = self.run_on(device)
            for run in (first, again):
                run.step(1e-3)
        self.assertEqual((again.steps, again.tokens), (first.steps, first.tokens))
        self.assertAlmostEqual(again.mean.item(), first.mean.item(), 4)
        for ours, theirs in zip(again.model.parameters(), first.model.parameters()):
            self.assertLess((ours - theirs).abs().max().item(), 1e-4)
        return again

    def test_a_resumed_run_takes_the_steps_it_would_have_taken(self) -> None:
        self.resume("cpu")

    @on_a_gpu
    def test_a_resumed_run_on_a_gpu_counts_its_steps_on_the_processor(self) -> None:
        for state in self.resume("cuda").optimizer.adam.state.values():
            self.assertEqual(state["step"].device.type, "cpu")

    def finished(self, name: str, *options: str) -> dict[str, torch.Tensor]:
        """Runs train.py to completion and returns the weights."""
        shape = ["--layers", "1", "--width", "128", "--batch", "4", "--length", "32", "--rate", "0.3"]
        command = [sys.executable, Path(__file__).parent / "train.py", self.work, name, *shape, *options]
        subprocess.run(command, check=True, capture_output=True)
        return checkpoint.load(self.work / f"{name}.safetensors")

    def test_a_run_without_measurements_needs_no_held_out_text(self) -> None:
        (self.work / "test.jsonl").unlink()
        with self.assertRaises(subprocess.CalledProcessError):
            self.finished("measured", "--tokens", "256")
        self.finished("trained", "--tokens", "256", "--evaluate-every", "0")

    def test_two_stopped_and_resumed_processes_learn_the_same_as_one(self) -> None:
        start = checkpoint.named_tensors(self.run_on("cpu").model)
        self.finished("two", "--tokens", "256", "--processes", "2")
        two = self.finished("two", "--tokens", "512", "--processes", "2")
        one = self.finished("one", "--tokens", "512")
        for name in ("head.weight", "blocks.0.att.value.weight", "blocks.0.ffn.key.weight"):
            apart, way = (two[name] - one[name]).norm(), (one[name] - start[name]).norm()
            # Rounding in bf16, which depends on the processor, gives up to 0.013; gradients that are not averaged
            # give 0.18.
            self.assertLess((apart / way).item(), 0.04, name)

    def test_a_run_continues_another_one_with_new_documents_at_the_full_rate(self) -> None:
        first = self.run_on("cpu")
        first.step(1e-3)
        first.save()
        self.write_documents(41)
        second = self.run_on("cpu", "--from", str(self.work / "small.pt"), name="next")
        for ours, theirs in zip(second.model.parameters(), first.model.parameters()):
            self.assertTrue(torch.equal(ours, theirs))
        for ours, theirs in zip(second.optimizer.momenta, first.optimizer.momenta):
            self.assertTrue(torch.equal(ours, theirs))
        self.assertEqual((first.rate(0), second.rate(0), second.rate(0.9)), (1.5e-3 / 75, 1.5e-3, 1.5e-3))
        self.assertEqual((second.tokens, second.fraction()), (first.tokens, 0))

    def test_a_run_skips_the_documents_that_its_weights_have_read(self) -> None:
        documents = np.fromfile(self.work / "train.tokens", dtype=np.uint16).reshape(-1, 48)
        for tokens, first in (("0", 0), ("47", 0), ("48", 1), ("97", 2)):
            batch, _, _ = self.run_on("cpu", "--skip", tokens).rows.batch()
            self.assertEqual(batch[0].tolist(), documents[first, :32].tolist(), f"after {tokens} tokens")

    def test_a_run_is_not_resumed_with_other_documents(self) -> None:
        self.run_on("cpu").save()
        self.write_documents(41)
        with self.assertRaisesRegex(SystemExit, "has read in 1920 tokens of documents, .*train.tokens holds 1968"):
            self.run_on("cpu")


class Averages(unittest.TestCase):
    def test_the_mean_is_of_each_weight(self) -> None:
        runs = [{"a": torch.tensor([1.0, 2.0])}, {"a": torch.tensor([3.0, 5.0])}]
        self.assertEqual(mean(runs)["a"].tolist(), [2.0, 3.5])

    def test_models_of_different_shapes_have_no_mean(self) -> None:
        with self.assertRaisesRegex(SystemExit, "different shapes"):
            mean([{"a": torch.zeros(2)}, {"a": torch.zeros(3)}])

    def test_a_model_in_8_bits_is_read_as_the_weights_that_it_represents(self) -> None:
        tensors = {"emb.weight": torch.rand(4, 64), "head.weight": torch.rand(4, 64) - 0.5}
        files, represented = quantized(tensors)
        with tempfile.TemporaryDirectory() as folder:
            checkpoint.save(Path(folder) / "model.safetensors", files)
            read = weights(Path(folder) / "model.safetensors")
        self.assertEqual(set(read), set(represented))
        torch.testing.assert_close(read["head.weight"], represented["head.weight"])
        torch.testing.assert_close(read["emb.weight"], represented["emb.weight"], atol=1e-3, rtol=0)


class Deepening(unittest.TestCase):
    def test_a_deepened_model_computes_the_same(self) -> None:
        for name in ("v4-small", "v7-small"):
            tensors = weights(FIXTURES / name / "model.safetensors")
            layers = checkpoint.shape_of(tensors).layers
            deeper = deepened(tensors, 2 * layers - 1)
            self.assertEqual(checkpoint.shape_of(deeper).layers, 2 * layers - 1)
            self.assertTrue(torch.equal(logits(deeper), logits(tensors)), name)

    def test_a_model_gets_fewer_than_twice_as_many_layers(self) -> None:
        tensors = weights(FIXTURES / "v7-small" / "model.safetensors")
        layers = checkpoint.shape_of(tensors).layers
        for number in (layers, 2 * layers):
            self.assertRaisesRegex(SystemExit, "LAYERS must be more", deepened, tensors, number)


def logits(tensors: dict[str, torch.Tensor]) -> torch.Tensor:
    """A model's logits after a few tokens."""
    model = Model(checkpoint.shape_of(tensors))
    checkpoint.load_named(model, tensors)
    with plain_operations(), torch.no_grad():
        return model.logits(torch.arange(6, 38)[None], Stream(torch.zeros(1, 2, dtype=torch.uint8)))


class Sources(unittest.TestCase):
    def test_sources_name_the_starters_packages_if_training_began_with_it(self) -> None:
        own, both = sources(from_starter=False), sources(from_starter=True)
        self.assertTrue(both.startswith(own))
        self.assertEqual(own.count("| @antv/g6 | 5.1.1 | MIT |"), 1)
        self.assertNotIn("first 20 million tokens", own)
        self.assertIn("first 20 million tokens", both)


class Muon(unittest.TestCase):
    def test_muon_makes_singular_values_even(self) -> None:
        for shape in ((128, 128), (512, 128), (128, 512)):
            values = torch.linalg.svdvals(orthogonal(torch.randn(2, *shape)))
            self.assertLess(values.max().item(), 1.3)
            self.assertGreater(values.median().item(), 0.6)


if __name__ == "__main__":
    unittest.main()
