"""Age of a camera's newest frame, how soon a capture is taken back, and what re-plugging leaves behind.

    python benchmarks/bench_cameras.py [--only SECTION ...] [--frames N] [--cancels N] [--replugs N]

Each picture carries the moment at which it was drawn; its age is what the same clock says when `acquire`
hands it out. MJPEG comes from an emulator in this process, RTSP from GStreamer's server; beside them stands
OpenCV with its own defaults before the same servers. No real camera is in it: exposure and the camera's own
encoder come on top. Figures go to benchmarks/results/cameras.json.
"""

from __future__ import annotations

import argparse
import gc
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Captured,
    CaptureEvent,
    CaptureRequest,
    Deadline,
    DeviceAddress,
    Opening,
    Patience,
    Presentation,
    Preview,
    Supervisor,
    SystemClock,
    ignore_events,
)
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FaceReason, ModelId
from biocapil_drivers.camera import DRIVER
from biocapil_drivers.camera.emulation import MjpegServer, RtspServer, why_no_rtsp
from biocapil_drivers.camera.stamp import read_stamp
from biocapil_drivers.camera.synthetic import moving_disc
from kernel_race import setting, write_results

RESULTS = Path(__file__).resolve().parent / "results" / "cameras.json"
RATE_HZ = 15
SIZES = ((640, 480), (1280, 720))
CLOCK = SystemClock()
OPENING = Opening(timeout_s=20.0)
FACE = CaptureRequest(presentation=Presentation.FACE)
PATIENCE = Patience(first_rest_s=0.01, longest_rest_s=0.05)
Server = MjpegServer | RtspServer


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=["age", "cancel", "replug"])
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--cancels", type=int, default=200)
    parser.add_argument("--replugs", type=int, default=200)
    words = parser.parse_args()
    sections: dict[str, Callable[[], Any]] = {
        "age": partial(ages, words.frames),
        "cancel": partial(cancels, words.cancels),
        "replug": partial(replugs, words.replugs),
    }
    found: dict[str, Any] = {"setting": setting()}
    for name in words.only or sections:
        found[name] = sections[name]()
    write_results(RESULTS, found)


def servers() -> dict[str, Callable[[int, int], AbstractContextManager[Server]]]:
    """The servers that can be started here."""
    able: dict[str, Callable[[int, int], AbstractContextManager[Server]]] = {
        "mjpeg": lambda width, height: MjpegServer(moving_disc(width, height), rate_hz=RATE_HZ)
    }
    reason = why_no_rtsp()
    if reason:
        print(f"RTSP is left out: {reason}")
        return able
    return {**able, "rtsp": lambda width, height: RtspServer(moving_disc(width, height), rate_hz=RATE_HZ)}


def ages(frames: int) -> list[dict[str, Any]]:
    """Age of frames when they are handed out."""
    rows: list[dict[str, Any]] = []
    for name, start in servers().items():
        for width, height in SIZES:
            for reader in (ages_of_ours, ages_of_opencv):
                with start(width, height) as server:
                    row = {
                        "way": name,
                        "size": f"{width}x{height}",
                        "reader": reader.__name__.removeprefix("ages_of_"),
                        **spread(reader(server, frames)),
                    }
                print(row)
                rows.append(row)
    return rows


def ages_of_ours(server: Server, frames: int) -> list[float]:
    """Through the driver: previews of one capture."""
    found: list[float] = []

    def take(event: CaptureEvent) -> None:
        if isinstance(event, Preview):
            stamp = read_stamp(event.pixels)
            if stamp is not None:
                found.append(CLOCK.now_s() - stamp.at_s)

    def judge(_: CapturedSample) -> QualityReport:
        score = 100 if len(found) >= frames else 0
        return QualityReport(score=score, components=(), reasons=(), model_id=ModelId("count"))

    camera = DRIVER.open(DeviceAddress.parse(server.address), OPENING)
    request = CaptureRequest(presentation=Presentation.FACE, judge=judge, least_quality=100)
    camera.acquire(request, take, CancelToken(), Deadline.after(CLOCK, frames / RATE_HZ * 3))
    camera.close()
    return found


