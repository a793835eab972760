"""python3 -m unittest test_training: kernels against autograd, data, files, and that a small model learns."""

import json
import tempfile
import unittest
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy, normalize

import checkpoint
import plain
from data import NO_TARGET, Rows
from layers import forget_copies
from model import Model, Shape
from operations import HeadLoss, NormMix, Stream, TimeMix4, TimeMix7, plain_operations
from optimiser import Optimiser, orthogonal

FIXTURES = Path(__file__).parent.parent / "test" / "fixtures" / "rwkv"
B, T, C = 2, 64, 128
# bf16 has 8 bits: a result rounded to it is off by 0.4 % at the most, a sum of such by less.
WITHIN = 0.01


def rounded(*shape: int) -> torch.Tensor:
    """Random values that bf16 holds exactly."""
    return torch.randn(*shape).bfloat16().float().requires_grad_()


def stream() -> Stream:
    """A document begins in the middle of the second row."""
    made = Stream()
    made.starts = torch.zeros(B, T // 16, dtype=torch.uint8)
    made.starts[1, 2] = 1
    return made


class Kernels(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(0)

    def compare(self, ours: list[torch.Tensor], expected: list[torch.Tensor], names: str) -> None:
        for name, x, y in zip(names.split(), ours, expected, strict=True):
            error = ((x.float() - y.float()).norm() / y.float().norm()).item()
            self.assertLess(error, WITHIN, name)

    def test_norm_mix(self) -> None:
        inputs = [rounded(B, T, C), rounded(C), rounded(C), torch.rand(3, C).requires_grad_()]
        s, last = stream(), torch.randn(B, C)
        s.kept["x"] = last.clone()
        ours = list(NormMix.apply(*inputs, s, "x"))
        expected, after = plain.norm_mix(*inputs, s.starts, last)
        slopes = [rounded(B, T, C).detach() for _ in ours]
        ours += torch.autograd.grad(ours, inputs, [g.bfloat16() for g in slopes])
        expected += torch.autograd.grad(expected, inputs, slopes)
        self.compare([*ours, s.kept["x"]], [*expected, after], "out0 out1 out2 x gamma beta mix last")

    def time_mix7_inputs(self, is_first: bool) -> list:
        inputs = [rounded(B, T, C) for _ in range(8)]
        if is_first:
            inputs[3] = inputs[6] = None
        return [*inputs, torch.randn(8, C).requires_grad_()]

    def test_time_mix7(self) -> None:
        for is_first in (True, False):
            inputs = self.time_mix7_inputs(is_first)
            s, state = stream(), torch.randn(B, C // 64, 64, 64)
            s.kept["x"] = state.clone()
            halves = [None if z is None else z.bfloat16() for z in inputs[:8]]
            ours = [TimeMix7.apply(*halves, inputs[8], s, "x")]
            y, after = plain.time_mix7(*inputs, s.starts, state)
            wanted = [z for z in inputs if z is not None]
            slope = rounded(B, T, C).detach()
            ours += torch.autograd.grad(ours, wanted, slope.bfloat16())
            expected = [y, *torch.autograd.grad(y, wanted, slope)]
            names = "out r k v w a g parameters" if is_first else "out r k v first w a nu g parameters"
            self.compare([*ours, s.kept["x"]], [*expected, after], f"{names} state")

    def test_time_mix7_of_two_halves_is_that_of_the_whole(self) -> None:
        inputs = [z.bfloat16() for z in self.time_mix7_inputs(False)[:8]]
        parameters = torch.randn(8, C)
        whole = TimeMix7.apply(*inputs, parameters, stream(), "x")
        s, parts = stream(), []
        starts = s.starts
        for half in (slice(0, T // 2), slice(T // 2, T)):
            s.starts = starts[:, half.start // 16 : half.stop // 16].contiguous()
            parts.append(TimeMix7.apply(*[z[:, half] for z in inputs], parameters, s, "x"))
        self.assertTrue(torch.equal(torch.cat(parts, 1), whole))

    def test_the_closed_form_of_the_delta_rule_is_the_recurrence(self) -> None:
        h, n = 2, 64
        r, k, v, a = (torch.randn(B, T, h, n, dtype=torch.float64) for _ in range(4))
        kappa = normalize(torch.randn(B, T, h, n, dtype=torch.float64), dim=-1)
        decay = -plain.DECAY * torch.rand(B, T, h, n, dtype=torch.float64)
        e = kappa * torch.sigmoid(a)
        starts, state = stream().starts, torch.randn(B, h, n, n, dtype=torch.float64)
        y, _ = plain.delta_rule(r, decay, k, v, -kappa, e, starts, state)
        for t in range(T):
            if t % 16 == 0:
                state = state * (1 - starts[:, t // 16].double()).view(B, 1, 1, 1)
            erased = torch.einsum("bhk,bhkv->bhv", kappa[:, t], state)
            state = state * decay[:, t].exp()[..., None] - e[:, t][..., None] * erased[..., None, :]
            state = state + k[:, t][..., None] * v[:, t][..., None, :]
            expected = torch.einsum("bhk,bhkv->bhv", r[:, t], state)
            self.assertLess((y[:, t] - expected).abs().max().item(), 1e-9)

    def test_time_mix4(self) -> None:
        inputs = [rounded(B, T, C), *(rounded(B, T, C) for _ in range(2)), rounded(C), rounded(C)]
        with torch.no_grad():
            inputs[1] *= 32  # keys whose exponentials would overflow; still exact in bf16
        s = stream()
        state = torch.stack([torch.randn(B, C), torch.rand(B, C) + 0.1, torch.randn(B, C)], 1)
        s.kept["x"] = state.clone()
        ours = [TimeMix4.apply(*[z.bfloat16() for z in inputs[:3]], *inputs[3:], s, "x")]
        expected, after = plain.time_mix4(*inputs, s.starts, state)
        slope = rounded(B, T, C).detach()
        ours += torch.autograd.grad(ours, inputs, slope.bfloat16())
        grads = torch.autograd.grad(expected, inputs, slope)
        self.compare([*ours, s.kept["x"]], [expected, *grads, after], "out r k v decay first state")

    def test_head_loss(self) -> None:
        x, weight = rounded(100, 32), rounded(50, 32)
        targets = torch.randint(0, 50, (100,))
        targets[::7] = NO_TARGET
        ours = HeadLoss.apply(x, weight, weight.detach().bfloat16(), targets)
        expected = cross_entropy(x @ weight.t(), targets, ignore_index=NO_TARGET)
        grads = [torch.autograd.grad(loss, [x, weight]) for loss in (ours, expected)]
        self.compare([ours, *grads[0]], [expected, *grads[1]], "loss x weight")

    def test_muon_makes_singular_values_even(self) -> None:
        for shape in ((128, 128), (512, 128), (128, 512)):
            values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
            self.assertLess(values.max().item(), 1.3)
            self.assertGreater(values.median().item(), 0.6)


class Data(unittest.TestCase):
    class Three:
        """Documents of 16, 48 and 32 tokens, again and again."""

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
        # The first end is to be predicted; the padding and the next document's beginning are not.
        self.assertEqual(targets[0, 12:17].tolist(), [113, 0, NO_TARGET, NO_TARGET, 101])

    def test_a_resumed_run_reads_on(self) -> None:
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

    def test_a_model_that_others_computed_gives_their_logits(self) -> None:
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

    def test_plain_operations_give_the_loss_and_the_gradients_of_the_kernels(self) -> None:
        for shape in self.shapes():
            torch.manual_seed(2)
            model = Model(shape)
            for parameter in model.parameters():
                parameter.data += 0.05 * torch.randn_like(parameter)
            tokens, targets = torch.randint(6, 96, (2, 2, 64))
            results = []
            for operations in (nullcontext(), plain_operations()):
                with operations:
                    forget_copies(model)
                    s = stream()
                    losses = [model.loss(tokens, targets, s), model.loss(targets, tokens, s)]  # the second goes on
                    grads = torch.autograd.grad(sum(losses), list(model.parameters()))
                results.append((losses, torch.cat([g.flatten() for g in grads])))
            forget_copies(model)
            (ours, slope), (expected, steeper) = results
            for x, y in zip(ours, expected):
                self.assertLess(abs(x.item() - y.item()), 0.02)
            self.assertLess(((slope - steeper).norm() / steeper.norm()).item(), 0.03, shape)

    def test_a_small_model_learns_a_short_text(self) -> None:
        for shape in self.shapes():
            torch.manual_seed(1)
            model, s = Model(shape), Stream()
            optimiser = Optimiser(model)
            tokens = torch.randint(6, 96, (1, 33)).repeat(2, 1)
            losses = []
            for _ in range(60):
                s.starts = torch.ones(2, 2, dtype=torch.uint8)
                s.starts[:, 1] = 0
                forget_copies(model)
                loss = model.loss(tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous(), s)
                loss.backward()
                optimiser.step(5e-3)
                losses.append(loss.item())
            self.assertGreater(losses[0], 4)
            self.assertLess(losses[-1], 0.5, shape)


if __name__ == "__main__":
    unittest.main()
