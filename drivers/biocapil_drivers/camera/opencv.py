"""The door to OpenCV: loaded on first use, so that the driver can be listed without it."""

from __future__ import annotations

from typing import Any

from biocapil.errors import MissingPart


def opencv() -> Any:
    """The module `cv2`.

    Raises:
        MissingPart: It is not installed.
    """
    try:
        import cv2  # noqa: PLC0415 - an extra, and heavy
    except ModuleNotFoundError as error:
        raise MissingPart("opencv-python-headless", extra="extract", purpose="a camera") from error
    module: Any = cv2
    return module
