"""`Supervisor`: keeps one device usable for as long as a kiosk runs.

    ABSENT ──► READY ──► CAPTURING ──► READY          a capture and its end
       ▲         │           │
       │         └───────────┴──► LOST ──► REOPENING ──► READY      unplugged, silent, broken; and back again
       └───────────────────────────────── stop

A thread of its own opens the device, asks for its heartbeat, and opens it again with growing rests. What it
cannot mend it tells: every change is an event, and `stop` raises what ended the thread too early.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Protocol, cast

from biocapil.capture.cancel import CancelToken
from biocapil.capture.clock import Clock, Deadline, SystemClock
from biocapil.capture.device import Device, Peripheral
from biocapil.capture.device_state import DeviceState, Patience, StateChange
from biocapil.capture.events import OnEvent
from biocapil.capture.freshness import Freshness, StalePicture
from biocapil.capture.request import CaptureRequest
from biocapil.capture.results import Cancelled, CaptureResult, Failed
from biocapil.errors import BiocapilError, CardRemoved, DeviceError, DeviceNotFound, DeviceTimeout

WAIT_S = 0.05

logger = logging.getLogger(__name__)


class Open(Protocol):
    """Opens the device; `functools.partial(open_peripheral, address)`."""

    def __call__(self) -> Peripheral:
        """Open it, or raise a `DeviceError`."""
        ...


class Supervisor:
    """One device, opened for as long as it is needed.

    Attributes:
        clock: Source of time.
    """

    def __init__(
        self,
        open_one: Open,
        *,
        on_change: Callable[[StateChange], None] | None = None,
        is_there: Callable[[], bool] | None = None,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Make a supervisor; `start` begins.

        Args:
            open_one: Opens the device.
            on_change: Told of every change, in the thread that makes it; must return soon. What it raises is
                logged and forgotten.
            is_there: Whether the system lists the device, without touching it: it is opened as soon as it is
                plugged in. None where that cannot be seen; then the rests grow.
            clock: Source of time; None for the machine's.
            patience: How long to wait for what; None for the usual.
        """
        self.clock: Clock = clock or SystemClock()
        self._open_one = open_one
        self._on_change = on_change
        self._is_there = is_there
        self._patience = patience or Patience()
        self._use = threading.Lock()
        self._news = threading.Condition()
        self._device: Peripheral | None = None
        self._identity: str = ""
        self._beaten_s = 0.0
        self._freshness: Freshness | None = None
        self._change = StateChange(state=DeviceState.ABSENT, at_s=self.clock.now_s())
        self._stop = threading.Event()
        self._look = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    @property
    def change(self) -> StateChange:
        """The last change: the state now."""
        return self._change

    @property
    def state(self) -> DeviceState:
        """The state now."""
        return self._change.state

    def start(self) -> None:
        """Begin to look after the device."""
        if self._thread is not None:
            raise RuntimeError("the supervisor has been started before")
        self._thread = threading.Thread(target=self._watch, name="device supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the device and end the thread; a second time does nothing.

        Raises:
            Exception: What ended the thread too early.
        """
        self._stop.set()
        self._look.set()
        freshness = self._freshness
        if freshness is not None:
            freshness.token.cancel()
        if self._thread is not None:
            self._thread.join()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def look_now(self) -> None:
        """Look at once whether the device is there: the system told of something that was plugged in."""
        self._look.set()

    def wait_for(self, state: DeviceState, timeout_s: float) -> bool:
        """Wait until the device is in a state, in real time; whether it is."""
        with self._news:
            return self._news.wait_for(
                lambda: self.state is state or self._error is not None, timeout_s
            ) and (self.state is state)

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        """Capture, as `Device.acquire`; a device that is not there is waited for until the deadline.

        A capture that fails leaves the device to be opened again; the next one finds it mended or waits.
        """
        self._look.set()
        while not cancel.cancelled:
            if self._use.acquire(timeout=WAIT_S):
                try:
                    if self._device is not None and not self._stop.is_set():
                        device = cast("Device", self._device)
                        return self._acquire(device, request, on_event, cancel, deadline)
                finally:
                    self._use.release()
            if deadline.passed or self._stop.is_set():
                return Failed(error=DeviceNotFound(self._change.problem or "the device is not there"))
            cancel.wait(self.clock, min(WAIT_S, deadline.remaining_s))
        return Cancelled()

    @contextmanager
    def borrowed(self, cancel: CancelToken, deadline: Deadline) -> Generator[Peripheral | None]:
        """Use the device for anything but a capture, with nobody else at it; one that is away is waited for.

        A `DeviceError` of the device, raised inside, leaves it to be opened again; that a card was taken
        away does not.

        Args:
            cancel: Ends the wait.
            deadline: Ends the wait.

        Yields:
            The device; None where it did not come.
        """
        self._look.set()
        while not (cancel.cancelled or self._stop.is_set()):
            if self._use.acquire(timeout=WAIT_S):
                try:
                    if self._device is not None:
                        yield self._device
                        return
                except CardRemoved:
                    raise
                except DeviceError as error:
                    self._let_go(str(error))
                    raise
                finally:
                    self._use.release()
            if deadline.passed:
                break
            cancel.wait(self.clock, min(WAIT_S, deadline.remaining_s))
        yield None

    def _acquire(
        self,
        device: Device,
        request: CaptureRequest,
        on_event: OnEvent,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> CaptureResult:
        """One capture by an open device; `_use` is held."""
        self._tell(DeviceState.CAPTURING)
        capability = device.info.capability
        watched = capability is not None and capability.preview
        freshness = Freshness(on_event, self.clock, self._patience.stale_s, cancel.child(), watched=watched)
        self._freshness = freshness
        result: CaptureResult | None = None
        try:
            result = device.acquire(request, freshness.take, freshness.token, deadline)
        except StalePicture:
            pass
        except DeviceError as error:  # a driver returns it; one that raises it is no reason to go on with it
            result = Failed(error=error)
        finally:
            self._freshness = None
            if freshness.stale:
                result = Failed(error=DeviceTimeout("the device sends no new pictures any more"))
            if isinstance(result, Failed):
                self._let_go(str(result.error))
            elif self.state is DeviceState.CAPTURING:
                self._tell(DeviceState.READY)
        return result or Failed(error=DeviceTimeout("the device sends no new pictures any more"))

    def _watch(self) -> None:
        failures = 0
        try:
            while not self._stop.is_set():
                failures = self._turn(failures)
                self._rest(self._rest_s(failures))
        except Exception as error:  # told by `stop`: a thread must not die in silence
            self._error = error
            logger.exception("the supervisor of a device broke")
        finally:
            with self._use:
                self._close()
                self._tell(DeviceState.ABSENT, "" if self._error is None else "the supervisor broke")

    def _rest_s(self, failures: int) -> float:
        if failures:
            return self._patience.rest_s(failures - 1)
        return min(self._patience.heartbeat_s, self._patience.stale_s / 2)

    def _rest(self, seconds: float) -> None:
        """Rest, but no longer than until there is something to look at."""
        deadline = Deadline.after(self.clock, seconds)
        was_there = self._device is not None or self._is_there is None or self._is_there()
        while not deadline.passed:
            rest_s = min(self._patience.look_s, deadline.remaining_s)
            if self.clock.wait(self._look, rest_s):
                break
            if not was_there and self._is_there is not None and self._is_there():
                break
        self._look.clear()

    def _turn(self, failures: int) -> int:
        """Heartbeat of an open device, or one try to open it; how many tries have failed in a row."""
        if not self._use.acquire(blocking=False):
            freshness = self._freshness
            if freshness is not None:
                freshness.require_news()
            return 0
        try:
            if self._stop.is_set():
                return 0
            if self._device is None:
                return 0 if self._opened() else failures + 1
            due_s = self._beaten_s + self._patience.heartbeat_s
            return 0 if self.clock.now_s() < due_s or self._beats(self._device) else 1
        finally:
            self._use.release()

    def _beats(self, device: Peripheral) -> bool:
        try:
            device.check(Deadline.after(self.clock, self._patience.answer_s))
        except (DeviceError, OSError) as error:
            self._let_go(str(error))
            return False
        self._beaten_s = self.clock.now_s()
        return True

    def _opened(self) -> bool:
        if self.state is DeviceState.LOST:
            self._tell(DeviceState.REOPENING, self._change.problem)
        try:
            device = self._open_one()
        except (BiocapilError, OSError) as error:
            self._remember(str(error))
            return False
        identity = device.info.identity
        if self._identity and identity != self._identity:
            device.close()
            self._remember(f"another device is in its place: {identity} instead of {self._identity}")
            return False
        self._device, self._identity, self._beaten_s = device, identity, self.clock.now_s()
        self._tell(DeviceState.READY)
        return True

    def _remember(self, problem: str) -> None:
        """Tell a problem once, not at every try."""
        if problem != self._change.problem:
            self._tell(self.state, problem)

    def _let_go(self, problem: str) -> None:
        self._close()
        self._tell(DeviceState.LOST, problem)
        self._look.set()

    def _close(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _tell(self, state: DeviceState, problem: str = "") -> None:
        info = self._change.info if self._device is None else self._device.info
        with self._news:
            self._change = StateChange(state=state, at_s=self.clock.now_s(), info=info, problem=problem)
            self._news.notify_all()
        if self._on_change is not None:
            try:
                self._on_change(self._change)
            except Exception:  # whoever listens must not end the watch
                logger.exception("whoever is told of a device's changes broke")
