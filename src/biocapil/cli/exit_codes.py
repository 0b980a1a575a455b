"""`ExitCode`: what the shell is told, and which error leads to which code."""

from __future__ import annotations

from enum import IntEnum

from biocapil.errors import BiocapilError, DeviceError, MissingPart


class ExitCode(IntEnum):
    """How a command ended.

    DONE and NO are answers; the others mean that something has to be changed before the same
    command can succeed.
    """

    DONE = 0
    NO = 1
    USAGE = 2
    DEVICE = 3
    DATA = 4
    DEFECT = 70
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def exit_code_of(error: BaseException) -> ExitCode:
    """Exit code for an error that ended a command.

    A missing optional part and a value out of range are for the caller to mend (USAGE); files, records,
    models and stores that cannot be used are DATA; absent, busy and
    broken devices are DEVICE; whatever nobody foresaw is a DEFECT of this program.
    """
    return next((code for kinds, code in CODES if isinstance(error, kinds)), ExitCode.DEFECT)


CODES: tuple[tuple[tuple[type[BaseException], ...], ExitCode], ...] = (
    ((KeyboardInterrupt,), ExitCode.INTERRUPTED),
    ((BrokenPipeError,), ExitCode.BROKEN_PIPE),
    ((MissingPart,), ExitCode.USAGE),
    ((DeviceError,), ExitCode.DEVICE),
    ((BiocapilError, OSError, UnicodeError), ExitCode.DATA),
    ((ValueError,), ExitCode.USAGE),
)
"""The first row that an error is of gives its code."""
