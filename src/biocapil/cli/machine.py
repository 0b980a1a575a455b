"""What the machine offers: its CPU and the threads this process may run. Part of ``biocapil doctor``."""

from __future__ import annotations

import os
import platform
import re
import resource
from dataclasses import dataclass
from pathlib import Path

from biocapil.threads import ENVIRONMENT, affinity_cpus, quota_cpus, thread_budget

CPU_INFO = Path("/proc/cpuinfo")
FEATURES = ("popcnt", "avx2", "fma", "avx512f", "avx512bw", "avx512vl", "avx512_vpopcntdq", "avx512_vnni")
"""Features that the kernels or ONNX Runtime gain by, as Linux spells them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpu:
    """The processor.

    Attributes:
        name: Its name.
        architecture: Instruction set.
        features: Which of `FEATURES` it has; empty where the system does not say.
    """

    name: str
    architecture: str
    features: dict[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """How many threads this process may run.

    Attributes:
        budget: What every part of BioCapil keeps to; 0 where it cannot be told.
        affinity: CPUs that the system lets this process use.
        quota: CPUs that the container's quota grants; None without a quota.
        environment: Value of BIOCAPIL_THREADS; empty where it is not set.
        problem: Why there is no budget; empty where there is one.
    """

    budget: int
    affinity: int
    quota: int | None
    environment: str
    problem: str


def read_cpu(cpu_info: Path = CPU_INFO) -> Cpu:
    """Read the processor's name and features.

    Args:
        cpu_info: Where Linux describes the processors; the first one counts.
    """
    try:
        text = cpu_info.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    name = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    flags = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    words = set(flags[1].split()) if flags else set[str]()
    return Cpu(
        name=name[1].strip() if name else platform.processor() or "unknown",
        architecture=platform.machine(),
        features={feature: feature in words for feature in FEATURES} if flags else {},
    )


def peak_memory_mb() -> float:
    """Most memory that this process has held so far, megabytes; Linux counts it in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def read_threads() -> Threads:
    """Read the thread budget and what it comes from."""
    budget, problem = 0, ""
    try:
        budget = thread_budget()
    except ValueError as error:
        problem = str(error)
    return Threads(
        budget=budget,
        affinity=affinity_cpus(),
        quota=quota_cpus(),
        environment=os.environ.get(ENVIRONMENT, ""),
        problem=problem,
    )
