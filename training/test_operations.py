"""Kernels and operations against plain PyTorch and its autograd."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy, normalize

import on_cpu
import on_cuda
import plain
from data import NO_TARGET
from half import HALF
from stream import Stream

B, T, C = 2, 64, 128
# bf16 has 8 bits: a result rounded to it is off by 0.4 % at the most, a sum of such by less.
WITHIN = 0.01


def rounded(*shape: int) -> torch.Tensor:
    """Random values that bf16 holds exactly."""
    return torch.randn(*shape).to(HALF).float().requires_grad_()


def stream() -> Stream:
    """A document begins in the middle of the second row."""
    made = Stream()
    made.starts = torch.zeros(B, T // 16, dtype=torch.uint8)
    made.starts[1, 2] = 1
    return made


class Operations(unittest.TestCase):
    """Each set of them; those for CUDA emulated."""

    def setUp(self) -> None:
        torch.manual_seed(0)

    def each(self):
        for module in (on_cpu, on_cuda):
            with self.subTest(module.__name__):
                yield module

    def compare(self, ours: list[torch.Tensor], expected: list[torch.Tensor], names: str) -> None:
        for name, x, y in zip(names.split(), ours, expected, strict=True):
            error = ((x.float() - y.float()).norm() / y.float().norm()).item()
            self.assertLess(error, WITHIN, name)

    def test_norm_mix(self) -> None:
        for operations in self.each():
            inputs = [rounded(B, T, C), rounded(C), rounded(C), torch.rand(3, C).requires_grad_()]
            s, last = stream(), torch.randn(B, C)
            s.kept["x"] = last.clone()
            ours = operations.norm_mix(*inputs, s, "x")
            expected, after = plain.norm_mix(*inputs, s.starts, last)
            slopes = [rounded(B, T, C).detach() for _ in ours]
            ours += torch.autograd.grad(ours, inputs, [g.to(HALF) for g in slopes])
            expected += torch.autograd.grad(expected, inputs, slopes)
            self.compare([*ours, s.kept["x"]], [*expected, after], "out0 out1 out2 x gamma beta mix last")

    def time_mix7_inputs(self, is_first: bool) -> list:
        inputs = [rounded(B, T, C) for _ in range(8)]
        if is_first:
            inputs[3] = inputs[6] = None
        return [*inputs, torch.randn(8, C).requires_grad_()]

    def test_time_mix7(self) -> None:
        for operations in self.each():
            for is_first in (True, False):
                inputs = self.time_mix7_inputs(is_first)
                s, state = stream(), torch.randn(B, C // 64, 64, 64)
                s.kept["x"] = state.clone()
                halves = [None if z is None else z.to(HALF) for z in inputs[:8]]
                ours = [operations.time_mix7(halves, inputs[8], s, "x")]
                y, after = plain.time_mix7(*inputs, s.starts, state)
                wanted = [z for z in inputs if z is not None]
                slope = rounded(B, T, C).detach()
                ours += torch.autograd.grad(ours, wanted, slope.to(HALF))
                expected = [y, *torch.autograd.grad(y, wanted, slope)]
                names = "out r k v w a g parameters" if is_first else "out r k v first w a nu g parameters"
                self.compare([*ours, s.kept["x"]], [*expected, after], f"{names} state")

    def test_time_mix7_of_two_halves_is_that_of_the_whole(self) -> None:
        for operations in self.each():
            inputs = [z.to(HALF) for z in self.time_mix7_inputs(False)[:8]]
            parameters = torch.randn(8, C)
            whole = operations.time_mix7(inputs, parameters, stream(), "x")
            s, parts = stream(), []
            starts = s.starts
            for half in (slice(0, T // 2), slice(T // 2, T)):
                s.starts = starts[:, half.start // 16 : half.stop // 16].contiguous()
                parts.append(operations.time_mix7([z[:, half] for z in inputs], parameters, s, "x"))
            self.assertTrue(torch.equal(torch.cat(parts, 1), whole))

    def test_time_mix4(self) -> None:
        for operations in self.each():
            inputs = [*(rounded(B, T, C) for _ in range(3)), rounded(C), rounded(C)]
            with torch.no_grad():
                inputs[1] *= 32  # keys whose exponentials would overflow; still exact in bf16
            s = stream()
            state = torch.stack([torch.randn(B, C), torch.rand(B, C) + 0.1, torch.randn(B, C)], 1)
            s.kept["x"] = state.clone()
            halves = [z.to(HALF) for z in inputs[:3]]
            ours = [operations.time_mix4(*halves, (inputs[3], inputs[4]), s, "x")]
            expected, after = plain.time_mix4(*inputs, s.starts, state)
            slope = rounded(B, T, C).detach()
            ours += torch.autograd.grad(ours, inputs, slope.to(HALF))
            grads = torch.autograd.grad(expected, inputs, slope)
            self.compare([*ours, s.kept["x"]], [expected, *grads, after], "out r k v decay first state")

    def test_head_loss(self) -> None:
        for operations in self.each():
            x, weight = rounded(100, 32), rounded(50, 32)
            targets = torch.randint(0, 50, (100,))
            targets[::7] = NO_TARGET
            ours = operations.head_loss(x, weight, weight.detach().to(HALF), targets)
            expected = cross_entropy(x @ weight.t(), targets, ignore_index=NO_TARGET)
            grads = [torch.autograd.grad(loss, [x, weight]) for loss in (ours, expected)]
            self.compare([ours, *grads[0]], [expected, *grads[1]], "loss x weight")

    def test_relu_squared(self) -> None:
        for operations in self.each():
            x, slope = rounded(100), rounded(100).detach()
            expected = torch.relu(x) ** 2
            half = x.to(HALF)
            ours = operations.relu_squared(half)
            grads = [torch.autograd.grad(ours, x, slope.to(HALF))[0], torch.autograd.grad(expected, x, slope)[0]]
            self.compare([ours, grads[0]], [expected, grads[1]], "out x")


class CudaKernels(unittest.TestCase):
    def test_threads_of_a_block_wait_for_each_other(self) -> None:
        folder = Path(on_cuda.cuda.__file__).parent
        sources = [*folder.glob("*.cu"), folder / "races.cpp"]
        with tempfile.TemporaryDirectory() as out:
            flags = ["-std=c++20", "-O1", "-g", "-pthread", "-fsanitize=thread", "-Wno-unknown-pragmas", "-x", "c++"]
            subprocess.run(["g++", *flags, *sources, "-o", f"{out}/races"], check=True)
            ran = subprocess.run([f"{out}/races"], capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stderr)


class PlainDeltaRule(unittest.TestCase):
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


if __name__ == "__main__":
    unittest.main()
