"""RTSP over a real stack: GStreamer's server on one side, FFmpeg in a process of its own on the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from biocapil.capture import (
    CancelToken,
    Captured,
    CaptureRequest,
    Deadline,
    DeviceAddress,
    Opening,
    Presentation,
    SystemClock,
    ignore_events,
)
from biocapil.errors import DeviceLost, DeviceNotFound
from biocapil_drivers.camera import DRIVER
from biocapil_drivers.camera.device import Camera
from biocapil_drivers.camera.emulation import RtspServer
from biocapil_drivers.camera.openers import rtsp_url
from biocapil_drivers.camera.stamp import read_stamp
from biocapil_drivers.camera.synthetic import moving_disc

CLOCK = SystemClock()
FACE = CaptureRequest(presentation=Presentation.FACE)
RATE_HZ = 15
OPENING = Opening(timeout_s=15.0)


def check_until(whole: Deadline, camera: Camera) -> None:
    while not whole.passed:
        camera.check(whole)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0


@pytest.fixture
def server(rtsp: None) -> Iterator[RtspServer]:
    del rtsp
    with RtspServer(moving_disc(400, 200), rate_hz=RATE_HZ) as found:
        yield found


def test_a_stream_delivers_new_pictures_in_order_and_ends_when_the_camera_goes(server: RtspServer) -> None:
    before = threading.active_count(), descriptors()
    camera = DRIVER.open(DeviceAddress.parse(server.address), OPENING)
    numbers: list[int] = []
    for _ in range(4):
        called_s = CLOCK.now_s()
        end = camera.acquire(FACE, ignore_events, CancelToken(), Deadline.after(CLOCK, 10))
        assert isinstance(end, Captured)
        stamp = read_stamp(end.samples[0].pixels)
        assert stamp is not None
        assert stamp.at_s > called_s - 1.0  # FFmpeg's own defaults hand out pictures that are 2 s old
        numbers.append(stamp.number)
    assert numbers == sorted(set(numbers))
    server.unplug()
    whole = Deadline.after(CLOCK, 20)
    with pytest.raises(DeviceLost):
        check_until(whole, camera)
    camera.close()
    server.plug()
    again = DRIVER.open(DeviceAddress.parse(server.address), OPENING)
    again.check(Deadline.after(CLOCK, 10))
    again.close()
    assert (threading.active_count(), descriptors()) == before


def test_nobody_there_is_not_found() -> None:
    with pytest.raises(DeviceNotFound):
        DRIVER.open(DeviceAddress.parse("camera+rtsp://127.0.0.1:9/video"), OPENING)


def test_the_url_keeps_the_password_and_the_cameras_own_options() -> None:
    address = DeviceAddress.parse("camera+rtsp://door:s3cret@host:554/a?channel=2&fps=5")
    assert rtsp_url(address, {"channel": "2"}) == "rtsp://door:s3cret@host:554/a?channel=2"
