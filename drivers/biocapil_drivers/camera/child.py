"""The child process that holds a camera's library: opens it, writes picture after picture to its output.

    python -m biocapil_drivers.camera.child      a plan as one line of JSON on its input

Libraries of cameras wait inside C for tens of seconds, and crash. A process can be ended at any time, and
takes its threads, its descriptors and its memory with it. It ends by itself when whoever started it has gone.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from biocapil_drivers.camera.child_lines import END, PICTURE, READY, ChildHead

LOW_LATENCY = (
    "rtsp_transport;tcp|fflags;nobuffer|flags;low_delay|max_delay;0"
    "|reorder_queue_size;0|analyzeduration;200000|probesize;200000"
)
"""Without these, FFmpeg waits 2 s for the stream and then hands out what it kept meanwhile."""

RTSP, V4L2 = "rtsp", "v4l2"
MS_PER_S = 1000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChildPlan:
    """What the child is to open; never shown, as it may hold a password.

    Attributes:
        way: RTSP or V4L2.
        place: URL or device file.
        timeout_s: How long opening, and each picture, may take.
        width_px: Width that is asked for; 0 takes what the camera gives.
        height_px: Height that is asked for.
        rate_hz: Pictures a second that are asked for; 0 takes what the camera gives.
    """

    way: str
    place: str
    timeout_s: float
    width_px: int = 0
    height_px: int = 0
    rate_hz: float = 0.0

    def encode(self) -> bytes:
        """The plan as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"


def main() -> int:
    """Deliver pictures until the input or the output is closed, or the camera ends."""
    plan = ChildPlan(**json.loads(sys.stdin.buffer.readline()))
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = LOW_LATENCY
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    import cv2  # noqa: PLC0415 - reads the environment when it is loaded

    cv2.setNumThreads(1)
    out = sys.stdout.buffer
    capture: Any = _opened(cv2, plan)
    if not capture.isOpened():
        return _say(out, END, "the camera cannot be opened")
    _say(out, READY, f"{capture.getBackendName()}")
    while capture.grab():
        done, frame = capture.retrieve()
        if done:
            rows, columns = frame.shape[:2]
            channels = frame.shape[2] if frame.ndim == 3 else 1
            head = ChildHead(kind=PICTURE, rows=rows, columns=columns, channels=channels, size=frame.nbytes)
            out.write(head.encode())
            out.write(frame.data)
            out.flush()
    return _say(out, END, "the camera delivers no more pictures")


def _opened(cv2: Any, plan: ChildPlan) -> Any:
    limit = int(plan.timeout_s * MS_PER_S)
    if plan.way == RTSP:
        limits = {
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC: limit,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC: limit,
            cv2.CAP_PROP_N_THREADS: 1,  # each further thread of the decoder holds back one frame
        }
        return cv2.VideoCapture(
            plan.place, cv2.CAP_FFMPEG, [each for pair in limits.items() for each in pair]
        )
    capture = cv2.VideoCapture(plan.place, cv2.CAP_V4L2)
    wanted: dict[int, float] = {
        cv2.CAP_PROP_BUFFERSIZE: 1,
        cv2.CAP_PROP_FRAME_WIDTH: plan.width_px,
        cv2.CAP_PROP_FRAME_HEIGHT: plan.height_px,
        cv2.CAP_PROP_FPS: plan.rate_hz,
    }
    for name, value in wanted.items():
        if value:
            capture.set(name, value)
    return capture


def _say(out: BinaryIO, kind: bytes, words: str) -> int:
    text = words.encode()
    out.write(ChildHead(kind=kind, size=len(text)).encode() + text)
    out.flush()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        os._exit(0)
