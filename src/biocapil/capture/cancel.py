"""`CancelToken`: how whoever waits for a capture takes it back, from any thread."""

from __future__ import annotations

import threading
import weakref

from biocapil.capture.clock import Clock

CANCEL_WITHIN_S = 0.3
"""A driver has to come back from `acquire` so soon after the token was set."""

POLL_S = 0.05
"""A driver looks at the token at least so often; reads are cut into slices of this length."""


class CancelToken:
    """Set once, read by everybody; never taken back."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._children: weakref.WeakSet[CancelToken] = weakref.WeakSet()

    def cancel(self) -> None:
        """Ask for the end."""
        with self._lock:
            self._event.set()
            children = list(self._children)
        for child in children:
            child.cancel()

    def child(self) -> CancelToken:
        """A token that is set with this one, and can be set alone."""
        child = CancelToken()
        with self._lock:
            self._children.add(child)
            asked = self._event.is_set()
        if asked:
            child.cancel()
        return child

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked for the end."""
        return self._event.is_set()

    def wait(self, clock: Clock, timeout_s: float) -> bool:
        """Rest for a while, but no longer than until somebody asks for the end; whether they did."""
        return clock.wait(self._event, timeout_s)
