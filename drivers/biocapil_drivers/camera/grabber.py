"""`Grabber`: one thread that drains a source and holds nothing but its newest picture.

A queue hands out the past: whoever waited for a person to look up would get the moment before.
"""

from __future__ import annotations

import logging
import threading

from biocapil.capture import POLL_S, CancelToken, Clock, Deadline
from biocapil.errors import DeviceError, ProtocolError
from biocapil_drivers.camera.frames import Frame, FrameSource, Picture
from biocapil_drivers.camera.freshness import Freshness, FreshnessLimits

logger = logging.getLogger(__name__)

JOIN_S = 2.0


class Grabber:
    """Owns a source from now on; `close` closes it."""

    def __init__(self, source: FrameSource, clock: Clock, limits: FreshnessLimits) -> None:
        self._source = source
        self._clock = clock
        self._freshness = Freshness(limits)
        self._stop = CancelToken()
        self._news = threading.Condition()
        self._newest: Frame | None = None
        self._failure: DeviceError | None = None
        self._thread = threading.Thread(target=self._run, name="camera-grabber", daemon=True)
        self._thread.start()

    @property
    def newest(self) -> Frame | None:
        """The newest frame; None before the first."""
        with self._news:
            return self._newest

    @property
    def failure(self) -> DeviceError | None:
        """Why no more frames will come; None while they do."""
        with self._news:
            return self._failure

    def wait(
        self, deadline: Deadline, cancel: CancelToken, *, after: int = 0, since_s: float | None = None
    ) -> Frame | None:
        """The newest frame, once there is one that is new enough.

        Args:
            deadline: When to come back without one.
            cancel: Comes back within `POLL_S` after it was set.
            after: Number of the last frame that was seen.
            since_s: Moment of the shutter: frames of an earlier one do not count.

        Returns:
            None where none has come.

        Raises:
            DeviceError: No more frames will come.
        """
        with self._news:
            while not cancel.cancelled:
                frame = self._newest
                if frame is not None and frame.sequence > after and _is_since(frame, since_s):
                    return frame
                if self._failure is not None:
                    raise self._failure
                if deadline.passed:
                    return None
                self._news.wait(min(POLL_S, deadline.remaining_s))
        return None

    def close(self) -> None:
        """Stop the thread and close the source."""
        self._stop.cancel()
        if self._thread is not threading.current_thread():
            self._thread.join(JOIN_S)
        if self._thread.is_alive():
            logger.error("a camera's source did not come back within %.1f s of its end", JOIN_S)
        self._source.close()

    def _run(self) -> None:
        try:
            while not self._stop.cancelled:
                picture = self._source.read(Deadline.after(self._clock, POLL_S), self._stop)
                if picture is None:
                    self._freshness.heard_nothing(self._clock.now_s())
                else:
                    self._freshness.saw(picture)
                    self._show(picture)
        except DeviceError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - the edge of a thread: nothing may die in silence
            self._fail(DeviceError(f"the camera's source failed: {type(error).__name__}: {error}"))

    def _show(self, picture: Picture) -> None:
        last = self._newest
        if last is not None and last.picture.pixels.shape != picture.pixels.shape:
            raise ProtocolError(
                f"the picture's shape changed from {last.picture.pixels.shape} to {picture.pixels.shape}"
            )
        with self._news:
            self._newest = Frame(picture=picture, sequence=1 if last is None else last.sequence + 1)
            self._news.notify_all()

    def _fail(self, error: DeviceError) -> None:
        with self._news:
            self._failure = error
            self._news.notify_all()


def _is_since(frame: Frame, since_s: float | None) -> bool:
    return since_s is None or frame.picture.at_s >= since_s
