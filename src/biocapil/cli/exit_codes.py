"""`ExitCode`: what the shell is told, and which error leads to which code."""

from __future__ import annotations

from enum import IntEnum

from biocapil.errors import BiocapilError, MissingPart


class ExitCode(IntEnum):
    """How a command ended.

    DONE and NO are answers; the others mean that something has to be changed before the same
    command can succeed. DEVICE is kept for capture devices.
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
    models and stores that cannot be used are DATA; whatever nobody foresaw is a DEFECT of this program.
    """
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return ExitCode.BROKEN_PIPE
    if isinstance(error, MissingPart):
        return ExitCode.USAGE
    if isinstance(error, BiocapilError | OSError | UnicodeError):
        return ExitCode.DATA
    if isinstance(error, ValueError):
        return ExitCode.USAGE
    return ExitCode.DEFECT
