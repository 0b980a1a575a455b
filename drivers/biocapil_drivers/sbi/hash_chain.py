"""The hash chain that binds the samples of a registration to each other, in their order.

Each link is SHA-256 over the raw bytes of the one before it and of the digest of the record; the first one
follows the digest of nothing.

Reference: MOSIP Secure Biometric Interface, registration capture, ``hash`` and ``previousHash``.
"""

from __future__ import annotations

import hashlib
import re

from biocapil.errors import FormatError

FIRST = hashlib.sha256(b"").hexdigest().upper()
"""What the first sample follows."""

_LINK = re.compile(r"[0-9A-Fa-f]{64}")


def next_link(previous: str, record: bytes) -> str:
    """Link of a record.

    Args:
        previous: Link of the record before, 64 hexadecimal digits; empty for the first.
        record: The ISO record, not encrypted.

    Raises:
        FormatError: `previous` is no link.
    """
    before = previous or FIRST
    if not _LINK.fullmatch(before):
        raise FormatError("a link is 64 hexadecimal digits", record="hash chain", field="previousHash")
    return hashlib.sha256(bytes.fromhex(before) + hashlib.sha256(record).digest()).hexdigest().upper()
