"""A recorded stream stands in for the camera; what was redacted does not."""

from __future__ import annotations

from pathlib import Path

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
    TraceFile,
    TraceHeader,
    ignore_events,
    resolve,
)
from biocapil.errors import DeviceLost, ProtocolError
from biocapil.sample import Origin
from biocapil_drivers.camera import DRIVER
from biocapil_drivers.camera.device import Camera
from biocapil_drivers.camera.emulation import MjpegServer
from biocapil_drivers.camera.frames import Pixels
from biocapil_drivers.camera.synthetic import moving_disc

CLOCK = SystemClock()
FACE = CaptureRequest(presentation=Presentation.FACE)


def picture(camera: Camera) -> Pixels:
    end = camera.acquire(FACE, ignore_events, CancelToken(), Deadline.after(CLOCK, 5))
    assert isinstance(end, Captured)
    return end.samples[0].pixels


def recorded(file: Path, *, redacted: bool) -> list[Pixels]:
    with MjpegServer(moving_disc(384, 128), rate_hz=20) as server, file.open("w", encoding="utf-8") as stream:
        trace = TraceFile(stream, TraceHeader(driver="camera", address=server.address, redacted=redacted))
        address = DeviceAddress.parse(server.address.replace("://", "://door:s3cret@"))
        camera = DRIVER.open(address, Opening(trace=trace))
        taken = [picture(camera) for _ in range(5)]
        camera.close()
    return taken


def replayed(file: Path) -> Camera:
    return DRIVER.open(resolve(f"replay:{file}"), Opening())


def test_a_replayed_camera_delivers_what_it_delivered_then(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    taken = recorded(file, redacted=False)
    camera = replayed(file)
    again = [picture(camera) for _ in range(3)]
    assert any(np.array_equal(one, other) for one in again for other in taken)
    with pytest.raises(DeviceLost, match="trace has ended"):
        camera._grabber.wait(Deadline.after(CLOCK, 5), CancelToken(), after=1_000)
    camera.close()


def test_a_trace_of_the_emulated_camera_replays_too(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    with file.open("w", encoding="utf-8") as stream:
        trace = TraceFile(stream, TraceHeader(driver="camera", address="emulated:camera", redacted=False))
        camera = DRIVER.open(DeviceAddress.parse("emulated:camera?size=384x128"), Opening(trace=trace))
        end = camera.acquire(FACE, ignore_events, CancelToken(), Deadline.after(CLOCK, 5))
        camera.close()
    assert isinstance(end, Captured)
    assert end.samples[0].origin is Origin.SYNTHETIC
    again = replayed(file)
    assert again.info.capability is not None
    assert again.info.capability.width_px == 384
    again.close()


def test_a_redacted_trace_holds_the_talk_and_no_picture_and_no_password(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    recorded(file, redacted=True)
    text = file.read_text(encoding="utf-8")
    assert b"GET /video".hex() in text
    assert b"multipart/x-mixed-replace".hex() in text
    assert b"Authorization".hex() not in text
    assert b"\xff\xd8\xff".hex() not in text
    with pytest.raises(ProtocolError, match="without its biometric bytes"):
        replayed(file)


def test_another_request_than_the_recorded_one_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    recorded(file, redacted=False)
    first, *rest = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([first.replace("/video", "/other"), *rest]), encoding="utf-8")
    with pytest.raises(ProtocolError, match="another request"):
        replayed(file)
