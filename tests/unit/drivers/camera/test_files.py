"""Pictures and clips in the place of a camera."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
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
from biocapil.errors import DeviceLost, DeviceNotFound, ProtocolError
from biocapil.sample import Origin
from biocapil_drivers.camera import DRIVER
from biocapil_drivers.camera.device import Camera
from biocapil_drivers.camera.stamp import Stamp, read_stamp
from biocapil_drivers.camera.synthetic import moving_disc, stamped

CLOCK = SystemClock()
FACE = CaptureRequest(presentation=Presentation.FACE)
SCENE = moving_disc(400, 200)
PICTURES = [stamped(SCENE(number), Stamp(number=number, at_s=0.0)) for number in range(3)]


def check_until(whole: Deadline, camera: Camera) -> None:
    while not whole.passed:
        camera.check(whole)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, picture in enumerate(PICTURES):
        cv2.imwrite(str(tmp_path / f"p{number}.png"), picture[..., ::-1])
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    file = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 50.0, (400, 200))
    for picture in PICTURES:
        writer.write(picture[..., ::-1])
    writer.release()
    return file


def opened(address: str) -> Camera:
    return DRIVER.open(DeviceAddress.parse(address), Opening(timeout_s=5))


def next_number(camera: Camera) -> int:
    end = camera.acquire(FACE, ignore_events, CancelToken(), Deadline.after(CLOCK, 5))
    assert isinstance(end, Captured)
    assert end.samples[0].origin is Origin.FILE
    stamp = read_stamp(end.samples[0].pixels)
    assert stamp is not None
    return stamp.number


def test_a_folder_is_shown_in_the_order_of_its_names_and_begins_anew(folder: Path) -> None:
    camera = opened(f"camera+folder://{folder}?fps=25")
    numbers = [next_number(camera) for _ in range(8)]
    camera.close()
    assert set(numbers) == {0, 1, 2}


def test_colours_come_out_as_they_went_in(folder: Path) -> None:
    camera = opened(f"camera+folder://{folder}?fps=25")
    end = camera.acquire(FACE, ignore_events, CancelToken(), Deadline.after(CLOCK, 5))
    camera.close()
    assert isinstance(end, Captured)
    assert any(np.array_equal(end.samples[0].pixels, picture) for picture in PICTURES)


def test_a_clip_has_its_own_rate_and_begins_anew(clip: Path) -> None:
    camera = opened(f"camera+file://{clip}")
    numbers = [next_number(camera) for _ in range(6)]
    camera.close()
    assert set(numbers) == {0, 1, 2}


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_without_a_loop_the_end_is_a_lost_camera(kind: str, clip: Path, folder: Path) -> None:
    clip.rename(clip.with_suffix(".bin"))
    place = clip.with_suffix(".bin") if kind == "file" else folder
    camera = opened(f"camera+{kind}://{place}?fps=20&loop=off")
    whole = Deadline.after(CLOCK, 10)
    with pytest.raises(DeviceLost):
        check_until(whole, camera)
    camera.close()


def test_what_is_not_there_or_no_picture_says_so(tmp_path: Path) -> None:
    for address in (
        f"camera+folder://{tmp_path}/none",
        f"camera+folder://{tmp_path}",
        f"camera+file://{tmp_path}/x",
    ):
        with pytest.raises(DeviceNotFound):
            opened(address)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    for address in (f"camera+folder://{tmp_path}", f"camera+file://{tmp_path}/broken.png"):
        with pytest.raises(ProtocolError):
            opened(address)
