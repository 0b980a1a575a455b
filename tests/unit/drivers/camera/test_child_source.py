"""The process that holds a camera's library: it may hang, crash, or write nonsense."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.capture import CancelToken, Deadline, SystemClock
from biocapil.errors import DeviceError, DeviceLost, DeviceNotFound, DeviceTimeout, ProtocolError
from biocapil_drivers.camera.child import ChildPlan
from biocapil_drivers.camera.child_lines import END, HEAD, PICTURE, READY, ChildHead
from biocapil_drivers.camera.child_source import ChildSource
from biocapil_drivers.camera.frames import SourceTraits

CLOCK = SystemClock()
PLAN = ChildPlan(way="rtsp", place="rtsp://nowhere", timeout_s=1.0)
READY_WORDS = ChildHead(kind=READY, size=2).encode() + b"ok"
END_WORDS = ChildHead(kind=END, size=4).encode() + b"gone"
PICTURE_WORDS = ChildHead(kind=PICTURE, rows=1, columns=2, channels=3, size=6).encode() + bytes(
    [1, 2, 3, 4, 5, 6]
)


def child(writes: bytes, then: str = "time.sleep(60)", timeout_s: float = 5.0) -> ChildSource:
    code = f"import sys, time, os; sys.stdout.buffer.write({writes!r}); sys.stdout.flush(); {then}"
    deadline = Deadline.after(CLOCK, timeout_s)
    command = (sys.executable, "-I", "-c", code)
    return ChildSource(PLAN, CLOCK, deadline, traits=SourceTraits(model="told"), command=command)


@pytest.mark.parametrize(
    ("writes", "then", "error"),
    [
        (END_WORDS, "pass", DeviceNotFound),
        (b"", "os._exit(3)", ProtocolError),
        (b"", "os.abort()", ProtocolError),
        (bytes(HEAD.size), "pass", ProtocolError),
    ],
)
def test_a_library_that_does_not_open_its_camera(writes: bytes, then: str, error: type[DeviceError]) -> None:
    with pytest.raises(error):
        child(writes, then)


def test_a_library_that_hangs_is_given_up() -> None:
    began = time.monotonic()
    with pytest.raises(DeviceTimeout):
        child(b"", timeout_s=0.3)
    assert time.monotonic() - began < 3


def test_the_newest_picture_is_told_before_the_end() -> None:
    blue = ChildHead(kind=PICTURE, rows=1, columns=1, channels=1, size=1).encode() + b"\x09"
    source = child(READY_WORDS + blue + PICTURE_WORDS + END_WORDS, "pass")
    picture = source.read(Deadline.after(CLOCK, 5), CancelToken())
    while picture is None or picture.pixels.ndim == 2:
        picture = source.read(Deadline.after(CLOCK, 5), CancelToken())
    assert np.array_equal(picture.pixels, [[[3, 2, 1], [6, 5, 4]]])
    with pytest.raises(DeviceLost, match="gone"):
        source.read(Deadline.after(CLOCK, 5), CancelToken())
    source.close()
    source.close()


def test_a_read_comes_back_at_its_deadline_and_when_it_is_stopped() -> None:
    source = child(READY_WORDS)
    assert source.read(Deadline.after(CLOCK, 0.05), CancelToken()) is None
    token = CancelToken()
    threading.Timer(0.1, token.cancel).start()
    began = time.monotonic()
    assert source.read(Deadline.after(CLOCK, 30), token) is None
    assert time.monotonic() - began < 15
    source.close()


def test_a_library_that_crashes_is_a_lost_camera() -> None:
    source = child(READY_WORDS + PICTURE_WORDS[:-1], "os.abort()")
    with pytest.raises(DeviceLost):
        source.read(Deadline.after(CLOCK, 5), CancelToken())
    source.close()


@given(data=st.binary(min_size=HEAD.size, max_size=HEAD.size))
def test_no_head_promises_what_cannot_be(data: bytes) -> None:
    for whole in (data, b"BCAM" + data[4:], b"BCAMP" + data[5:]):
        head = ChildHead.decode(whole)
        if head is not None and head.kind == PICTURE:
            assert head.rows * head.columns * head.channels == head.size > 0


def test_the_child_says_that_there_is_no_such_camera(tmp_path: Path) -> None:
    plan = ChildPlan(way="v4l2", place=str(tmp_path / "video9"), timeout_s=2.0)
    with pytest.raises(DeviceNotFound, match="cannot be opened"):
        ChildSource(plan, CLOCK, Deadline.after(CLOCK, 30), traits=SourceTraits(model="V4L2"))
