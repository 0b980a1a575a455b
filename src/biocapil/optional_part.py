"""Modules of the extra ``extract``, loaded when first needed: one place for all rooms that use them."""

from __future__ import annotations

import importlib
from typing import Any

from biocapil.errors import MissingPart

EXTRA = "extract"


def load_module(name: str, *, part: str, purpose: str) -> Any:
    """Import a module of the extra.

    Args:
        name: Name to import.
        part: Name of its distribution, for the message.
        purpose: What needs it, for the message.

    Raises:
        MissingPart: It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as exc:
        raise MissingPart(part, extra=EXTRA, purpose=purpose) from exc


def load_opencv(purpose: str) -> Any:
    """OpenCV, single-threaded: the pool above it already uses the cores.

    Args:
        purpose: What needs it, for the message.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    module = load_module("cv2", part="opencv-python-headless", purpose=purpose)
    module.setNumThreads(1)
    return module
