"""One thread budget for the whole process, shared by ONNX Runtime, OpenCV and the kernels.

Libraries that each take all cores they see run many times slower inside a container's quota; here
everyone asks this module. ONNX Runtime and OpenCV run single-threaded inside the workers of one pool.
"""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")
ENVIRONMENT = "BIOCAPIL_THREADS"
AHEAD_PER_WORKER = 4
"""Tasks under way or finished and not yet taken, for each worker of `map_in_order`."""


def thread_budget() -> int:
    """Number of worker threads this process may run.

    The smallest of the CPU affinity and the cgroup quota, rounded up; or the environment variable
    BIOCAPIL_THREADS, where it is set.

    Raises:
        ValueError: BIOCAPIL_THREADS is not a whole number of at least 1.
    """
    override = os.environ.get(ENVIRONMENT, "").strip()
    if override:
        if not override.isdecimal() or int(override) < 1:
            raise ValueError(f"{ENVIRONMENT} must be a whole number of at least 1, got {override!r}")
        return int(override)
    affinity = affinity_cpus()
    return min(affinity, quota_cpus() or affinity)


def worker_pool(workers: int | None = None) -> ThreadPoolExecutor:
    """Pool of the budgeted size, to be used as a context manager."""
    return ThreadPoolExecutor(max_workers=workers or thread_budget(), thread_name_prefix="biocapil")


def map_in_order(
    function: Callable[[Item], Result], items: Iterable[Item], *, workers: int | None = None
) -> Generator[Result, None, None]:
    """Results of a function in the order of its items, computed on a pool of the budgeted size.

    Only a few results wait to be taken, however many items there are; when the caller stops early or is
    interrupted, what has not begun does not begin.

    Args:
        function: Called from several threads.
        items: What it is called with.
        workers: Threads; by default the budget of the process.
    """
    count = workers or thread_budget()
    waiting = iter(items)
    with worker_pool(count) as pool:
        try:
            under_way: deque[Future[Result]] = deque()
            while True:
                free = AHEAD_PER_WORKER * count - len(under_way)
                under_way.extend(pool.submit(function, item) for item in islice(waiting, free))
                if not under_way:
                    return
                yield under_way.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def affinity_cpus() -> int:
    """CPUs that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def quota_cpus(cpu_max: Path | None = None) -> int | None:
    """CPUs that a cgroup v2 quota grants, rounded up.

    Args:
        cpu_max: The quota's file; None for that of this process.

    Returns:
        Number of CPUs, or None where there is no quota.
    """
    try:
        quota, period = (cpu_max or CGROUP_QUOTA).read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    if not (quota.isdecimal() and period.isdecimal() and int(period)):
        return None
    return max(1, math.ceil(int(quota) / int(period)))
