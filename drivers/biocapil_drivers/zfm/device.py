"""`ZfmDevice`: a sensor of the family as a capture device."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

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
    Parameter,
    ParameterKind,
    ParameterValue,
    Presentation,
    Progress,
    check_settings,
    require_possible,
)
from biocapil.errors import DeviceError, DeviceLost, DeviceTimeout
from biocapil.sample import CapturedSample, Origin
from biocapil.vocabulary import FingerPosition, Modality, QualityReason
from biocapil_drivers.transport.seam import ReadCancelled
from biocapil_drivers.zfm.messages import AuraColour, AuraEffect, Confirmation, SystemParameters
from biocapil_drivers.zfm.models import MODELS, SensorModel, unpack_image
from biocapil_drivers.zfm.sensor import SPEEDS, ZfmSensor

PARAMETERS = (
    Parameter(
        name="speed",
        meaning="Speed of the line; the sensor keeps it.",
        kind=ParameterKind.CHOICE,
        default="57600",
        choices=tuple(str(speed) for speed in SPEEDS),
    ),
    Parameter(
        name="packet_bytes",
        meaning="Length of a data packet; the sensor keeps it.",
        kind=ParameterKind.CHOICE,
        default="128",
        choices=("32", "64", "128", "256"),
    ),
    Parameter(
        name="security",
        meaning="How strictly the sensor itself compares.",
        kind=ParameterKind.INTEGER,
        default=3,
        least=1,
        most=5,
    ),
    Parameter(
        name="sensor_check",
        meaning="Let the sensor look for features before an image is fetched, which takes seconds.",
        kind=ParameterKind.SWITCH,
        default=True,
    ),
    Parameter(
        name="ring",
        meaning="Colour of the ring while a finger is awaited, where the model has one.",
        kind=ParameterKind.CHOICE,
        default="off",
        choices=("off", *(colour.name.lower() for colour in AuraColour)),
    ),
)

CONFIGURE_S = 10.0
LIGHT_S = 0.15

SENSOR_REASONS: Mapping[Confirmation, CaptureReason] = {
    Confirmation.NO_FINGER: CaptureReason.PLACE_FINGER,
    Confirmation.IMAGE_FAILED: CaptureReason.PLACE_AGAIN,
    Confirmation.TOO_MESSY: CaptureReason.UNCLEAR_PRINT,
    Confirmation.TOO_FEW_FEATURES: CaptureReason.TOO_FEW_FEATURES,
}


class _Once:
    """Passes events on, guidance only when it changes."""

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self.reason: CaptureReason | QualityReason | None = None

    def guide(self, reason: CaptureReason | QualityReason) -> None:
        if reason is not self.reason:
            self.reason = reason
            self._on_event(Guidance(reason=reason))

    def progress(self, done: int, total: int) -> None:
        self._on_event(Progress(done=done, total=total))


class ZfmDevice:
    """One sensor of the ZFM family; not fit to register people.

    Attributes:
        sensor: Everything that the sensor itself can be asked: templates, search, lights.
        info: Which device it is.
    """

    def __init__(
        self,
        sensor: ZfmSensor,
        info: DeviceInfo,
        capability: Capability,
        model: SensorModel | None,
        *,
        origin: Origin,
    ) -> None:
        self.sensor = sensor
        self.info = info
        self._capability = capability
        self._model = model
        self._origin = origin
        self._clock: Clock = sensor.link.clock
        self._check_first = True
        self._ring: AuraColour | None = None
        self._closed = False

    def check(self, deadline: Deadline) -> None:
        """Ask for the password once more: also what a sensor needs that was switched off and on."""
        self._require_open()
        if self.sensor.link.transferring:
            try:
                self.sensor.link.settle(deadline)
            except DeviceTimeout:
                return  # it is sending what nobody wants any more, and so it is there
        speed = self.sensor.link.bits_per_s
        self.sensor.greet(deadline, speeds=(speed,))

    def configure(self, settings: Mapping[str, ParameterValue]) -> None:
        """Change settings."""
        wanted = check_settings(settings, PARAMETERS)
        self._require_open()
        deadline = Deadline.after(self._clock, CONFIGURE_S)
        if "sensor_check" in wanted:
            self._check_first = bool(wanted["sensor_check"])
        if "ring" in wanted:
            name = str(wanted["ring"]).upper()
            self._ring = None if name == "OFF" else AuraColour[name]
        if "security" in wanted:
            self.sensor.set_security(int(wanted["security"]), deadline)
        if "packet_bytes" in wanted:
            self.sensor.set_packet_bytes(int(wanted["packet_bytes"]), deadline)
        if "speed" in wanted and int(wanted["speed"]) != self.sensor.link.bits_per_s:
            self.sensor.set_speed(int(wanted["speed"]), deadline)

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        """Wait for a finger and fetch its image, until one is good enough."""
        require_possible(request, self._capability)
        best, once = BestSample(request), _Once(on_event)
        try:
            self._require_open()
            self._light_up(deadline)
            return self._acquire(request, once, cancel, deadline, best)
        except ReadCancelled:
            return Cancelled(attempts=best.attempts)
        except DeviceTimeout as error:
            if deadline.passed and once.reason is not None:
                return best.timed_out(once.reason)  # it answered before: the time was up, no more
            return Failed(error=error, attempts=best.attempts)
        except DeviceError as error:
            return Failed(error=error, attempts=best.attempts)
        finally:
            self._darken()

    def close(self) -> None:
        """Let go of the line."""
        self._closed = True
        self.sensor.link.transport.close()

    def _acquire(
        self,
        request: CaptureRequest,
        once: _Once,
        cancel: CancelToken,
        deadline: Deadline,
        best: BestSample,
    ) -> CaptureResult:
        while not deadline.passed:
            seen = self._look(deadline, cancel)
            if seen is Confirmation.OK:
                pixels, resolution_ppi = self._fetch(once, cancel, deadline)
                judged = best.offer(self._sample(pixels, resolution_ppi, request))
                if isinstance(judged, Captured):
                    return judged
                once.guide(judged.reasons[0] if judged.reasons else CaptureReason.QUALITY_TOO_LOW)
            else:
                once.guide(SENSOR_REASONS[seen])
            if cancel.wait(self._clock, min(POLL_S, deadline.remaining_s)):
                return Cancelled(attempts=best.attempts)
        return best.timed_out(once.reason)

    def _look(self, deadline: Deadline, cancel: CancelToken) -> Confirmation:
        """Whether there is a finger from which the sensor can take something."""
        seen = self.sensor.take_image(deadline, cancel)
        if seen is Confirmation.OK and self._check_first:
            return self.sensor.extract(1, deadline, cancel)
        return seen

    def _fetch(self, once: _Once, cancel: CancelToken, deadline: Deadline) -> tuple[NDArray[np.uint8], float]:
        """Pixels of the sensor's image, and the nominal resolution of the model that sends so many."""
        models = MODELS if self._model is None else (self._model,)
        lengths = frozenset(model.image_bytes for model in models)
        once.guide(CaptureReason.HOLD_STILL)
        total = max(lengths)
        data = self.sensor.image(
            lengths, deadline, cancel, lambda done: once.progress(min(done, total), total)
        )
        model = next(model for model in models if model.image_bytes == len(data))
        pixels = unpack_image(data, width_px=model.width_px, height_px=model.height_px)
        return pixels, model.resolution_ppi

    def _sample(
        self, pixels: NDArray[np.uint8], resolution_ppi: float, request: CaptureRequest
    ) -> CapturedSample:
        one = len(request.instances) == 1
        return CapturedSample(
            pixels=pixels,
            resolution_ppi=resolution_ppi,
            modality=Modality.FINGER,
            position=FingerPosition(request.instances[0].position) if one else FingerPosition.UNKNOWN,
            origin=self._origin,
        )

    def _light_up(self, deadline: Deadline) -> None:
        if self._ring is not None:
            self.sensor.aura(AuraEffect.BREATHE, self._ring, deadline)

    def _darken(self) -> None:
        """Put the ring out where that takes no time; a light that stays on spoils no capture."""
        if self._ring is not None and not self._closed and not self.sensor.link.transferring:
            with contextlib.suppress(DeviceError):
                self.sensor.aura(AuraEffect.OFF, self._ring, Deadline.after(self._clock, LIGHT_S))

    def _require_open(self) -> None:
        if self._closed:
            raise DeviceLost("the device was closed", address=self.info.address)


def capability_of(model: SensorModel, parameters: SystemParameters) -> Capability:
    """What a model can do, with the settings that its sensor has now."""
    now: dict[str, ParameterValue] = {
        "speed": str(parameters.bits_per_s),
        "packet_bytes": str(parameters.packet_bytes),
        "security": min(5, max(1, parameters.security)),
    }
    return Capability(
        modality=Modality.FINGER,
        presentations=frozenset({Presentation.ONE_FINGER}),
        width_px=model.width_px,
        height_px=model.height_px,
        resolution_ppi=model.resolution_ppi,
        bit_depth=4,
        enrollment_grade=False,
        parameters=tuple(_as_set(each, now) for each in PARAMETERS),
    )


def _as_set(parameter: Parameter, now: Mapping[str, ParameterValue]) -> Parameter:
    """A parameter whose default is what the sensor has now, where that is a value that we would set."""
    try:
        return replace(parameter, default=now.get(parameter.name, parameter.default))
    except ValueError:
        return parameter
