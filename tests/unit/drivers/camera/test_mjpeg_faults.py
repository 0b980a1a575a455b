"""The driver before an emulated network camera with each of its faults."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from biocapil.capture import (
    CancelToken,
    Captured,
    CaptureRequest,
    Deadline,
    DeviceAddress,
    Failed,
    Opening,
    Presentation,
    SystemClock,
    ignore_events,
)
from biocapil.errors import DeviceBusy, DeviceError, DeviceLost, DeviceNotFound, DeviceTimeout, ProtocolError
from biocapil_drivers.camera import DRIVER
from biocapil_drivers.camera.device import Camera
from biocapil_drivers.camera.emulation import MjpegFault, MjpegServer
from biocapil_drivers.camera.stamp import read_stamp
from biocapil_drivers.camera.synthetic import moving_disc

CLOCK = SystemClock()
SCENE = moving_disc(384, 128)
FACE = CaptureRequest(presentation=Presentation.FACE)
LIMITS = "?silent_s=0.3&frozen_s=0.3"


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def opened(server: MjpegServer, timeout_s: float = 20.0, *, limits: str = "") -> Camera:
    return DRIVER.open(DeviceAddress.parse(server.address + limits), Opening(timeout_s=timeout_s))


def check_until_it_fails(camera: Camera) -> None:
    whole = Deadline.after(CLOCK, 20)
    while not whole.passed:
        camera.check(Deadline.after(CLOCK, 20))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (MjpegFault.MUTE, DeviceTimeout),
        (MjpegFault.NOT_FOUND, DeviceNotFound),
        (MjpegFault.FULL, DeviceBusy),
        (MjpegFault.LOCKED, DeviceError),
        (MjpegFault.OTHER_TYPE, ProtocolError),
        (MjpegFault.BABBLE, ProtocolError),
    ],
)
def test_what_is_no_camera_says_so_when_it_is_opened(fault: MjpegFault, error: type[DeviceError]) -> None:
    with MjpegServer(SCENE, rate_hz=30, fault=fault) as server, pytest.raises(error) as raised:
        opened(server, timeout_s=0.3)
    assert type(raised.value) is error


def test_nobody_there_is_not_found() -> None:
    with MjpegServer(SCENE, rate_hz=30) as server:
        pass
    with pytest.raises(DeviceNotFound):
        opened(server)


@pytest.mark.parametrize(
    "fault",
    [
        MjpegFault.NONE,
        MjpegFault.TRUNCATED,
        MjpegFault.LENGTH_TOO_SMALL,
        MjpegFault.LENGTH_TOO_LARGE,
        MjpegFault.NO_LENGTH,
        MjpegFault.BARE_LINES,
        MjpegFault.GARBAGE,
        MjpegFault.ENDLESS,
    ],
)
def test_pictures_come_through_whole_and_in_order(fault: MjpegFault) -> None:
    with MjpegServer(SCENE, rate_hz=60, fault=fault) as server:
        camera = opened(server)
        numbers: list[int] = []
        for _ in range(4):
            end = camera.acquire(FACE, ignore_events, CancelToken(), Deadline.after(CLOCK, 20))
            assert isinstance(end, Captured)
            stamp = read_stamp(end.samples[0].pixels)
            assert stamp is not None
            numbers.append(stamp.number)
        camera.close()
    assert numbers == sorted(set(numbers))
    if fault is MjpegFault.TRUNCATED:
        assert not any(number % 2 for number in numbers)


@pytest.mark.parametrize("fault", [MjpegFault.SILENT, MjpegFault.DROPPED, MjpegFault.REPEATED])
def test_a_camera_that_sees_no_more_is_lost(fault: MjpegFault) -> None:
    never = CaptureRequest(presentation=Presentation.FACE)
    with MjpegServer(SCENE, rate_hz=30) as server:
        camera = opened(server, limits=LIMITS)
        server.fault = fault
        with pytest.raises(DeviceLost):
            check_until_it_fails(camera)
        end = camera.acquire(never, ignore_events, CancelToken(), Deadline.after(CLOCK, 20))
        camera.close()
    assert isinstance(end, Failed)
    assert isinstance(end.error, DeviceLost)
    assert end.error.address.startswith("camera+mjpeg://")


def test_a_picture_of_another_size_never_becomes_a_sample() -> None:
    with MjpegServer(SCENE, rate_hz=30) as server:
        camera = opened(server)
        server.fault = MjpegFault.RESIZED
        with pytest.raises(ProtocolError, match="128, 384"):
            check_until_it_fails(camera)
        camera.close()


def test_a_slow_line_still_delivers() -> None:
    with MjpegServer(SCENE, rate_hz=30, bytes_per_s=60_000) as server:
        camera = opened(server)
        end = camera.acquire(FACE, ignore_events, CancelToken(), Deadline.after(CLOCK, 20))
        camera.close()
    assert isinstance(end, Captured)


def test_a_camera_that_comes_back_is_opened_again() -> None:
    with MjpegServer(SCENE, rate_hz=30) as server:
        for _ in range(3):
            camera = opened(server)
            server.unplug()
            with pytest.raises(DeviceLost):
                camera.check(Deadline.after(CLOCK, 20))
            camera.close()
            server.plug()


def test_a_second_owner_is_refused_until_the_first_lets_go() -> None:
    with MjpegServer(SCENE, rate_hz=30) as server:
        camera = opened(server)
        with pytest.raises(DeviceBusy):
            opened(server)
        camera.close()
        camera.close()
        opened(server).close()


def test_a_password_is_sent_and_never_shown() -> None:
    with MjpegServer(SCENE, rate_hz=30) as server:
        address = server.address.replace("://", "://door:s3cret@") + LIMITS
        camera = DRIVER.open(DeviceAddress.parse(address), Opening(timeout_s=20))
        assert "s3cret" not in repr(camera.info)
        assert camera.info.address == server.address + LIMITS
        camera.close()
        assert b"Authorization: Basic ZG9vcjpzM2NyZXQ=" in server.requests[-1]


def test_an_emulated_camera_is_an_address_like_any_other() -> None:
    camera = DRIVER.open(DeviceAddress.parse("emulated:camera?fps=30&size=400x200"), Opening())
    assert camera.info.capability is not None
    assert (camera.info.capability.width_px, camera.info.capability.height_px) == (400, 200)
    camera.check(Deadline.after(CLOCK, 2))
    camera.close()
