"""`kernel`: how every function of this package is compiled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

logger = logging.getLogger(__name__)


def kernel(function: Kernel) -> Kernel:
    """Compile a function on first use, without the interpreter's lock, and keep the machine code on disk.

    Where no folder is writable, neither beside the source nor in the user's cache, it is compiled anew in
    each process: slower to start, the same afterwards.
    """
    try:
        compiled = njit(nogil=True, cache=True)(function)
    except RuntimeError as exc:
        logger.info("machine code is not kept: %s", exc)
        compiled = njit(nogil=True)(function)
    return cast("Kernel", compiled)
