"""`SbiLink`: requests and answers of one service, each over a connection of its own."""

from __future__ import annotations

from collections.abc import Callable

from biocapil.capture import POLL_S, CancelToken, Deadline
from biocapil.errors import DeviceError, DeviceLost, DeviceTimeout, ProtocolError
from biocapil_drivers.sbi.http_codec import HttpReply, PictureReader, ReplyReader, request_bytes
from biocapil_drivers.transport import Transport

CHUNK = 64 * 1024
STALL_S = 1.0
"""An answer that has begun goes on at least so often, or was cut off."""

STREAM_READ_S = 0.002
HTTP_OK = 200


class SbiLink:
    """One service, seen from its client."""

    def __init__(self, connect: Callable[[], Transport], host: str, *, name: str, prefix: str = "") -> None:
        """Prepare; nothing is sent.

        Args:
            connect: Makes a line to the service; it connects when it is written to.
            host: What the service is called in requests.
            name: Address, for messages.
            prefix: What stands before every path.
        """
        self._connect = connect
        self._line = connect()
        self._host = host
        self._name = name
        self._prefix = prefix.rstrip("/")

    def ask(
        self,
        verb: str,
        path: str,
        body: object | None,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        *,
        meanwhile: Callable[[], None] | None = None,
        private: bool = False,
    ) -> bytes:
        """Body of the answer to one request.

        Args:
            verb: Method.
            path: Path.
            body: What is sent as JSON; None for nothing.
            deadline: When the answer must be there.
            cancel: Takes it back.
            meanwhile: Called now and then while nothing comes.
            private: Whether the answer holds samples.

        Raises:
            DeviceLost: There is no service, or it ended the connection.
            DeviceTimeout: It does not answer.
            ProtocolError: It answers, but not as HTTP, or with a status other than 200.
            ReadCancelled: It was taken back.
        """
        self._line.drain()
        self._line.write(request_bytes(verb, self._prefix + path, self._host, body), deadline)
        try:
            reply = self._reply(deadline, cancel, meanwhile, private=private)
        finally:
            self._line.drain()
        if reply.status != HTTP_OK:
            raise ProtocolError(f"the service answers with status {reply.status}", address=self._name)
        return reply.body

    def watch(self, path: str, body: object, deadline: Deadline) -> StreamWatch:
        """Begin to look at a stream of pictures.

        Raises:
            DeviceError: There is no service.
        """
        line = self._connect()
        try:
            line.write(request_bytes("STREAM", self._prefix + path, self._host, body), deadline)
        except DeviceError:
            line.close()
            raise
        return StreamWatch(line, deadline)

    def close(self) -> None:
        """Let go."""
        self._line.close()

    def _reply(
        self,
        deadline: Deadline,
        cancel: CancelToken | None,
        meanwhile: Callable[[], None] | None,
        *,
        private: bool,
    ) -> HttpReply:
        reader = ReplyReader()
        heard_s = deadline.clock.now_s()
        while True:
            try:
                data = self._line.read(CHUNK, deadline.within(POLL_S), cancel, private=private)
            except DeviceTimeout:
                if meanwhile is not None:
                    meanwhile()
                if reader.begun and deadline.clock.now_s() - heard_s > STALL_S:
                    raise ProtocolError("the answer was cut off", address=self._name) from None
                if deadline.passed:
                    raise
                continue
            except DeviceLost:
                whole = reader.closed()
                if whole is None:
                    raise
                return whole
            heard_s = deadline.clock.now_s()
            reply = reader.feed(data)
            if reply is not None:
                return reply


class StreamWatch:
    """A stream of pictures that is looked at between other things; its troubles are nobody's trouble."""

    def __init__(self, line: Transport, deadline: Deadline) -> None:
        self._line: Transport | None = line
        self._deadline = deadline
        self._reader = PictureReader()

    def pictures(self) -> list[bytes]:
        """JPEG files that came since; none for ever once the stream has ended or makes no sense."""
        if self._line is None:
            return []
        try:
            return self._reader.feed(
                self._line.read(CHUNK, self._deadline.within(STREAM_READ_S), private=True)
            )
        except DeviceTimeout:
            return []
        except DeviceError:
            self.close()
            return []

    def close(self) -> None:
        """Let go."""
        if self._line is not None:
            self._line.close()
        self._line = None
