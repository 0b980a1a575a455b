"""`EmulatedSource`: the driver before its own network camera, both in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from biocapil.capture import CancelToken, Deadline, ParameterValue
from biocapil.sample import Origin
from biocapil_drivers.camera.emulation.mjpeg_server import MjpegServer
from biocapil_drivers.camera.frames import FrameSource, Picture, SourceTraits


class EmulatedSource:
    """Passes everything on to a source that stands before the server, and ends the server with it."""

    def __init__(self, server: MjpegServer, open_source: Callable[[], FrameSource]) -> None:
        self._server = server
        try:
            self._inner = open_source()
        except BaseException:
            server.unplug()
            raise

    @property
    def traits(self) -> SourceTraits:
        """What the source says; but nobody stood before this camera."""
        return replace(self._inner.traits, model="emulated network camera", origin=Origin.SYNTHETIC)

    def read(self, deadline: Deadline, stop: CancelToken) -> Picture | None:
        """The source's newest picture."""
        return self._inner.read(deadline, stop)

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """Set what the source has."""
        self._inner.set(settings)

    def close(self) -> None:
        """Close the source, then end the server."""
        self._inner.close()
        self._server.unplug()
