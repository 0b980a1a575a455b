"""An authority, a finger, and a service over a device that shows it; keys are made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import numpy as np
import pytest

pytest.importorskip("joserfc", reason="joserfc is not installed: pip install 'biocapil[sbi]'")

from biocapil.capture import (
    BestSample,
    Cancelled,
    CancelToken,
    Capability,
    Captured,
    CaptureRequest,
    CaptureResult,
    Deadline,
    DeviceInfo,
    OnEvent,
    ParameterValue,
    Presentation,
    Preview,
    SystemClock,
)
from biocapil.sample import CapturedSample
from biocapil.synthesis import Pattern, make_master, make_slap
from biocapil.vocabulary import Hand, Modality
from biocapil_drivers.sbi.identity import DevelopmentAuthority, make_authority
from biocapil_drivers.sbi.server import SbiServer
from biocapil_drivers.sbi.service import SbiService

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def now() -> datetime:
    """One moment for ever."""
    return NOW


class ShowingDevice:
    """Shows one sample after the other, for ever; None is nothing."""

    def __init__(self, *shown: CapturedSample | None, presentations: set[Presentation] | None = None) -> None:
        self.shown = list(shown)
        self.at = 0
        self.requests: list[CaptureRequest] = []
        modality = next((each.modality for each in shown if each is not None), Modality.FINGER)
        capability = Capability(
            modality=modality,
            presentations=frozenset(presentations or {Presentation.ONE_FINGER}),
            width_px=1600,
            height_px=1500,
            bit_depth=8,
        )
        self.info = DeviceInfo(
            driver="showing", address="showing:x", model="Show 1", serial_number="S-77", capability=capability
        )

    def check(self, deadline: Deadline) -> None: ...

    def configure(self, settings: Mapping[str, ParameterValue]) -> None: ...

    def close(self) -> None: ...

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        self.requests.append(request)
        best = BestSample(request)
        while not deadline.passed:
            if cancel.wait(SystemClock(), 0.01):
                return Cancelled()
            sample = self.shown[self.at % len(self.shown)]
            self.at += 1
            if sample is None:
                continue
            on_event(Preview(pixels=sample.pixels, at_s=0.0, sequence=self.at))
            judged = best.offer(sample)
            if isinstance(judged, Captured):
                return judged
        return best.timed_out(None)


@pytest.fixture(scope="session")
def authority() -> DevelopmentAuthority:
    return make_authority(NOW)


@pytest.fixture(scope="session")
def stranger() -> DevelopmentAuthority:
    """An authority that nobody believes."""
    return make_authority(NOW)


@pytest.fixture(scope="session")
def finger() -> CapturedSample:
    rng = np.random.default_rng(4)
    return CapturedSample(pixels=rng.integers(0, 256, (60, 50), np.uint8), resolution_ppi=500)


@pytest.fixture(scope="session")
def left_slap() -> CapturedSample:
    master = make_master(11, pattern=Pattern.LEFT_LOOP)
    masters = dict.fromkeys(Hand.LEFT.fingers, master)
    return make_slap(masters, 5, hand=Hand.LEFT, difficulty=0.3).sample


@pytest.fixture
def device(finger: CapturedSample) -> ShowingDevice:
    return ShowingDevice(finger)


@pytest.fixture
def service(device: ShowingDevice, authority: DevelopmentAuthority) -> SbiService:
    return SbiService(device, authority.identity, now=now)


@pytest.fixture
def server(service: SbiService) -> Iterator[SbiServer]:
    serving = SbiServer(service)
    yield serving
    serving.close()
    assert serving.error is None
