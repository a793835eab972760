"""The kernels. They are compiled for this machine on first use, into the folder of their source (ignored by git)."""

import ctypes
import subprocess
from pathlib import Path

import torch

_FOLDER = Path(__file__).parent


def built(name: str, sources: str, compiler: list[str]) -> ctypes.CDLL:
    """Loads the library of the matching sources. Compiles it first if it does not exist or is older than a source."""
    # The hyphen prevents Python from importing cuda.so instead of cuda.py as the module kernels.cuda.
    files, library = sorted(_FOLDER.glob(sources)), _FOLDER / f"lib-{name}.so"
    newest = max(p.stat().st_mtime for p in [*files, *_FOLDER.glob("*.h")])
    if not library.exists() or library.stat().st_mtime < newest:
        subprocess.run([*compiler, *files, "-o", library, "-lm"], check=True)
    return ctypes.CDLL(str(library))


def _machine() -> list[str]:
    """The compiler's options for this processor. Debian 12's gcc mistakes a Zen 5 for a Zen 3, which has no AVX-512."""
    if "avx512bw" in Path("/proc/cpuinfo").read_text():
        return ["-march=icelake-server", "-mprefer-vector-width=512"]
    return ["-march=native"]


def _keep_memory() -> None:
    """Makes malloc keep freed memory. Otherwise allocating pages for each step's large tensors would take much of the time."""
    top_pad, trim_threshold, mmap_max = -2, -1, -4
    libc = ctypes.CDLL(None)
    for option, value in ((mmap_max, 0), (trim_threshold, 2**31 - 1), (top_pad, 2**28)):
        libc.mallopt(option, value)


_keep_memory()
C = built("kernels", "*.c", ["gcc", "-Ofast", *_machine(), "-fopenmp", "-shared", "-fPIC", "-Wall"])
C.trie_new.restype = ctypes.c_void_p
C.trie_encode.restype = ctypes.c_int64


def address(tensor: torch.Tensor | None) -> ctypes.c_void_p:
    """The address of a contiguous tensor; NULL for None."""
    if tensor is None:
        return ctypes.c_void_p(None)
    assert tensor.is_contiguous()
    return ctypes.c_void_p(tensor.data_ptr())


def addresses(tensors: list[torch.Tensor | None]) -> ctypes.Array:
    return (ctypes.c_void_p * len(tensors))(*[address(t) for t in tensors])
