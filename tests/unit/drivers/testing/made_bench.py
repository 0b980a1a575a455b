"""A made-up device that does all right, but for the one thing that a test names."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Capability,
    Captured,
    CaptureReason,
    CaptureRequest,
    CaptureResult,
    Deadline,
    DeviceInfo,
    Failed,
    Guidance,
    OnEvent,
    ParameterValue,
    Presentation,
    SystemClock,
    TimedOut,
    check_settings,
    require_possible,
)
from biocapil.errors import DeviceBusy, DeviceLost, DeviceNotFound, DeviceTimeout
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality
from biocapil_drivers.emulation import Faults

CLOCK = SystemClock()
RIGHT = CapturedSample(pixels=np.zeros((4, 4), np.uint8), resolution_ppi=500)
WRONG = CapturedSample(pixels=np.ones((4, 4), np.uint8), resolution_ppi=500)


class MadeLine:
    """A wire without bytes: faults are read by the device, the plug is a flag."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.plugged = True

    def plug(self) -> None:
        self.plugged = True

    def unplug(self) -> None:
        self.plugged = False


class MadeBench:
    """A device that does all right, but for the one thing that a test names."""

    thorough = False

    def __init__(self, wrong: str = "") -> None:
        self.wrong = wrong
        self.line = MadeLine()
        self.there = True
        self.owned = False
        self.of_other_size = False
        self.opened = 0
        self.closed = False

    def open(self) -> MadeDevice:
        if not self.line.plugged and self.wrong != "opens nothing":
            raise DeviceNotFound("nothing there")
        if self.owned and self.wrong != "two owners":
            raise DeviceBusy("owned")
        if self.broken and self.wrong != "opens damage":
            raise DeviceTimeout("silent")
        self.owned = True
        self.opened += 1
        return MadeDevice(self)

    @property
    def broken(self) -> bool:
        """Whether a frame would be harmed for ever."""
        frame = bytes(20)
        first, second = (self.line.faults.applied(frame)[0] for _ in range(2))
        kept = frame in first
        return not kept and second == first

    def present(self, *, there: bool) -> None:
        self.there = there

    def is_right(self, sample: CapturedSample) -> bool:
        return bool(np.array_equal(sample.pixels, RIGHT.pixels))

    def change_geometry(self) -> None:
        self.of_other_size = True

    def keep_time(self) -> None:
        """It takes none."""

    def close(self) -> None:
        self.closed = True


class MadeDevice:
    """The device of the bench."""

    def __init__(self, bench: MadeBench) -> None:
        self._bench = bench
        self._open = True
        no_name = bench.wrong == "no name"
        number = str(bench.opened) if bench.wrong == "new number" else "1"
        capability = Capability(
            modality=Modality.FINGER,
            presentations=frozenset({Presentation.ONE_FINGER}),
            width_px=4,
            height_px=4,
            bit_depth=8,
        )
        self.info = DeviceInfo(
            driver="made",
            address="made:1",
            model="" if no_name else "M",
            serial_number=number,
            capability=None if bench.wrong == "no capability" else capability,
        )

    def check(self, deadline: Deadline) -> None:
        del deadline
        if (not self._open or not self._bench.line.plugged) and self._bench.wrong != "always there":
            raise DeviceLost("gone")

    def configure(self, settings: Mapping[str, ParameterValue]) -> None:
        if self._bench.wrong != "takes any setting":
            check_settings(settings, ())

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        wrong = self._bench.wrong
        if wrong != "captures anything" and self.info.capability is not None:
            require_possible(request, self.info.capability)
        if not self._open and wrong != "captures when closed":
            return Failed(error=DeviceLost("closed"))
        if wrong != "says nothing":
            on_event(Guidance(reason=CaptureReason.PLACE_FINGER))
        if wrong == "other end":
            return None  # type: ignore[return-value] # what no driver may do
        if wrong == "too late":
            time.sleep(deadline.remaining_s + 1.2)
            return TimedOut()
        return self._wait(request, cancel, deadline)

    def _wait(self, request: CaptureRequest, cancel: CancelToken, deadline: Deadline) -> CaptureResult:
        bench, wrong = self._bench, self._bench.wrong
        reports: list[QualityReport] = []
        while not deadline.passed:
            if cancel.wait(CLOCK, 0.01):
                time.sleep(0.5 if wrong == "slow to end" else 0)
                return TimedOut() if wrong == "not cancelled" else Cancelled()
            end = self._looked()
            if end is not None:
                return end
            if not bench.there and wrong != "sees nobody":
                continue
            sample = WRONG if wrong == "wrong sample" else RIGHT
            if request.judge is None or wrong == "takes any quality":
                return Captured(samples=(sample,))
            reports.append(request.judge(sample))
        return self._timed_out(reports)

    def _looked(self) -> CaptureResult | None:
        """The end, where the wire is in trouble."""
        bench, wrong = self._bench, self._bench.wrong
        if not bench.line.plugged and wrong != "misses the plug":
            return Failed(error=DeviceLost("gone"))
        if (bench.broken or bench.of_other_size) and wrong != "takes damage":
            return Failed(error=DeviceTimeout("noise"))
        return None

    def _timed_out(self, reports: list[QualityReport]) -> TimedOut:
        if not reports:
            return TimedOut()
        pick = min if self._bench.wrong == "reports the worst" else max
        told = pick(reports, key=lambda report: report.score)
        return TimedOut(best=(RIGHT,), reports=(told,), attempts=len(reports))

    def close(self) -> None:
        self._open = False
        self._bench.owned = False
