"""`CallThread`: runs calls that block in a thread of its own, so that whoever waits for them has a deadline.

A call into the PC/SC service cannot be taken back. Where one does not return in time, the thread is given up:
it does nothing more but wait for that call and end.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar, cast

from biocapil.capture import Clock, Deadline
from biocapil.errors import DeviceTimeout

T = TypeVar("T")
END_S = 1.0


class _Call(Generic[T]):
    """One call and how it ended."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self.done = threading.Event()
        self._result: T | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._result = self._function()
        except BaseException as error:  # noqa: BLE001 - raised again where the call is waited for
            self._error = error
        finally:
            self.done.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return cast("T", self._result)


class CallThread:
    """One thread, one call at a time.

    Attributes:
        stuck: Whether a call did not return in time; no other is made then.
    """

    def __init__(self, *, address: str) -> None:
        self.stuck = False
        self._address = address
        self._calls: queue.SimpleQueue[_Call[object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="card service", daemon=True)
        self._closed = False
        self._thread.start()

    def run(self, function: Callable[[], T], deadline: Deadline) -> T:
        """Make a call and wait for its end.

        Args:
            function: The call.
            deadline: When it must have returned.

        Raises:
            DeviceTimeout: It has not, or an earlier one has not.
            BaseException: What the call raised.
        """
        if self.stuck or self._closed:
            why = "an earlier call does not return" if self.stuck else "the reader was closed"
            raise DeviceTimeout(why, address=self._address)
        call = _Call(function)
        self._calls.put(cast("_Call[object]", call))
        if not _waited(deadline.clock, call.done, deadline):
            self.stuck = True
            raise DeviceTimeout("the card service does not answer", address=self._address)
        return call.result()

    def close(self, last: Callable[[], None]) -> None:
        """Make a last call and end; never raises, and waits for a second at most."""
        if self._closed:
            return
        self._closed = True
        self._calls.put(cast("_Call[object]", _Call(last)))
        self._calls.put(None)
        if not self.stuck:
            with contextlib.suppress(RuntimeError):  # the interpreter is ending
                self._thread.join(END_S)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call.run()


def _waited(clock: Clock, done: threading.Event, deadline: Deadline) -> bool:
    return done.wait(0) or clock.wait(done, deadline.remaining_s)
