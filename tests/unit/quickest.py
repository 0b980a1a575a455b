"""`quickest_s`: a time limit that a busy machine does not break, and a slow program does."""

from __future__ import annotations

import time
from collections.abc import Callable

TRIES = 5


def quickest_s(act: Callable[[], object], limit_s: float) -> float:
    """Seconds that something takes at its quickest; it is tried again only where it was too slow.

    Another process may hold up one try; what is slow by itself is slow in every one.

    Args:
        act: What is timed; does the same each time.
        limit_s: Below this, one try is enough.
    """
    best = float("inf")
    for _ in range(TRIES):
        begun = time.monotonic()
        act()
        best = min(best, time.monotonic() - begun)
        if best < limit_s:
            break
    return best
