"""`ChildSource`: pictures of a library that may hang or crash, out of a process that can be ended."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import subprocess
import sys
from collections.abc import Callable, Mapping

import numpy as np

from biocapil.capture import POLL_S, CancelToken, Clock, Deadline, ParameterValue
from biocapil.errors import DeviceLost, DeviceNotFound, DeviceTimeout, ProtocolError
from biocapil_drivers.camera.child import MS_PER_S, ChildPlan
from biocapil_drivers.camera.child_lines import HEAD, PICTURE, READY, ChildHead
from biocapil_drivers.camera.frames import Picture, Pixels, SourceTraits

PIPE_BYTES = 1 << 20
END_S = 1.0
COMMAND = (sys.executable, "-m", "biocapil_drivers.camera.child")

Setter = Callable[[Mapping[str, ParameterValue]], None]


class ChildSource:
    """One child process and the pipe to it."""

    def __init__(
        self,
        plan: ChildPlan,
        clock: Clock,
        deadline: Deadline,
        *,
        traits: SourceTraits,
        setter: Setter | None = None,
        release: Callable[[], None] | None = None,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        """Start the child and wait until its camera is open.

        Args:
            plan: What the child is to open.
            clock: Source of time.
            deadline: When its camera must be open.
            traits: What the source says about itself.
            setter: Sets the parameters of `traits`.
            release: Called once when the source is closed, also where it does not open.
            command: Starts the child.

        Raises:
            DeviceNotFound: The camera cannot be opened.
            DeviceTimeout: It does not answer.
        """
        self.traits = traits
        self._setter = setter
        self._release = release
        self._clock = clock
        self._buffer = bytearray()
        self._begun_s = 0.0
        self._ended: DeviceLost | None = None
        self._child = _started(command)
        self._pipe = _pipe_of(self._child)
        self._poll = select.poll()
        self._poll.register(self._pipe, select.POLLIN)
        try:
            self._tell(plan)
            self._await_ready(deadline)
        except BaseException:
            self.close()
            raise

    def read(self, deadline: Deadline, stop: CancelToken) -> Picture | None:
        """The newest picture that the pipe holds."""
        newest: Picture | None = None
        while not stop.cancelled:
            message = None if self._ended else self._message()
            if message is not None:
                newest = self._picture(*message) or newest
            elif self._ended is not None and newest is None:
                raise self._ended
            elif newest is not None or deadline.passed:
                return newest
            else:
                self._fill(min(POLL_S, deadline.remaining_s))
        return newest

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """Set what the camera has; where nobody sets anything there are no parameters."""
        if self._setter is not None:
            self._setter(settings)

    def close(self) -> None:
        """End the child, whatever it is doing, and take its descriptors back."""
        if self._child.returncode is None:
            self._child.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(END_S)
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        release, self._release = self._release, None
        if release is not None:
            release()

    def _tell(self, plan: ChildPlan) -> None:
        stdin = self._child.stdin
        if stdin is not None:
            with contextlib.suppress(OSError):  # a child that ended at once is told by its output
                stdin.write(plan.encode())
                stdin.flush()

    def _await_ready(self, deadline: Deadline) -> None:
        while (message := self._message()) is None:
            if deadline.passed:
                raise DeviceTimeout("the camera does not open in time")
            try:
                self._fill(min(POLL_S, deadline.remaining_s))
            except DeviceLost as error:
                raise ProtocolError("the library of the camera crashed while it was opened") from error
        head, body = message
        if head.kind != READY:
            raise DeviceNotFound(body.decode(errors="replace"))

    def _fill(self, timeout_s: float) -> None:
        """Take what the child has written, waiting for it so long."""
        if not self._poll.poll(timeout_s * MS_PER_S):
            return
        data = os.read(self._pipe, PIPE_BYTES)
        if not data:
            raise DeviceLost("the library of the camera ended")
        if not self._buffer:
            self._begun_s = self._clock.now_s()
        self._buffer += data

    def _message(self) -> tuple[ChildHead, bytearray] | None:
        """The first message that is whole."""
        if len(self._buffer) < HEAD.size:
            return None
        head = ChildHead.decode(bytes(self._buffer[: HEAD.size]))
        if head is None:
            raise ProtocolError("the library of the camera writes what it should not")
        end = HEAD.size + head.size
        if len(self._buffer) < end:
            return None
        body = self._buffer[HEAD.size : end]
        del self._buffer[:end]
        return head, body

    def _picture(self, head: ChildHead, body: bytearray) -> Picture | None:
        if head.kind != PICTURE:
            self._ended = DeviceLost(body.decode(errors="replace"))
            return None
        at_s, self._begun_s = self._begun_s, self._clock.now_s()
        pixels: Pixels = np.frombuffer(body, np.uint8).reshape(head.rows, head.columns, head.channels)
        return Picture(
            pixels=np.ascontiguousarray(pixels[..., ::-1]) if head.channels == 3 else pixels[..., 0],
            at_s=at_s,
        )


def _started(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    )


def _pipe_of(child: subprocess.Popen[bytes]) -> int:
    if child.stdout is None:
        raise ProtocolError("the library of the camera has no output")
    pipe = child.stdout.fileno()
    with contextlib.suppress(OSError):  # a user over the limit of pipe buffers keeps the usual size
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return pipe
