"""`CameraBench`: a network camera as the conformance suite wants it: our emulator, or GStreamer's server.

A camera always sees something, so a request without a judge takes an empty room. The bench judges in its
place: somebody is there where the bright disc is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from biocapil.capture import (
    CancelToken,
    CaptureRequest,
    CaptureResult,
    Deadline,
    DeviceAddress,
    DeviceInfo,
    OnEvent,
    Opening,
    ParameterValue,
)
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FaceReason, ModelId
from biocapil_drivers.camera.device import Camera, grey
from biocapil_drivers.camera.driver import CameraDriver
from biocapil_drivers.camera.emulation import MjpegFault, MjpegServer, RtspServer
from biocapil_drivers.camera.frames import Pixels
from biocapil_drivers.camera.stamp import HEIGHT_PX, read_stamp
from biocapil_drivers.camera.synthetic import moving_disc

OPEN_S = 5.0
OPEN_CHILD_S = 20.0
"""A process of its own takes 1.5 s to open a stream, and on a busy machine several times that."""

RATE_HZ = 30
SLOW_BYTES_PER_S = 200_000.0
WIDTH_PX, SCENE_HEIGHT_PX = 384, 160
BRIGHT = 180
CODING_ERROR = 3.0
"""Mean difference of grey values that JPEG and H.264 may make."""

SCENE = moving_disc(WIDTH_PX, SCENE_HEIGHT_PX)
EMPTY = moving_disc(WIDTH_PX, SCENE_HEIGHT_PX, with_disc=False)


class CameraBench:
    """One camera with everything about it in the test's hand; of a real server only the plug and the scene.

    Attributes:
        line: The server, with its faults and its plug.
        thorough: Whether cases take all of their steps.
    """

    def __init__(self, *, thorough: bool = False, rtsp: bool = False) -> None:
        self.thorough = thorough
        self.line: MjpegServer | RtspServer = (
            RtspServer(SCENE, rate_hz=RATE_HZ) if rtsp else MjpegServer(SCENE, rate_hz=RATE_HZ)
        )

    def open(self) -> JudgedCamera:
        """Open it."""
        address = DeviceAddress.parse(self.line.address)
        limit_s = OPEN_S if isinstance(self.line, MjpegServer) else OPEN_CHILD_S
        return JudgedCamera(CameraDriver().open(address, Opening(timeout_s=limit_s)))

    def present(self, *, there: bool) -> None:
        """Let somebody stand there, or go."""
        self.line.scene = SCENE if there else EMPTY

    def is_right(self, sample: CapturedSample) -> bool:
        """Whether a sample is the scene of its own number."""
        stamp = read_stamp(sample.pixels)
        if stamp is None:
            return False
        drawn = grey(SCENE(stamp.number))[HEIGHT_PX:].astype(np.int16)
        return bool(np.abs(drawn - grey(sample.pixels)[HEIGHT_PX:]).mean() < CODING_ERROR)

    def change_geometry(self) -> None:
        """Let it send pictures that are too low."""
        if isinstance(self.line, MjpegServer):
            self.line.fault = MjpegFault.RESIZED

    def keep_time(self) -> None:
        """Let bytes take their time."""
        if isinstance(self.line, MjpegServer):
            self.line.bytes_per_s = SLOW_BYTES_PER_S

    def close(self) -> None:
        """End the emulator."""
        self.line.unplug()


class JudgedCamera:
    """A camera whose requests always have a judge."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera

    @property
    def info(self) -> DeviceInfo:
        """The camera's."""
        return self._camera.info

    def check(self, deadline: Deadline) -> None:
        """The camera's."""
        self._camera.check(deadline)

    def configure(self, settings: Mapping[str, ParameterValue]) -> None:
        """The camera's."""
        self._camera.configure(settings)

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        """The camera's, with a judge who sees whether somebody is there."""
        judged = request if request.judge else replace(request, judge=somebody_there)
        return self._camera.acquire(judged, on_event, cancel, deadline)

    def close(self) -> None:
        """The camera's."""
        self._camera.close()


def somebody_there(sample: CapturedSample) -> QualityReport:
    """A judge who sees no more than whether the disc is there."""
    there = _is_bright(sample.pixels)
    reasons = () if there else (FaceReason.NO_FACE,)
    return QualityReport(
        score=100 if there else 0, components=(), reasons=reasons, model_id=ModelId("bright-disc")
    )


def _is_bright(pixels: Pixels) -> bool:
    return bool((pixels[HEIGHT_PX:] > BRIGHT).any())
