"""The driver of docs/devices.md runs as it stands, and follows the seam."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Captured,
    CaptureReason,
    CaptureRequest,
    Deadline,
    Device,
    DeviceAddress,
    Driver,
    Guidance,
    ManualClock,
    Opening,
    TimedOut,
    ignore_events,
)
from biocapil.quality_report import QualityReport
from biocapil.vocabulary import FingerReason, ModelId

PAGE = Path(__file__).resolve().parents[3] / "docs" / "devices.md"
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """Names that the page's example defines."""
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))[0], str(PAGE), "exec"), names)  # noqa: S102 - running the page is the test
    return names


def open_grey(page: dict[str, Any], clock: ManualClock) -> Device:
    driver: Driver = page["DRIVER"]
    device: Device = driver.open(DeviceAddress.parse("grey:only"), Opening(clock=clock))  # type: ignore[assignment]
    return device


def test_the_example_captures(page: dict[str, Any]) -> None:
    assert isinstance(page["result"], Captured)
    assert page["device"].info.identity == "grey:0001"


def test_the_example_gives_its_best_when_the_time_is_up(page: dict[str, Any]) -> None:
    clock, told = ManualClock(), []
    report = QualityReport(score=7, components=(), reasons=(FingerReason.DRY,), model_id=ModelId("made"))
    request = CaptureRequest(judge=lambda _: report, least_quality=50)
    result = open_grey(page, clock).acquire(request, told.append, CancelToken(), Deadline.after(clock, 1))
    assert isinstance(result, TimedOut)
    assert (len(result.best), result.reports, result.reason) == (1, (report,), FingerReason.DRY)
    assert told == [Guidance(reason=CaptureReason.PLACE_FINGER), Guidance(reason=FingerReason.DRY)]
    assert result.attempts == pytest.approx(20, abs=1)


def test_the_example_ends_when_it_is_taken_back(page: dict[str, Any]) -> None:
    clock, cancel = ManualClock(), CancelToken()
    cancel.cancel()
    result = open_grey(page, clock).acquire(CaptureRequest(), ignore_events, cancel, Deadline.after(clock, 1))
    assert result == Cancelled(attempts=0)
