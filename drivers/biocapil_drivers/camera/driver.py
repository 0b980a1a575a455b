"""`CameraDriver`: from an address to an open camera."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from biocapil.capture import (
    CancelToken,
    Deadline,
    DeviceAddress,
    DeviceInfo,
    DriverInfo,
    FoundDevice,
    Opening,
)
from biocapil.errors import DeviceError, DeviceTimeout
from biocapil.sample import Origin
from biocapil.vocabulary import Modality
from biocapil_drivers.camera.claims import claim, release
from biocapil_drivers.camera.device import Camera, capability_of
from biocapil_drivers.camera.frames import Frame, FrameSource
from biocapil_drivers.camera.freshness import FreshnessLimits
from biocapil_drivers.camera.grabber import Grabber
from biocapil_drivers.camera.openers import OPENERS, Opener
from biocapil_drivers.camera.options import CameraOptions
from biocapil_drivers.camera.v4l2_listing import find_cameras

NAME = "camera"


class CameraDriver:
    """Cameras of all kinds behind one frame source."""

    info = DriverInfo(
        name=NAME,
        title="Cameras: USB (V4L2), HTTP MJPEG, RTSP, video files, folders of pictures",
        transports=tuple(OPENERS),
        proven_against=(
            "MJPEG: own emulator with faults",
            "RTSP: real stack (GStreamer's server, FFmpeg)",
            "files: real files",
            "V4L2: emulated kernel calls and listings only",
            "real hardware: none",
        ),
        modality=Modality.FACE,
    )

    def __init__(self, openers: Mapping[str, Opener] = OPENERS) -> None:
        self._openers = openers

    def find(self) -> Sequence[FoundDevice]:
        """Cameras that the system lists; those of the network are in nobody's list."""
        return find_cameras()

    def open(self, address: DeviceAddress, opening: Opening) -> Camera:
        """Open a camera and wait for its first picture."""
        options = CameraOptions.parse(address)
        opener = self._openers.get(address.transport)
        if opener is None:
            raise ValueError(
                f"a camera is reached by {', '.join(self._openers)}, not by {address.transport!r}; "
                f"write for example camera+mjpeg://HOST/PATH"
            )
        shown = without_password(str(address))
        place = shown.partition("?")[0]
        claim(place, shown)
        try:
            deadline = Deadline.after(opening.clock, opening.timeout_s)
            source = opener(address, options, opening, deadline)
            grabber = Grabber(source, opening.clock, _limits(source, options))
        except BaseException:
            release(place)
            raise
        close = partial(_close, grabber, place)
        try:
            frame = _first(grabber, deadline, shown, options)
        except BaseException:
            close()
            raise
        traits = source.traits
        info = DeviceInfo(
            driver=NAME,
            address=shown,
            model=traits.model,
            serial_number=traits.serial_number,
        )
        capability = capability_of(traits, frame, options.modality)
        return Camera(
            info=info, capability=capability, source=source, grabber=grabber, clock=opening.clock, close=close
        )


def without_password(address: str) -> str:
    """An address as it may be shown: without a name and a password before the host."""
    parts = urlsplit(address)
    return (
        urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else address
    )


def _limits(source: FrameSource, options: CameraOptions) -> FreshnessLimits:
    live = source.traits.origin is Origin.DEVICE
    return FreshnessLimits(silent_s=options.silent_s, frozen_s=options.frozen_s if live else None)


def _first(grabber: Grabber, deadline: Deadline, shown: str, options: CameraOptions) -> Frame:
    frame = grabber.wait(deadline, CancelToken())
    if frame is None:
        raise DeviceTimeout("the camera answers, but no picture has come", address=shown)
    rows, columns = frame.picture.pixels.shape[:2]
    if options.size_px not in {None, (columns, rows)}:
        wanted = "x".join(map(str, options.size_px or ()))
        raise DeviceError(f"pictures were to be {wanted}, the camera gives {columns}x{rows}", address=shown)
    return frame


def _close(grabber: Grabber, place: str) -> None:
    grabber.close()
    release(place)
