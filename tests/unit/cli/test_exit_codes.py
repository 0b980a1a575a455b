"""Every kind of error has its exit code."""

from __future__ import annotations

import pytest

from biocapil.cli.exit_codes import ExitCode, exit_code_of
from biocapil.errors import (
    BiocapilError,
    ChecksumMismatch,
    DeviceLost,
    FormatError,
    MissingPart,
    ModelNotFound,
    ProtocolError,
    ResolutionUnknown,
    StoreError,
    TruncatedRecord,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BiocapilError("x"), ExitCode.DATA),
        (FormatError("x"), ExitCode.DATA),
        (TruncatedRecord("x"), ExitCode.DATA),
        (ResolutionUnknown("x"), ExitCode.DATA),
        (ModelNotFound("x"), ExitCode.DATA),
        (ChecksumMismatch("x"), ExitCode.DATA),
        (StoreError("x"), ExitCode.DATA),
        (DeviceLost("x"), ExitCode.DEVICE),
        (ProtocolError("x"), ExitCode.DEVICE),
        (FileNotFoundError(2, "No such file", "x"), ExitCode.DATA),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), ExitCode.DATA),
        (MissingPart("x", extra="cli", purpose="y"), ExitCode.USAGE),
        (ValueError("x"), ExitCode.USAGE),
        (TypeError("x"), ExitCode.DEFECT),
        (ZeroDivisionError("x"), ExitCode.DEFECT),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
        (BrokenPipeError(32, "Broken pipe"), ExitCode.BROKEN_PIPE),
    ],
)
def test_an_error_leads_to_its_exit_code(error: BaseException, code: ExitCode) -> None:
    assert exit_code_of(error) is code


def test_codes_are_the_documented_numbers() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "DONE": 0,
        "NO": 1,
        "USAGE": 2,
        "DEVICE": 3,
        "DATA": 4,
        "DEFECT": 70,
        "INTERRUPTED": 130,
        "BROKEN_PIPE": 141,
    }
