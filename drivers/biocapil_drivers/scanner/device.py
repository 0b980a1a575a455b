"""`ScannerDevice`: the scanner itself; a look takes time, and can be taken back while it does."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import cv2
import numpy as np

from biocapil.capture import (
    POLL_S,
    BestSample,
    Cancelled,
    CancelToken,
    Capability,
    Captured,
    CaptureReason,
    CaptureRequest,
    CaptureResult,
    Clock,
    Deadline,
    DeviceInfo,
    Failed,
    Guidance,
    OnEvent,
    ParameterValue,
    Presentation,
    Preview,
    check_settings,
    require_possible,
)
from biocapil.errors import DeviceNotFound
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality
from biocapil_drivers.scanner.person import GLASS_PX, Person

PREVIEW_PX = (375, 400)
REST_S = 0.15
"""Between two looks."""

CAPABILITY = Capability(
    modality=Modality.FINGER,
    presentations=frozenset({Presentation.ONE_FINGER, Presentation.FOUR_FINGERS, Presentation.TWO_THUMBS}),
    width_px=GLASS_PX[1],
    height_px=GLASS_PX[0],
    resolution_ppi=500,
    bit_depth=8,
    preview=True,
)


class ScannerDevice:
    """An emulated ten-print scanner."""

    def __init__(self, info: DeviceInfo, person: Person | None, clock: Clock) -> None:
        """Begin.

        Args:
            info: What it says about itself.
            person: Who stands before it; None for nobody.
            clock: Source of time.
        """
        self.info = info
        self._person = person
        self._clock = clock
        self._pool: ThreadPoolExecutor | None = ThreadPoolExecutor(1, thread_name_prefix="emulated scanner")
        self._pictures = 0

    def check(self, deadline: Deadline) -> None:
        """Always there until it is closed."""
        del deadline
        if self._pool is None:
            raise DeviceNotFound("the device was closed", address=self.info.address)

    def configure(self, settings: Mapping[str, ParameterValue]) -> None:
        """There are no settings."""
        check_settings(settings, CAPABILITY.parameters)

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        """Look at what lies on the glass until it is good enough."""
        require_possible(request, CAPABILITY)
        if self._pool is None:
            return Failed(error=DeviceNotFound("the device was closed", address=self.info.address))
        best, asked = BestSample(request), CaptureReason.PLACE_FINGER
        on_event(Guidance(reason=asked))
        while not deadline.passed:
            sample = self._look(self._pool, request, cancel, deadline)
            if cancel.cancelled:
                return Cancelled(attempts=best.attempts)
            if sample is None:
                continue
            judged = best.offer(sample)
            on_event(self._preview(sample, judged))
            if isinstance(judged, Captured):
                return judged
            if judged.reasons:
                on_event(Guidance(reason=judged.reasons[0]))
            cancel.wait(self._clock, min(REST_S, deadline.remaining_s))
        return best.timed_out(asked if not best.attempts else None)

    def close(self) -> None:
        """Let go."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None

    def _look(
        self, pool: ThreadPoolExecutor, request: CaptureRequest, cancel: CancelToken, deadline: Deadline
    ) -> CapturedSample | None:
        """What lies there; None for nothing, or when it was taken back."""
        if self._person is None:
            cancel.wait(self._clock, min(POLL_S, deadline.remaining_s))
            return None
        looking: Future[CapturedSample] = pool.submit(self._person.show, request)
        while not looking.done():
            if cancel.wait(self._clock, POLL_S):
                return None
        return looking.result()

    def _preview(self, sample: CapturedSample, judged: Captured | QualityReport) -> Preview:
        report = judged if isinstance(judged, QualityReport) else next(iter(judged.reports), None)
        self._pictures += 1
        small = cv2.resize(sample.pixels, PREVIEW_PX[::-1], interpolation=cv2.INTER_AREA)
        return Preview(
            pixels=np.asarray(small, np.uint8),
            at_s=self._clock.now_s(),
            sequence=self._pictures,
            quality=None if report is None else report.score,
        )
