"""`kernel`: how every function of this package is compiled."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable
from typing import Any, TypeVar, cast

from llvmlite import binding
from numba import config, njit

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


def has_wide_vectors() -> bool:
    """Whether kernels that are written in vectors of eight words gain over plain loops here.

    Without AVX2, x86 counts bits no faster in a vector than one word at a time; other processors were not
    measured and take the vectors. Follows NUMBA_CPU_FEATURES, where that is set.
    """
    settings = cast("Any", config)
    if settings.DISABLE_JIT:
        return False
    if platform.machine() not in {"x86_64", "AMD64"}:
        return True
    if settings.CPU_FEATURES is not None:
        return "+avx2" in settings.CPU_FEATURES.split(",")
    return bool(cast("Any", binding).get_host_cpu_features().get("avx2"))


def multiplies_bfloat16_in_pairs() -> bool:
    """Whether vdpbf16ps is there and worth it.

    Zen 4 begins one of 512 bits a cycle, which is twice the products of its multiply-adds. Emerald Rapids
    begins one every two cycles, half of them: there bfloat16 is widened and multiplied as float32. Follows
    NUMBA_CPU_NAME and NUMBA_CPU_FEATURES, where they are set.
    """
    settings = cast("Any", config)
    host = cast("Any", binding)
    if settings.DISABLE_JIT:
        return False
    name = settings.CPU_NAME or host.get_host_cpu_name()
    if settings.CPU_FEATURES is not None:
        present = "+avx512bf16" in settings.CPU_FEATURES.split(",")
    else:
        present = bool(host.get_host_cpu_features().get("avx512bf16"))
    return present and str(name).startswith("znver")
