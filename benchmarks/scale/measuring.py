"""Seconds, bytes and a word to whoever waits."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
SCRIPT = BENCHMARKS / "bench_scale.py"


def seconds(action: Callable[[], object]) -> float:
    """Time of one call, on the wall."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def status_bytes(name: str) -> int:
    """A number of bytes from the kernel's account of this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kib) * 1024


def told(words: str) -> None:
    """Tell whoever waits."""
    print(words, file=sys.stderr, flush=True)
