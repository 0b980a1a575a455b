"""`Camera`: a device of the seam over any source of pictures.

source ─► grabber ─► newest frame ─► sample ─► the caller's judge ─► Preview, Guidance … ─► the end
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Capability,
    Captured,
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
from biocapil.errors import DeviceError, DeviceTimeout
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, Position
from biocapil_drivers.camera.frames import Frame, FrameSource, Pixels, SourceTraits
from biocapil_drivers.camera.grabber import Grabber
from biocapil_drivers.camera.judging import BestFrame, Guide

LUMA = (77, 150, 29)
"""Weights of red, green and blue in 256ths (ITU-R BT.601)."""

SHOWN: dict[Modality, frozenset[Presentation]] = {
    Modality.FACE: frozenset({Presentation.FACE}),
    Modality.IRIS: frozenset({Presentation.ONE_IRIS}),
}


class Camera:
    """One open camera."""

    def __init__(
        self,
        *,
        info: DeviceInfo,
        capability: Capability,
        source: FrameSource,
        grabber: Grabber,
        clock: Clock,
        close: Callable[[], None],
    ) -> None:
        self.info = replace(info, capability=capability)
        self._capability = capability
        self._modality = capability.modality
        self._source = source
        self._grabber = grabber
        self._clock = clock
        self._close = close
        self._closed = False

    def check(self, deadline: Deadline) -> None:
        """Wait for a picture that is newer than the call."""
        try:
            frame = self._wait(deadline, CancelToken(), since_s=self._clock.now_s())
        except DeviceError as error:
            raise self._named(error) from error
        if frame is None:
            raise DeviceTimeout("no picture has come in time", address=self.info.address)

    def configure(self, settings: Mapping[str, ParameterValue]) -> None:
        """Set what the source has settings for; it reads them back."""
        wanted = check_settings(settings, self._capability.parameters)
        if self._closed:
            raise self._shut()
        try:
            self._source.set(wanted)
        except DeviceError as error:
            raise self._named(error) from error

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        """Judge the newest picture again and again until one is good enough."""
        require_possible(request, self._capability)
        best, guide = BestFrame(request), Guide(self._modality)
        shutter_s, seen = self._clock.now_s(), 0
        on_event(Guidance(reason=guide.told))
        while True:
            try:
                frame = self._wait(deadline, cancel, after=seen, since_s=shutter_s)
            except DeviceError as error:
                return Failed(error=self._named(error), attempts=best.attempts)
            if cancel.cancelled:
                return Cancelled(attempts=best.attempts)
            if frame is None:
                return best.timed_out(guide.told)
            seen = frame.sequence
            sample = self._sample(frame, request)
            judged = best.offer(sample)
            on_event(_preview(frame, sample.pixels, judged))
            if isinstance(judged, Captured):
                return judged
            if guide.changes(judged):
                on_event(Guidance(reason=guide.told))

    def close(self) -> None:
        """Stop the grabber, close the source and let others have it."""
        if not self._closed:
            self._closed = True
            self._close()

    def _wait(
        self, deadline: Deadline, cancel: CancelToken, *, since_s: float, after: int = 0
    ) -> Frame | None:
        if self._closed:
            raise self._shut()
        if deadline.passed:
            return None
        return self._grabber.wait(deadline, cancel, after=after, since_s=since_s)

    def _sample(self, frame: Frame, request: CaptureRequest) -> CapturedSample:
        pixels = frame.picture.pixels
        return CapturedSample(
            pixels=grey(pixels) if self._modality is Modality.IRIS else pixels,
            modality=self._modality,
            position=_position(request),
            origin=self._source.traits.origin,
        )

    def _shut(self) -> DeviceError:
        return DeviceError("the camera was closed", address=self.info.address)

    def _named(self, error: DeviceError) -> DeviceError:
        if error.address:
            return error
        return type(error)(str(error), address=self.info.address, vendor_code=error.vendor_code)


def capability_of(traits: SourceTraits, frame: Frame, modality: Modality) -> Capability:
    """What a camera can do, by what it says and what its first picture shows."""
    rows, columns = frame.picture.pixels.shape[:2]
    return Capability(
        modality=modality,
        presentations=SHOWN[modality],
        width_px=columns,
        height_px=rows,
        bit_depth=8,
        colour=modality is Modality.FACE and frame.picture.pixels.ndim == 3,
        enrollment_grade=False,
        preview=True,
        auto_capture=True,
        parameters=traits.parameters,
    )


def grey(pixels: Pixels) -> Pixels:
    """Brightness of a picture, grey or colour; shape (rows, columns)."""
    if pixels.ndim == 2:
        return pixels
    return (pixels @ np.array(LUMA, np.uint16) >> 8).astype(np.uint8)


def _position(request: CaptureRequest) -> Position:
    if request.presentation is Presentation.FACE:
        return FingerPosition.UNKNOWN
    named = request.instances[0].position if len(request.instances) == 1 else 0
    return EyePosition(named)


def _preview(frame: Frame, pixels: Pixels, judged: Captured | QualityReport) -> Preview:
    reports = judged.reports if isinstance(judged, Captured) else (judged,)
    return Preview(
        pixels=pixels,
        at_s=frame.picture.at_s,
        sequence=frame.sequence,
        quality=reports[0].score if reports else None,
    )
