"""URL-safe base64 without padding, as the interface writes it; devices write it in other ways too."""

from __future__ import annotations

import base64
import binascii
import re

from biocapil.errors import FormatError

RECORD = "base64"
_FOREIGN = re.compile(r"[^A-Za-z0-9_-]")


def encode(data: bytes) -> str:
    """Bytes as URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Bytes of base64, URL-safe or standard, padded or not.

    Raises:
        FormatError: It is none.
    """
    plain = text.rstrip("=").replace("+", "-").replace("/", "_")
    if _FOREIGN.search(plain):
        raise FormatError("holds characters that are none of base64", record=RECORD)
    try:
        return base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError) as error:
        raise FormatError(f"is cut off: {error}", record=RECORD) from error
