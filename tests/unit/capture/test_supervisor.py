"""The supervisor keeps a device that comes and goes usable, and says what happens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pytest
from tests.unit.quickest import quickest_s

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Capability,
    Captured,
    CaptureRequest,
    CaptureResult,
    Deadline,
    DeviceInfo,
    DeviceState,
    Failed,
    OnEvent,
    ParameterValue,
    Patience,
    Presentation,
    Preview,
    StateChange,
    Supervisor,
    SystemClock,
    ignore_events,
)
from biocapil.errors import DeviceLost, DeviceNotFound, DeviceTimeout, ProtocolError
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality

CLOCK = SystemClock()
QUICK = Patience(
    heartbeat_s=0.05, answer_s=0.05, first_rest_s=0.01, longest_rest_s=0.05, look_s=0.01, stale_s=0.2
)
SAMPLE = CapturedSample(pixels=np.zeros((4, 4), np.uint8), resolution_ppi=500)
CAPABILITY = Capability(
    modality=Modality.FINGER,
    presentations=frozenset({Presentation.ONE_FINGER}),
    width_px=4,
    height_px=4,
    bit_depth=8,
    preview=True,
)
Acquire = Callable[[OnEvent, CancelToken], CaptureResult]


def captures(on_event: OnEvent, cancel: CancelToken) -> CaptureResult:
    del on_event, cancel
    return Captured(samples=(SAMPLE,))


class Socket:
    """Where a made-up device is plugged in or not."""

    def __init__(self) -> None:
        self.plugged = True
        self.serial = "1"
        self.opened = 0
        self.closed = 0
        self.acquire: Acquire = captures

    def open(self) -> Plugged:
        if not self.plugged:
            raise DeviceNotFound("nothing there")
        self.opened += 1
        return Plugged(self)


class Plugged:
    """The device while it is open."""

    def __init__(self, socket: Socket) -> None:
        self.info = DeviceInfo(
            driver="made", address="made:1", model="M", serial_number=socket.serial, capability=CAPABILITY
        )
        self._socket = socket

    def check(self, deadline: Deadline) -> None:
        del deadline
        if not self._socket.plugged:
            raise DeviceLost("gone")

    def configure(self, settings: Mapping[str, ParameterValue]) -> None:
        raise NotImplementedError

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        del request, deadline
        return self._socket.acquire(on_event, cancel)

    def close(self) -> None:
        self._socket.closed += 1


@pytest.fixture
def socket() -> Socket:
    return Socket()


@pytest.fixture
def changes() -> list[StateChange]:
    return []


@pytest.fixture
def supervisor(socket: Socket, changes: list[StateChange]) -> Iterator[Supervisor]:
    made = Supervisor(socket.open, on_change=changes.append, is_there=lambda: socket.plugged, patience=QUICK)
    made.start()
    yield made
    made.stop()


def capture(supervisor: Supervisor, seconds: float = 5.0, cancel: CancelToken | None = None) -> CaptureResult:
    return supervisor.acquire(
        CaptureRequest(), ignore_events, cancel or CancelToken(), Deadline.after(CLOCK, seconds)
    )


def preview(sequence: int, late_s: float = 0.0) -> Preview:
    return Preview(pixels=np.zeros((4, 4), np.uint8), at_s=CLOCK.now_s() - late_s, sequence=sequence)


def test_a_device_that_is_there_is_ready_and_captures(
    supervisor: Supervisor, changes: list[StateChange]
) -> None:
    assert isinstance(capture(supervisor), Captured)
    supervisor.stop()
    assert [change.state for change in changes] == [
        DeviceState.READY,
        DeviceState.CAPTURING,
        DeviceState.READY,
        DeviceState.ABSENT,
    ]
    assert changes[0].info is not None
    assert changes[0].info.identity == "made:1"


def test_a_device_that_goes_is_opened_again_when_it_comes_back(
    supervisor: Supervisor, socket: Socket, changes: list[StateChange]
) -> None:
    assert supervisor.wait_for(DeviceState.READY, 5)
    socket.plugged = False
    assert supervisor.wait_for(DeviceState.REOPENING, 5)
    socket.plugged = True
    assert supervisor.wait_for(DeviceState.READY, 5)
    assert [change.state for change in changes if change.state is not DeviceState.REOPENING] == [
        DeviceState.READY,
        DeviceState.LOST,
        DeviceState.READY,
    ]
    assert next(change for change in changes if change.state is DeviceState.LOST).problem == "gone"
    assert (socket.opened, socket.closed) == (2, 1)


def test_a_capture_waits_for_a_device_that_is_not_there_yet(supervisor: Supervisor, socket: Socket) -> None:
    assert supervisor.wait_for(DeviceState.READY, 5)
    socket.plugged = False
    assert supervisor.wait_for(DeviceState.REOPENING, 5)
    threading.Timer(0.1, setattr, (socket, "plugged", True)).start()
    assert isinstance(capture(supervisor), Captured)


def test_a_capture_that_nobody_can_make_fails_at_its_deadline(supervisor: Supervisor, socket: Socket) -> None:
    assert supervisor.wait_for(DeviceState.READY, 5)
    socket.plugged = False
    assert supervisor.wait_for(DeviceState.REOPENING, 5)
    result = capture(supervisor, 0.1)
    assert isinstance(result, Failed)
    assert isinstance(result.error, DeviceNotFound)


def test_waiting_for_a_device_can_be_taken_back(supervisor: Supervisor, socket: Socket) -> None:
    assert supervisor.wait_for(DeviceState.READY, 5)
    socket.plugged = False
    assert supervisor.wait_for(DeviceState.REOPENING, 5)

    def take_back() -> None:
        cancel = CancelToken()
        threading.Timer(0.1, cancel.cancel).start()
        assert capture(supervisor, 30, cancel) == Cancelled()

    assert quickest_s(take_back, 0.1 + 0.3) < 0.1 + 0.3


def test_a_capture_that_fails_lets_the_device_be_opened_again(supervisor: Supervisor, socket: Socket) -> None:
    socket.acquire = lambda _event, _cancel: Failed(error=ProtocolError("noise"))
    result = capture(supervisor)
    assert isinstance(result, Failed)
    assert (socket.closed, supervisor.change.problem) == (1, "noise")
    socket.acquire = captures
    assert isinstance(capture(supervisor), Captured)
    assert socket.opened == 2


def test_a_driver_that_raises_what_it_should_return_is_opened_again(
    supervisor: Supervisor, socket: Socket
) -> None:
    def raises(_event: OnEvent, _cancel: CancelToken) -> CaptureResult:
        raise ProtocolError("noise")

    socket.acquire = raises
    result = capture(supervisor)
    assert isinstance(result, Failed)
    assert str(result.error) == "noise"
    socket.acquire = captures
    assert isinstance(capture(supervisor), Captured)
    assert socket.opened == 2


@pytest.mark.parametrize("late_s", [0.0, 1.0])
def test_an_old_picture_is_told_from_a_new_one(supervisor: Supervisor, socket: Socket, late_s: float) -> None:
    def repeats(on_event: OnEvent, _cancel: CancelToken) -> CaptureResult:
        on_event(preview(1))
        on_event(preview(2 if late_s else 1, late_s))
        raise AssertionError("a stale picture went unnoticed")

    socket.acquire = repeats
    result = capture(supervisor)
    assert isinstance(result, Failed)
    assert isinstance(result.error, DeviceTimeout)
    assert supervisor.wait_for(DeviceState.READY, 5)


def test_a_camera_that_stands_still_is_noticed(supervisor: Supervisor, socket: Socket) -> None:
    def stands_still(on_event: OnEvent, cancel: CancelToken) -> CaptureResult:
        on_event(preview(1))
        while not cancel.wait(CLOCK, 1.0):
            pass
        return Cancelled()

    socket.acquire = stands_still
    begun = CLOCK.now_s()
    result = capture(supervisor, 30)
    assert isinstance(result, Failed)
    assert "no new picture" in str(result.error)
    assert CLOCK.now_s() - begun < 15


def test_another_device_in_the_same_place_is_not_taken(
    supervisor: Supervisor, socket: Socket, changes: list[StateChange]
) -> None:
    assert supervisor.wait_for(DeviceState.READY, 5)
    socket.plugged = False
    assert supervisor.wait_for(DeviceState.REOPENING, 5)
    socket.serial, socket.plugged = "2", True
    assert not supervisor.wait_for(DeviceState.READY, 0.2)
    assert changes[-1].problem == "another device is in its place: made:2 instead of made:1"
    assert socket.closed >= 2
    socket.serial = "1"
    assert supervisor.wait_for(DeviceState.READY, 5)


def test_what_the_listener_raises_does_not_end_the_watch(
    socket: Socket, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: StateChange) -> None:
        raise RuntimeError("the screen is gone")

    supervisor = Supervisor(socket.open, on_change=broken, patience=QUICK)
    with caplog.at_level(logging.CRITICAL):
        supervisor.start()
        assert isinstance(capture(supervisor), Captured)
        supervisor.stop()


def test_what_the_caller_raises_passes_through(supervisor: Supervisor, socket: Socket) -> None:
    def shows(on_event: OnEvent, _cancel: CancelToken) -> CaptureResult:
        on_event(preview(1))
        return Captured(samples=(SAMPLE,))

    def breaks(_: object) -> None:
        raise ZeroDivisionError

    socket.acquire = shows
    with pytest.raises(ZeroDivisionError):
        supervisor.acquire(CaptureRequest(), breaks, CancelToken(), Deadline.after(CLOCK, 5))
    assert isinstance(capture(supervisor), Captured)


def test_a_thread_that_breaks_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Plugged:
        raise ZeroDivisionError("a defect of the driver")

    supervisor = Supervisor(broken, patience=QUICK)
    with caplog.at_level(logging.CRITICAL):
        supervisor.start()
        assert not supervisor.wait_for(DeviceState.READY, 5)
        assert isinstance(capture(supervisor, 0.1), Failed)
        with pytest.raises(ZeroDivisionError, match="a defect of the driver"):
            supervisor.stop()
    supervisor.stop()


def test_stopping_ends_a_capture(socket: Socket) -> None:
    def waits(_event: OnEvent, cancel: CancelToken) -> CaptureResult:
        while not cancel.wait(CLOCK, 1.0):
            pass
        return Cancelled()

    socket.acquire = waits
    supervisor = Supervisor(socket.open, patience=Patience())
    supervisor.start()
    threading.Timer(0.1, supervisor.stop).start()
    assert isinstance(capture(supervisor, 30), Cancelled | Failed)
    supervisor.stop()
    assert (socket.opened, socket.closed) == (1, 1)


def test_it_starts_once(supervisor: Supervisor) -> None:
    with pytest.raises(RuntimeError, match="started before"):
        supervisor.start()


def test_rests_grow_up_to_a_limit() -> None:
    patience = Patience(first_rest_s=0.25, longest_rest_s=3.0)
    assert [patience.rest_s(failures) for failures in (0, 1, 2, 3, 4, 99)] == [0.25, 0.5, 1.0, 2.0, 3.0, 3.0]


def test_a_child_is_set_with_its_parent_and_not_the_other_way() -> None:
    parent = CancelToken()
    child = parent.child()
    child.cancel()
    assert (parent.cancelled, child.cancelled) == (False, True)
    other = parent.child()
    parent.cancel()
    assert other.cancelled
    assert parent.child().cancelled
