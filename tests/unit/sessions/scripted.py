"""A device that shows what it is told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    Failed,
    OnEvent,
    ParameterValue,
    Presentation,
    Preview,
)
from biocapil.errors import DeviceLost
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality

Shown = CapturedSample | tuple[CapturedSample, ...] | DeviceLost


class ScriptedDevice:
    """Delivers one thing after the other; after the last, the clock runs out."""

    def __init__(self, shown: Sequence[Shown], *, modality: Modality = Modality.FINGER) -> None:
        self.shown = list(shown)
        self.requests: list[CaptureRequest] = []
        capability = Capability(
            modality=modality,
            presentations=frozenset(Presentation),
            width_px=1600,
            height_px=1500,
            bit_depth=8,
        )
        self.info = DeviceInfo(driver="scripted", address="scripted:x", model="x", capability=capability)

    def check(self, deadline: Deadline) -> None: ...

    def configure(self, settings: Mapping[str, ParameterValue]) -> None: ...

    def close(self) -> None: ...

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        del deadline
        self.requests.append(request)
        best = BestSample(request)
        while self.shown:
            if cancel.cancelled:
                return Cancelled(attempts=best.attempts)
            if (next_ := self.shown.pop(0)) == ():
                break
            if isinstance(next_, DeviceLost):
                return Failed(error=next_, attempts=best.attempts)
            if isinstance(next_, tuple):
                return Captured(samples=next_)
            on_event(Preview(pixels=next_.pixels, at_s=0.0, sequence=len(self.shown)))
            judged = best.offer(next_)
            if isinstance(judged, Captured):
                return judged
        return best.timed_out(None)
