"""One thread budget for the whole process, shared by ONNX Runtime, OpenCV and the kernels.

Libraries that each take all cores they see run many times slower inside a container's quota; here
everyone asks this module. ONNX Runtime and OpenCV run single-threaded inside the workers of one pool.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")
ENVIRONMENT = "BIOCAPIL_THREADS"


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
    return max(1, min(_affinity(), _quota(CGROUP_QUOTA)))


def worker_pool(workers: int | None = None) -> ThreadPoolExecutor:
    """Pool of the budgeted size, to be used as a context manager."""
    return ThreadPoolExecutor(max_workers=workers or thread_budget(), thread_name_prefix="biocapil")


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota(cpu_max: Path) -> int:
    """CPUs that a cgroup v2 quota grants; no limit counts as very many."""
    try:
        quota, period = cpu_max.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return 1 << 16
    if not (quota.isdecimal() and period.isdecimal() and int(period)):
        return 1 << 16
    return max(1, math.ceil(int(quota) / int(period)))
