"""The CUDA kernels: compiled by nvcc for this machine's GPU or, for tests, by g++ for an emulation on the processor."""

import ctypes
from functools import cache

import torch
from torch import Tensor

from kernels import address, addresses, built

_EMULATED = ["g++", "-std=c++20", "-O2", "-shared", "-fPIC", "-pthread", "-Wall", "-Wno-unknown-pragmas", "-x", "c++"]



def run(name: str, sizes: tuple[int, ...], *arguments: Tensor | list[Tensor]) -> None:
    """Calls a kernel on the device and the stream of its tensors."""
    device = next(z for z in arguments if isinstance(z, Tensor)).device
    stream = torch.cuda.current_stream(device).cuda_stream if device.type == "cuda" else None
    pointers = [address(z) if isinstance(z, Tensor) else addresses(z) for z in arguments]
    error = getattr(_library(device.type == "cuda"), name)(*sizes, *pointers, ctypes.c_void_p(stream))
    if error:
        raise RuntimeError(f"{name}: CUDA error {error}")


def nvcc(architecture: str) -> list[str]:
    """The command that compiles the kernels for a GPU architecture, such as sm_90."""
    return ["nvcc", "-O3", "-use_fast_math", f"-arch={architecture}", "-shared", "-Xcompiler", "-fPIC"]


@cache
def _library(on_gpu: bool) -> ctypes.CDLL:
    if not on_gpu:
        return built("emulated", "*.cu", _EMULATED)
    major, minor = torch.cuda.get_device_capability()
    return built("cuda", "*.cu", nvcc(f"sm_{major}{minor}"))
