"""The kernels: compiled for this machine when first asked for, kept beside their source (ignored by git)."""

import ctypes
import subprocess
from pathlib import Path

import torch

_FOLDER = Path(__file__).parent


def built(name: str, sources: str, compiler: list[str]) -> ctypes.CDLL:
    """The library of the sources that match; compiled unless it is newer than all of them and their headers."""
    # Python would take cuda.so for the module kernels.cuda, before cuda.py: no module's name has a hyphen.
    files, library = sorted(_FOLDER.glob(sources)), _FOLDER / f"lib-{name}.so"
    newest = max(p.stat().st_mtime for p in [*files, *_FOLDER.glob("*.h")])
    if not library.exists() or library.stat().st_mtime < newest:
        subprocess.run([*compiler, *files, "-o", library, "-lm"], check=True)
    return ctypes.CDLL(str(library))


def _machine() -> list[str]:
    """Debian 12's gcc takes a Zen 5 for a Zen 3, which has no AVX-512."""
    if "avx512bw" in Path("/proc/cpuinfo").read_text():
        return ["-march=icelake-server", "-mprefer-vector-width=512"]
    return ["-march=native"]


def _keep_memory() -> None:
    """Large tensors come and go with each step: without this, half of the time goes into getting their pages anew."""
    top_pad, trim_threshold, mmap_max = -2, -1, -4
    libc = ctypes.CDLL(None)
    for option, value in ((mmap_max, 0), (trim_threshold, 2**31 - 1), (top_pad, 2**28)):
        libc.mallopt(option, value)


_keep_memory()
C = built("kernels", "*.c", ["gcc", "-Ofast", *_machine(), "-fopenmp", "-shared", "-fPIC", "-Wall"])
C.trie_new.restype = ctypes.c_void_p
C.trie_encode.restype = ctypes.c_int64


def address(tensor: torch.Tensor | None) -> ctypes.c_void_p:
    """Where a contiguous tensor begins; NULL for none."""
    if tensor is None:
        return ctypes.c_void_p(None)
    assert tensor.is_contiguous()
    return ctypes.c_void_p(tensor.data_ptr())


def addresses(tensors: list[torch.Tensor | None]) -> ctypes.Array:
    return (ctypes.c_void_p * len(tensors))(*[address(t) for t in tensors])
