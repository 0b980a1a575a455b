"""`PcscReader` and `PcscCard`: a reader and the card in it, every wait with a deadline.

A reader holds one context of the service and one thread for its calls. Where the service ends, the context is
worthless for ever: every call raises `DeviceLost`, and whoever looks after the reader opens it anew.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from biocapil.capture import POLL_S, CancelToken, Clock, Deadline, DeviceInfo, TraceSink, Way
from biocapil.errors import DeviceError, DeviceLost
from biocapil_drivers.pcsc.call_thread import CallThread
from biocapil_drivers.pcsc.service import CardHandle, CardService, ReaderState

T = TypeVar("T")
CALL_S = 5.0
"""Longest that one call into the service may take; a slow card answers a command in less."""


class PcscCard:
    """One card in a reader.

    Attributes:
        answer_to_reset: What it answered to its reset.
    """

    def __init__(self, handle: CardHandle, calls: CallThread, clock: Clock, trace: TraceSink | None) -> None:
        self.answer_to_reset = handle.answer_to_reset
        self._handle = handle
        self._calls = calls
        self._clock = clock
        self._trace = trace
        self._closed = False

    def transmit(self, command: bytes, deadline: Deadline, *, private: bool = False) -> bytes:
        """Send one command and wait for its answer."""
        self._record(Way.OUT, command, private=private)
        answer = self._calls.run(lambda: self._handle.transmit(command), deadline)
        self._record(Way.IN, answer, private=private)
        return answer

    def close(self) -> None:
        """Let go of the card and reset it, so that nothing stays open in it."""
        if self._closed or self._calls.stuck:
            return
        self._closed = True
        with contextlib.suppress(DeviceError):
            self._calls.run(self._handle.disconnect, Deadline.after(self._clock, CALL_S))

    def _record(self, way: Way, data: bytes, *, private: bool) -> None:
        if self._trace is not None:
            self._trace.put(self._clock.now_s(), way, data, private=private)


class PcscReader:
    """One reader.

    Attributes:
        info: Which reader it is.
    """

    def __init__(
        self,
        service: Callable[[], CardService],
        choose: Callable[[Sequence[str]], DeviceInfo],
        *,
        address: str,
        clock: Clock,
        deadline: Deadline,
        trace: TraceSink | None = None,
    ) -> None:
        """Connect to the service and make sure that it knows the reader.

        Args:
            service: Connects to the service; called in the thread that makes all calls.
            choose: Chooses among the names of the readers; `model` is then the name.
            address: Address to name in errors.
            clock: Source of time.
            deadline: When that must be done.
            trace: Where to record what goes to cards and back.

        Raises:
            DeviceError: There is no such reader, or no service.
        """
        self._clock = clock
        self._trace = trace
        self._card: PcscCard | None = None
        self._calls = CallThread(address=address)
        self._service: CardService | None = None
        try:
            self._service = self._calls.run(service, deadline)
            self.info = choose(self._calls.run(self._service.readers, deadline))
            self._name = self.info.model
            self._state(None, 0.0, deadline)
        except BaseException:
            self.close()
            raise

    def check(self, deadline: Deadline) -> None:
        """Ask the service whether it still knows the reader."""
        self._state(None, 0.0, deadline)

    def card_present(self, deadline: Deadline) -> bool:
        """Whether a card lies in the reader now."""
        return self._state(None, 0.0, deadline).present

    def connect(self, cancel: CancelToken, deadline: Deadline) -> PcscCard | None:
        """Wait for a card and take hold of it; one that was held before is let go."""
        if self._card is not None:
            self._card.close()
        known: ReaderState | None = None
        while not cancel.cancelled:
            known = self._state(known, POLL_S if known else 0.0, Deadline.after(self._clock, CALL_S))
            if known.present and not known.mute:
                handle = self._call(lambda service: service.connect(self._name))
                if handle is not None:
                    self._card = PcscCard(handle, self._calls, self._clock, self._trace)
                    return self._card
            if deadline.passed:
                return None
        return None

    def close(self) -> None:
        """Let go of the reader and of the card in it."""
        if self._card is not None:
            self._card.close()
        service, self._service = self._service, None
        self._calls.close(service.close if service is not None else _nothing)

    def _state(self, known: ReaderState | None, wait_s: float, deadline: Deadline) -> ReaderState:
        return self._call(lambda service: service.state(self._name, known, wait_s), deadline)

    def _call(self, function: Callable[[CardService], T], deadline: Deadline | None = None) -> T:
        within = (deadline or Deadline.after(self._clock, CALL_S)).within(CALL_S)
        service = self._service
        if service is None:
            raise DeviceLost("the reader was closed", address=self.info.address)
        return self._calls.run(lambda: function(service), within)


def _nothing() -> None:
    """Nothing is held."""
