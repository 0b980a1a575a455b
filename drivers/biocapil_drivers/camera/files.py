"""`FolderSource` and `ClipSource`: pictures and video from files, in the place of a camera."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.capture import CancelToken, Clock, Deadline, ParameterValue
from biocapil.errors import DeviceLost, DeviceNotFound, ProtocolError
from biocapil.sample import Origin
from biocapil_drivers.camera.frames import Picture, Pixels, SourceTraits
from biocapil_drivers.camera.opencv import opencv
from biocapil_drivers.camera.options import RATE_HZ
from biocapil_drivers.camera.pace import Pace

PICTURES = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"})
MOST_RATE_HZ = 240.0


class FolderSource:
    """Pictures of one folder in the order of their names."""

    def __init__(self, folder: Path, clock: Clock, *, rate_hz: float | None, loop: bool) -> None:
        """List a folder.

        Raises:
            DeviceNotFound: There is no such folder, or no picture in it.
            MissingPart: OpenCV is not installed.
        """
        opencv()
        if not folder.is_dir():
            raise DeviceNotFound(f"there is no folder {folder}")
        files = sorted(each for each in folder.iterdir() if each.suffix.lower() in PICTURES)
        if not files:
            raise DeviceNotFound(f"there is no picture in {folder}")
        self.traits = SourceTraits(model="folder of pictures", origin=Origin.FILE)
        self._files: Iterator[Path] = cycle(files) if loop else iter(files)
        self._clock = clock
        self._pace = Pace(clock, rate_hz or RATE_HZ)

    def read(self, deadline: Deadline, stop: CancelToken) -> Picture | None:
        """The next picture, once it is due."""
        if not self._pace.wait(deadline, stop):
            return None
        file = next(self._files, None)
        if file is None:
            raise DeviceLost("the folder has no more pictures")
        return Picture(pixels=_read(file), at_s=self._clock.now_s())

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """There are no settings."""

    def close(self) -> None:
        """Nothing is held."""


class ClipSource:
    """Frames of one video file at its own rate."""

    def __init__(self, file: Path, clock: Clock, *, rate_hz: float | None, loop: bool) -> None:
        """Open a clip.

        Raises:
            DeviceNotFound: There is no such file.
            ProtocolError: It holds no frame that can be read.
            MissingPart: OpenCV is not installed.
        """
        cv2 = opencv()
        if not file.is_file():
            raise DeviceNotFound(f"there is no file {file}")
        self._clip: Any = cv2.VideoCapture(str(file), cv2.CAP_FFMPEG)
        self._start: int = cv2.CAP_PROP_POS_FRAMES
        own_hz = float(self._clip.get(cv2.CAP_PROP_FPS))
        first = self._next()
        if first is None:
            self.close()
            raise ProtocolError(f"{file} holds no frame that can be read")
        self.traits = SourceTraits(model="video file", origin=Origin.FILE)
        self._frames = self._all(first, loop=loop)
        self._clock = clock
        self._pace = Pace(clock, rate_hz or (own_hz if 0 < own_hz <= MOST_RATE_HZ else RATE_HZ))

    def read(self, deadline: Deadline, stop: CancelToken) -> Picture | None:
        """The next frame, once it is due."""
        if not self._pace.wait(deadline, stop):
            return None
        pixels = next(self._frames, None)
        if pixels is None:
            raise DeviceLost("the clip has ended")
        return Picture(pixels=pixels, at_s=self._clock.now_s())

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """There are no settings."""

    def close(self) -> None:
        """Close the file."""
        self._clip.release()

    def _all(self, first: Pixels, *, loop: bool) -> Iterator[Pixels]:
        pixels: Pixels | None = first
        while pixels is not None:
            yield pixels
            pixels = self._next()
            if pixels is None and loop:
                self._clip.set(self._start, 0)
                pixels = self._next()

    def _next(self) -> Pixels | None:
        done, frame = self._clip.read()
        return _rgb(frame) if done else None


def _read(file: Path) -> Pixels:
    cv2 = opencv()
    try:
        data = np.frombuffer(file.read_bytes(), np.uint8)
    except OSError as error:
        raise DeviceLost(f"the folder can be read no more ({type(error).__name__})") from error
    pixels: Pixels | None = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    if pixels is None:
        raise ProtocolError(f"{file.name} is no picture that can be read")
    return pixels


def _rgb(frame: Pixels) -> Pixels:
    return np.ascontiguousarray(frame[..., ::-1])
