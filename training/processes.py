"""Single-threaded processes that train a model together. Each reads its rows of the batch; they average their gradients."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as together
from torch import Tensor

# How long a process waits for the others. A run that is paused with SIGSTOP waits in the middle of a step.
MAX_PAUSE = timedelta(days=30)
PR_SET_PDEATHSIG = 1


class Processes:
    """The processes as seen by one of them, whose rank is `rank`. A single process communicates with nobody."""

    def __init__(self, rank: int = 0, count: int = 1) -> None:
        self.rank, self.count = rank, count

    def share(self, rows: int) -> slice:
        """Which rows of a batch this process reads."""
        own = rows // self.count
        return slice(self.rank * own, (self.rank + 1) * own)

    def agreed(self, *values: float) -> list[float]:
        """Returns the first process's values in every process, so that all decide alike."""
        said = torch.tensor(values, dtype=torch.float64)
        if self.count > 1:
            together.broadcast(said, 0)
        return said.tolist()

    def average(self, tensors: list[Tensor]) -> None:
        """Replaces each tensor with the mean over all processes."""
        if self.count == 1:
            return
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        together.all_reduce(flat)
        flat /= self.count
        for own, mean in zip(tensors, flat.split([tensor.numel() for tensor in tensors])):
            own.copy_(mean.view_as(own))

    def gathered(self, value: object) -> list:
        """The values of all processes, ordered by rank."""
        values: list = [value]
        if self.count > 1:
            values = [None] * self.count
            together.all_gather_object(values, value)
        return values


@contextlib.contextmanager
def joined(rank: int, count: int, name: Path) -> Iterator[Processes]:
    """Connects the processes. The first one starts the others with its own arguments, and stores all ids in NAME.pids."""
    pids, meeting_point = Path(f"{name}.pids"), Path(f"{name}.meeting")
    if rank > 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # or this process would outlive the first one
    else:
        meeting_point.unlink(missing_ok=True)
        # Linux divides processors among sessions first, so each process needs its own session to get its full share.
        command = [sys.executable, *sys.argv, "--rank"]
        others = [subprocess.Popen([*command, str(i)], start_new_session=True) for i in range(1, count)]
        pids.write_text(" ".join(str(pid) for pid in (os.getpid(), *(other.pid for other in others))) + "\n")
    if count > 1:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        address = f"file://{meeting_point.resolve()}"
        together.init_process_group("gloo", init_method=address, rank=rank, world_size=count, timeout=MAX_PAUSE)
    yield Processes(rank, count)
    if count > 1:
        together.barrier()  # no process exits while another one is still sending
        together.destroy_process_group()
    if rank == 0:
        pids.unlink(missing_ok=True)


def lower_priority() -> None:
    """Lowers the priority of the process in its session, and of the session itself: all other work comes first."""
    os.nice(19)
    with contextlib.suppress(OSError):  # the kernel may have no autogroups
        Path("/proc/self/autogroup").write_text("19")
