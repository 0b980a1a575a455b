"""What a test leaves over: file descriptors of this process."""

from __future__ import annotations

import gc
import time
from pathlib import Path

SETTLED_WITHIN_S = 3.0


def open_files() -> int:
    """Open file descriptors, without those that only wait for the garbage collector."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def files_beyond(limit: int) -> int:
    """Descriptors that stay open above a limit: threads that are ending may hold one a little longer."""
    end = time.monotonic() + SETTLED_WITHIN_S
    while (beyond := max(0, open_files() - limit)) and time.monotonic() < end:
        time.sleep(0.02)
    return beyond
