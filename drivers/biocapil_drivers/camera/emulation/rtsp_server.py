"""`RtspServer`: a real RTSP server, GStreamer's, that shows a drawn scene."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from biocapil.errors import DeviceError
from biocapil_drivers.camera.device import grey
from biocapil_drivers.camera.frames import Pixels
from biocapil_drivers.camera.stamp import Stamp
from biocapil_drivers.camera.synthetic import Scene, stamped
from biocapil_drivers.emulation import Faults

END_S = 2.0
BLACK, WHITE = 16, 235
"""Brightness of black and white in video (ITU-R BT.601); GStreamer passes grey on as it is."""

PYTHON = "/usr/bin/python3"
"""The system's own Python: `gi` is built for it."""

CHILD = Path(__file__).with_name("rtsp_child.py")
PROBE = """
import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
wanted = ("x264enc", "rtph264pay", "appsrc", "videoconvert")
print(", ".join(each for each in wanted if Gst.ElementFactory.find(each) is None))
"""
PACKAGES = (
    "python3-gi",
    "gir1.2-gst-rtsp-server-1.0",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-ugly",
)
"""What Debian calls them."""


@cache
def why_no_rtsp() -> str:
    """Why no RTSP server can be started here; empty where one can."""
    install = f"install {' '.join(PACKAGES)}"
    try:
        done = subprocess.run(  # noqa: S603 - the system's interpreter, on the words above
            [PYTHON, "-c", PROBE], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{PYTHON} cannot be run ({type(error).__name__}); {install}"
    missing = done.stdout.strip() if done.returncode == 0 else "GStreamer's RTSP server for Python"
    return f"the system has no {missing}; {install}" if missing else ""


class RtspServer:
    """Frames are stamped with the time of `time.monotonic`, and numbered from 0.

    Attributes:
        scene: What it sees.
        faults: Are never asked: the wire is GStreamer's.
    """

    def __init__(self, scene: Scene, *, rate_hz: int) -> None:
        """Start the server.

        Raises:
            DeviceError: It does not start; `why_no_rtsp` says why.
        """
        self.scene = scene
        self.faults = Faults()
        self._rate_hz = rate_hz
        self._port = 0
        self._child: subprocess.Popen[bytes] | None = None
        self.plug()

    @property
    def address(self) -> str:
        """Address for the driver."""
        return f"camera+rtsp://127.0.0.1:{self._port}/video"

    def plug(self) -> None:
        """Start, on the same port as before; does nothing where it runs."""
        if self._child is not None:
            return
        height_px, width_px = self.scene(0).shape[:2]
        numbers = [str(each) for each in (width_px, height_px, self._rate_hz, self._port)]
        self._stop = threading.Event()
        child = subprocess.Popen(  # noqa: S603 - our own script in the system's interpreter
            [PYTHON, str(CHILD), *numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        words = (child.stdout.readline() if child.stdout else b"").split()
        if words[:1] != [b"ready"]:
            _end(child)
            raise DeviceError("the RTSP server does not start")
        self._child, self._port = child, int(words[1])
        show = threading.Thread(target=self._show, args=(child, self._stop), name="rtsp-server", daemon=True)
        self._thread = show
        show.start()

    def unplug(self) -> None:
        """Go at once; does nothing where it went."""
        child, self._child = self._child, None
        if child is not None:
            self._stop.set()
            child.kill()
            self._thread.join()
            _end(child)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def _show(self, child: subprocess.Popen[bytes], stop: threading.Event) -> None:
        due_s, number = time.monotonic(), 0
        while child.stdin is not None and not stop.wait(max(0.0, due_s - time.monotonic())):
            try:
                child.stdin.write(self._frame(number).tobytes())
                child.stdin.flush()
            except OSError:
                return
            due_s, number = max(due_s + 1 / self._rate_hz, time.monotonic()), number + 1

    def _frame(self, number: int) -> Pixels:
        full = stamped(grey(self.scene(number)), Stamp(number=number, at_s=time.monotonic()))
        return (BLACK + full.astype(np.uint16) * (WHITE - BLACK) // 255).astype(np.uint8)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait(END_S)
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
