"""Compares the operations and their kernels with plain PyTorch and autograd."""

import subprocess
import tempfile
import unittest
from importlib.machinery import PathFinder
from pathlib import Path
from shutil import which
from types import ModuleType
from unittest.mock import Mock, patch

import torch
from torch.nn.functional import cross_entropy, normalize

import kernels
import on_cpu
import on_cuda
import plain
from data import NO_TARGET
from bf16 import HALF
from kernels import built
from stream import EMPTY_EXPONENT, Stream

B, T, C = 2, 64, 128
# bf16 has 8 significant bits, so rounding changes a value by at most 0.4 %, and a sum usually by less.
WITHIN = 0.01
on_a_gpu = unittest.skipUnless(torch.cuda.is_available(), "PyTorch finds no GPU here")


def stream(device: str = "cpu") -> Stream:
    """A stream in which a document begins in the middle of the second row."""
    starts = torch.zeros(B, T // 16, dtype=torch.uint8)
    starts[1, 2] = 1
    return Stream(starts.to(device))


class Operations:
    """Tests for one implementation of the operations on one device."""

    operations: ModuleType
    device = "cpu"

    def setUp(self) -> None:
        torch.manual_seed(0)

    def rounded(self, *shape: int) -> torch.Tensor:
        """Random values that are exact in bf16."""
        return self.random(*shape).to(HALF).float().requires_grad_()

    def random(self, *shape: int) -> torch.Tensor:
        return torch.randn(*shape).to(self.device)

    def compare(self, ours: list[torch.Tensor], expected: list[torch.Tensor], names: str) -> None:
        for name, x, y in zip(names.split(), ours, expected, strict=True):
            error = ((x.float() - y.float()).norm() / y.float().norm()).item()
            self.assertLess(error, WITHIN, name)

    def test_norm_mix(self) -> None:
        mix = torch.rand(3, C, device=self.device).requires_grad_()
        inputs = [self.rounded(B, T, C), self.rounded(C), self.rounded(C), mix]
        s, last = stream(self.device), self.random(B, C)
        s.kept["x"] = last.clone()
        ours = self.operations.norm_mix(*inputs, s, "x")
        expected, after = plain.norm_mix(*inputs, s.starts, last)
        slopes = [self.rounded(B, T, C).detach() for _ in ours]
        ours += torch.autograd.grad(ours, inputs, [g.to(HALF) for g in slopes])
        expected += torch.autograd.grad(expected, inputs, slopes)
        self.compare([*ours, s.kept["x"]], [*expected, after], "out0 out1 out2 x gamma beta mix last")

    def time_mix7_inputs(self, is_first: bool) -> list:
        inputs = [self.rounded(B, T, C) for _ in range(8)]
        if is_first:
            inputs[3] = inputs[6] = None
        return [*inputs, self.random(8, C).requires_grad_()]

    def test_time_mix7(self) -> None:
        for is_first in (True, False):
            inputs = self.time_mix7_inputs(is_first)
            s, state = stream(self.device), self.random(B, C // 64, 64, 64)
            s.kept["x"] = state.clone()
            halves = [None if z is None else z.to(HALF) for z in inputs[:8]]
            ours = [self.operations.time_mix7(halves, inputs[8], s, "x")]
            y, after = plain.time_mix7(*inputs, s.starts, state)
            wanted = [z for z in inputs if z is not None]
            slope = self.rounded(B, T, C).detach()
            ours += torch.autograd.grad(ours, wanted, slope.to(HALF))
            expected = [y, *torch.autograd.grad(y, wanted, slope)]
            names = "out r k v w a g parameters" if is_first else "out r k v first w a nu g parameters"
            self.compare([*ours, s.kept["x"]], [*expected, after], f"{names} state")

    def test_time_mix7_of_two_halves_equals_that_of_both(self) -> None:
        inputs = [z.to(HALF) for z in self.time_mix7_inputs(False)[:8]]
        parameters = self.random(8, C)
        whole = self.operations.time_mix7(inputs, parameters, stream(self.device), "x")
        s, parts = stream(self.device), []
        starts = s.starts
        for half in (slice(0, T // 2), slice(T // 2, T)):
            s.starts = starts[:, half.start // 16 : half.stop // 16].contiguous()
            parts.append(self.operations.time_mix7([z[:, half] for z in inputs], parameters, s, "x"))
        if self.device == "cpu":
            self.assertTrue(torch.equal(torch.cat(parts, 1), whole))
        else:  # kernels compiled for another length may add in another order
            self.compare([torch.cat(parts, 1)], [whole], "out")

    def test_time_mix4(self) -> None:
        inputs = [*(self.rounded(B, T, C) for _ in range(3)), self.rounded(C), self.rounded(C)]
        with torch.no_grad():
            inputs[1] *= 32  # the keys' exponentials would overflow; the keys are still exact in bf16
        s = stream(self.device)
        state = torch.stack([self.random(B, C), torch.rand(B, C, device=self.device) + 0.1, self.random(B, C)], 1)
        s.kept["x"] = state.clone()
        halves = [z.to(HALF) for z in inputs[:3]]
        ours = [self.operations.time_mix4(*halves, (inputs[3], inputs[4]), s, "x")]
        expected, after = plain.time_mix4(*inputs, s.starts, state)
        slope = self.rounded(B, T, C).detach()
        ours += torch.autograd.grad(ours, inputs, slope.to(HALF))
        grads = torch.autograd.grad(expected, inputs, slope)
        self.compare([*ours, s.kept["x"]], [expected, *grads, after], "out r k v decay first state")

    def test_head_loss(self) -> None:
        x, weight = self.rounded(100, 32), self.rounded(50, 32)
        targets = torch.randint(0, 50, (100,), device=self.device)
        targets[::7] = NO_TARGET
        ours = self.operations.head_loss(x, weight, weight.detach().to(HALF), targets)
        expected = cross_entropy(x @ weight.t(), targets, ignore_index=NO_TARGET)
        grads = [torch.autograd.grad(loss, [x, weight]) for loss in (ours, expected)]
        self.compare([ours, *grads[0]], [expected, *grads[1]], "loss x weight")

    def test_relu_squared(self) -> None:
        x, slope = self.rounded(100), self.rounded(100).detach()
        expected = torch.relu(x) ** 2
        half = x.to(HALF)
        ours = self.operations.relu_squared(half)
        grads = [torch.autograd.grad(ours, x, slope.to(HALF))[0], torch.autograd.grad(expected, x, slope)[0]]
        self.compare([ours, grads[0]], [expected, grads[1]], "out x")

    def test_states_for_the_next_segment_do_not_keep_other_memory(self) -> None:
        s, halves = stream(self.device), [z.to(HALF) for z in self.time_mix7_inputs(False)[:8]]
        self.operations.norm_mix(self.random(B, T, C), *(self.random(C) for _ in range(2)), self.random(3, C), s, "x")
        self.operations.time_mix7(halves, self.random(8, C), s, "7")
        self.operations.time_mix4(*halves[:3], (self.random(C), self.random(C)), s, "4")
        for name, kept in s.kept.items():
            self.assertEqual(kept.storage().nbytes(), kept.numel() * kept.element_size(), name)


class OnCpu(Operations, unittest.TestCase):
    operations = on_cpu


class OnCudaEmulated(Operations, unittest.TestCase):
    operations = on_cuda


@on_a_gpu
class OnCuda(Operations, unittest.TestCase):
    operations, device = on_cuda, "cuda"


class States(unittest.TestCase):
    def test_states_are_empty_after_the_number_of_rows_changes(self) -> None:
        s = Stream(torch.zeros(B, 1, dtype=torch.uint8))
        s.kept = {"x": torch.ones(1, C), "4": torch.ones(1, 3, C)}
        self.assertTrue(torch.equal(s.state("x", B, C), torch.zeros(B, C)))
        empty = torch.tensor([0, 0, EMPTY_EXPONENT])[:, None].expand(B, 3, C)
        self.assertTrue(torch.equal(s.state4("4", B, C), empty))


class Libraries(unittest.TestCase):
    def test_a_library_does_not_shadow_a_module(self) -> None:
        with tempfile.TemporaryDirectory() as folder, patch.object(kernels, "_FOLDER", Path(folder)):
            for name in ("cuda.py", "a.c", "a.h"):
                (Path(folder) / name).touch()
            built("cuda", "*.c", ["gcc", "-shared", "-fPIC"])
            self.assertEqual(Path(PathFinder.find_spec("cuda", [folder]).origin).name, "cuda.py")


class Fused(unittest.TestCase):
    def test_a_function_is_compiled_only_for_tensors_on_a_gpu(self) -> None:
        with patch.object(torch, "compile", lambda _, dynamic: lambda *_: "compiled", create=True):
            function = on_cuda.fused(lambda *_: "as it is")
            self.assertEqual(function(torch.zeros(1), None), "as it is")
            self.assertEqual(function(Mock(is_cuda=True), None), "compiled")


class CudaKernels(unittest.TestCase):
    @unittest.skipUnless(which("nvcc"), "nvcc is not there")
    def test_nvcc_compiles_them(self) -> None:
        sources = sorted(Path(on_cuda.cuda.__file__).parent.glob("*.cu"))
        with tempfile.TemporaryDirectory() as out:
            command = [*on_cuda.cuda.nvcc("sm_90"), "-Werror", "all-warnings", *sources, "-o", f"{out}/kernels.so"]
            ran = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stderr)

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
