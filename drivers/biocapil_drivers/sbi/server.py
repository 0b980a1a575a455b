"""`SbiServer`: a service on this machine's loopback, so that clients of the interface find a device.

One request a connection. It takes none that a web page could send: its verbs are none that a page may use
without asking first, and it answers no such question.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import numpy as np

from biocapil.capture import POLL_S, CancelToken
from biocapil.errors import BiocapilError, ProtocolError
from biocapil.formats import ImageEncoding, encode_pixels
from biocapil_drivers.sbi.json_fields import Fields, json_object, whole_of
from biocapil_drivers.sbi.service import SbiService
from biocapil_drivers.sbi.words import FAULT, LOOPBACK

MAX_REQUEST = 64 * 1024
PICTURE_S = 0.2
STREAM_MS = 300_000
BOUNDARY = "--BoundaryString"
"""As the interface writes it: the dashes belong to the name."""

Outlet = Callable[[socket.socket, bytes], None]
"""Sends bytes; a bench puts one in its place that loses some."""


def send_all(line: socket.socket, data: bytes) -> None:
    """Send all bytes."""
    line.sendall(data)


class SbiServer:
    """Serves until it is closed.

    Attributes:
        service: What it serves.
        error: What nobody foresaw, of the last request that ended so.
    """

    def __init__(self, service: SbiService, *, port: int = 0, outlet: Outlet = send_all) -> None:
        """Start to listen on loopback, and nowhere else.

        Args:
            service: What to serve.
            port: Port; 0 takes a free one.
            outlet: Sends whole answers.

        Raises:
            OSError: The port is taken.
        """
        self.service = service
        self.error: Exception | None = None
        self.outlet = outlet
        self.stopping = threading.Event()
        owner = self

        class Handler(_Handler):
            server_owner: ClassVar[SbiServer] = owner

        self._http = _Listener((LOOPBACK, port), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL_S,), name="SBI service")
        self._thread.start()

    @property
    def port(self) -> int:
        """Port that it listens on."""
        return self._http.server_port

    def close(self) -> None:
        """Stop; requests under way are cut off."""
        self.stopping.set()
        self._http.shutdown()
        self._http.cut_off()
        self._http.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    """A listener that knows its connections, to cut them off."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, place: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._lines: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(place, handler)

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        if isinstance(request, socket.socket):
            with self._lock:
                self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            with self._lock:
                self._lines.discard(request)
        super().shutdown_request(request)

    def cut_off(self) -> None:
        """End every connection, whoever is using it."""
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is nobody's trouble."""


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server_owner: ClassVar[SbiServer]
    timeout = 10

    def do_MOSIPDISC(self) -> None:
        """Discovery."""
        self._answer(lambda body, _: self.server_owner.service.discover(body))

    def do_MOSIPDINFO(self) -> None:
        """Signed information."""
        self._answer(lambda _, __: self.server_owner.service.tell())

    def do_RCAPTURE(self) -> None:
        """Capture for registration."""
        self._answer(self.server_owner.service.capture)

    def do_STREAM(self) -> None:
        """Pictures of the capture that is under way."""
        with contextlib.suppress(OSError, ProtocolError):
            self._stream(self._body())
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden method
        """Nothing is logged: paths and bodies may tell of people."""

    def _answer(self, respond: Callable[[Fields, CancelToken], object]) -> None:
        cancel = CancelToken()
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(cancel, done), name="SBI client watch")
        try:
            body = self._body()
            watcher.start()
            answer = respond(body, cancel)
        except BiocapilError as error:
            answer = {"error": {"errorCode": str(FAULT), "errorInfo": str(error)}}
        except Exception as error:  # noqa: BLE001 - a thread must not die in silence; told by the server
            self.server_owner.error = error
            answer = {"error": {"errorCode": str(FAULT), "errorInfo": "a fault of the service"}}
        finally:
            done.set()
            if watcher.is_alive():
                watcher.join()
        self._send(json.dumps(answer).encode("utf-8"))

    def _send(self, content: bytes) -> None:
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
            f"Connection: close\r\n\r\n"
        )
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.server_owner.outlet(self.connection, head.encode("ascii") + content)

    def _body(self) -> Fields:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_REQUEST:
            raise ProtocolError(f"a request has at most {MAX_REQUEST} bytes")
        content = self.rfile.read(int(length))
        return json_object(content, "request") if content.strip() else {}

    def _watch(self, cancel: CancelToken, done: threading.Event) -> None:
        """Take the request back when its client goes away, or the server stops."""
        while not done.wait(POLL_S):
            if self.server_owner.stopping.is_set():
                cancel.cancel()
                return
            try:
                ready, _, _ = select.select([self.connection], [], [], 0)
                gone = bool(ready) and not self.connection.recv(1, socket.MSG_PEEK)
            except (OSError, ValueError):
                gone = True
            if gone:
                cancel.cancel()
                return

    def _stream(self, body: Fields) -> None:
        until = time.monotonic() + min(whole_of(body, "timeout") or STREAM_MS, STREAM_MS) / 1000
        line = self.connection
        line.sendall(
            f"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\n\r\n".encode(
                "ascii"
            )
        )
        while time.monotonic() < until and not self.server_owner.stopping.wait(PICTURE_S):
            seen = self.server_owner.service.picture
            pixels = np.full((120, 160), 128, np.uint8) if seen is None else seen.pixels
            data = encode_pixels(np.asarray(pixels, np.uint8), ImageEncoding.JPEG).data
            part = f"{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            line.sendall(part.encode("ascii") + data + b"\r\n\r\n")
