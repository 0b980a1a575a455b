"""Status words that readers of cards act on.

Reference: ISO/IEC 7816-4:2020, tables 5 and 6.
"""

from __future__ import annotations

from enum import IntEnum

MORE = 0x61
"""Upper byte: so many bytes of answer wait as the lower byte says."""
WRONG_EXPECTED = 0x6C
"""Upper byte: the right number of bytes to ask for stands in the lower byte."""


class Status(IntEnum):
    """Status words by name."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    AUTHENTICATION_FAILED = 0x6300
    WRONG_LENGTH = 0x6700
    SECURITY_NOT_SATISFIED = 0x6982
    CONDITIONS_NOT_SATISFIED = 0x6985
    SECURE_OBJECTS_MISSING = 0x6987
    SECURE_OBJECTS_WRONG = 0x6988
    WRONG_DATA = 0x6A80
    FILE_NOT_FOUND = 0x6A82
    WRONG_PARAMETERS = 0x6A86
    OFFSET_BEYOND_FILE = 0x6B00
    INSTRUCTION_UNKNOWN = 0x6D00
    CLASS_UNKNOWN = 0x6E00


REFUSALS = frozenset(
    {
        Status.AUTHENTICATION_FAILED,
        Status.SECURITY_NOT_SATISFIED,
        Status.CONDITIONS_NOT_SATISFIED,
        Status.SECURE_OBJECTS_MISSING,
        Status.SECURE_OBJECTS_WRONG,
    }
)
"""The card understood, and says no."""
