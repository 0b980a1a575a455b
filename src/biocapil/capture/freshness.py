"""`Freshness`: notices a device that hands out an old picture again and again, or none any more."""

from __future__ import annotations

from biocapil.capture.cancel import CancelToken
from biocapil.capture.clock import Clock
from biocapil.capture.events import CaptureEvent, OnEvent, Preview


class StalePicture(Exception):  # noqa: N818 - a signal inside a supervised capture, never seen outside
    """A preview was older than is allowed, or the same as the one before."""


class Freshness:
    """Passes the events of one capture on for as long as they are news.

    Attributes:
        token: Token of the capture; set where news stays away.
        stale: Whether the device was found to stand still.
    """

    def __init__(
        self, on_event: OnEvent, clock: Clock, stale_s: float, token: CancelToken, *, watched: bool
    ) -> None:
        """Begin to watch a capture.

        Args:
            on_event: Takes the events.
            clock: Clock of the device.
            stale_s: Age from which a picture is stale, and time without any event that is too long.
            token: Token of the capture.
            watched: Whether events have to come at all: the device sends previews.
        """
        self.token = token
        self.stale = False
        self._on_event = on_event
        self._clock = clock
        self._stale_s = stale_s
        self._watched = watched
        self._told_s = clock.now_s()
        self._sequence: int | None = None

    def take(self, event: CaptureEvent) -> None:
        """Take one event.

        Raises:
            StalePicture: It is an old picture.
        """
        self._told_s = self._clock.now_s()
        if isinstance(event, Preview):
            repeated = self._sequence is not None and event.sequence <= self._sequence
            self._sequence = event.sequence
            if repeated or self._told_s - event.at_s > self._stale_s:
                self.stale = True
                raise StalePicture
        self._on_event(event)

    def require_news(self) -> None:
        """End the capture where nothing was told for too long; called from another thread."""
        if self._watched and self._clock.now_s() - self._told_s > self._stale_s:
            self.stale = True
            self.token.cancel()