def ages_of_opencv(server: Server, frames: int) -> list[float]:
    """Through OpenCV as it comes: open, and read one after the other."""
    capture = cv2.VideoCapture(server.address.removeprefix("camera+").replace("mjpeg://", "http://"))
    found: list[float] = []
    for _ in range(frames):
        done, frame = capture.read()
        stamp = read_stamp(np.asarray(frame, np.uint8)) if done else None
        if stamp is not None:
            found.append(CLOCK.now_s() - stamp.at_s)
    capture.release()
    return found


def cancels(count: int) -> list[dict[str, Any]]:
    """How long a capture takes to end after it was taken back at a random moment."""
    rng, rows = np.random.default_rng(7), []
    for name, start in servers().items():
        with start(*SIZES[0]) as server:
            camera = DRIVER.open(DeviceAddress.parse(server.address), OPENING)
            late = [cancel_once(camera, float(rng.uniform(0, 0.3))) for _ in range(count)]
            camera.close()
        row = {"way": name, **spread(late), "within_300_ms": float(np.mean(np.array(late) <= 0.3))}
        print(row)
        rows.append(row)
    return rows


def cancel_once(camera: Any, after_s: float) -> float:
    """Seconds from the token to the end of the capture."""
    token, moment = CancelToken(), [0.0]

    def pull() -> None:
        moment[0] = time.monotonic()
        token.cancel()

    timer = threading.Timer(after_s, pull)
    timer.start()
    request = CaptureRequest(presentation=Presentation.FACE, judge=never, least_quality=100)
    end = camera.acquire(request, ignore_events, token, Deadline.after(CLOCK, 30))
    late = time.monotonic() - moment[0]
    timer.join()
    assert isinstance(end, Cancelled)
    return late


def never(_: CapturedSample) -> QualityReport:
    """A judge whom no picture pleases."""
    return QualityReport(score=0, components=(), reasons=(FaceReason.NO_FACE,), model_id=ModelId("never"))


def replugs(count: int) -> dict[str, Any]:
    """A supervised MJPEG camera is pulled and plugged in again at random moments."""
    rng = np.random.default_rng(8)
    before, back, again = held(), [], 0
    with MjpegServer(moving_disc(384, 128), rate_hz=100) as server:
        address = DeviceAddress.parse(server.address)
        supervisor = Supervisor(partial(DRIVER.open, address, OPENING), patience=PATIENCE)
        supervisor.start()
        resident = 0.0
        for number in range(count):
            time.sleep(float(rng.uniform(0, 0.05)))
            server.unplug()
            time.sleep(float(rng.uniform(0, 0.02)))
            server.plug()
            plugged_s = time.monotonic()
            if works(supervisor):
                again += 1
                back.append(time.monotonic() - plugged_s)
            if number == count // 5:
                resident = resident_mb()
        grown = resident_mb() - resident
        supervisor.stop()
    row = {
        "times": count,
        "worked_again": again,
        "back_s": spread(back),
        "threads_and_descriptors_left": [
            after - at_first for after, at_first in zip(held(), before, strict=True)
        ],
        "resident_grown_mb": grown,
    }
    print(row)
    return row


def works(supervisor: Supervisor) -> bool:
    """Whether a picture comes within ten seconds."""
    whole = Deadline.after(CLOCK, 10)
    while not whole.passed:
        if isinstance(supervisor.acquire(FACE, ignore_events, CancelToken(), whole), Captured):
            return True
    return False


def held() -> tuple[int, int]:
    """Threads and descriptors of this process."""
    gc.collect()
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def resident_mb() -> float:
    """Memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def spread(seconds: Sequence[float]) -> dict[str, Any]:
    """Median and 99th percentile of times, in milliseconds."""
    found = np.array(seconds) * 1e3
    if not found.size:
        return {"n": 0}
    return {
        "n": int(found.size),
        "median_ms": float(np.median(found)),
        "p99_ms": float(np.percentile(found, 99)),
        "most_ms": float(found.max()),
    }


if __name__ == "__main__":
    main()
