"""`MjpegServer`: a network camera on this machine; it shares no parsing with the driver."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from biocapil_drivers.camera.emulation.faults import MjpegFault
from biocapil_drivers.camera.emulation.parts import Faulty, opening_answer
from biocapil_drivers.camera.frames import Pixels
from biocapil_drivers.camera.opencv import opencv
from biocapil_drivers.camera.stamp import Stamp
from biocapil_drivers.camera.synthetic import Scene, stamped
from biocapil_drivers.emulation import Faults

HOST = "127.0.0.1"
JPEG_QUALITY = 80
SEND_S = 5.0
SLICE = 1 << 12
SHORTER_PX = 16


class MjpegServer:
    """Serves every client a scene of its own, numbered from 0, stamped with the time of `time.monotonic`.

    Attributes:
        scene: What it sees.
        fault: What it does wrong as a camera.
        faults: What goes wrong on the wire, with one part each; the head of an answer is only lost whole.
        bytes_per_s: How fast bytes leave; None for as fast as they go.
        requests: What clients sent.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        rate_hz: float,
        fault: MjpegFault = MjpegFault.NONE,
        bytes_per_s: float | None = None,
    ) -> None:
        self.fault = fault
        self.faults = Faults()
        self.requests: list[bytes] = []
        self.scene = scene
        self._period_s = 1.0 / rate_hz
        self.bytes_per_s = bytes_per_s
        self._port = 0
        self._listener: socket.socket | None = None
        self._clients: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._plug = threading.Lock()
        self._gone = threading.Event()
        self._gone.set()
        self.plug()

    @property
    def port(self) -> int:
        """TCP port that it listens on."""
        return self._port

    @property
    def address(self) -> str:
        """Address for the driver."""
        return f"camera+mjpeg://{HOST}:{self._port}/video"

    def plug(self) -> None:
        """Listen, on the same port as before; does nothing where it does."""
        with self._plug:
            if not self._gone.is_set():
                return
            self._gone = threading.Event()
            self._listener = socket.create_server((HOST, self._port))
            self._port = self._listener.getsockname()[1]
            self._start(self._accept, self._listener, self._gone)

    def unplug(self) -> None:
        """Go: end every connection at once and listen no more; does nothing where it went."""
        self._pull()
        with self._lock:
            threads, self._threads = self._threads, []
        for thread in threads:
            thread.join()

    def _pull(self) -> None:
        with self._plug:
            self._gone.set()
            if self._listener is not None:
                with contextlib.suppress(OSError):
                    self._listener.shutdown(socket.SHUT_RDWR)
                self._listener.close()
            with self._lock:
                for client in self._clients:
                    with contextlib.suppress(OSError):
                        client.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def _start(self, run: Callable[[socket.socket, threading.Event], None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, name="mjpeg-server", daemon=True)
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket, gone: threading.Event) -> None:
        while not gone.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                if gone.is_set():
                    client.close()
                    return
                self._clients.add(client)
                self._threads = [each for each in self._threads if each.is_alive()]
            self._start(self._serve, client, gone)

    def _serve(self, client: socket.socket, gone: threading.Event) -> None:
        client.settimeout(SEND_S)
        with contextlib.suppress(OSError), client:
            self.requests.append(client.recv(SLICE))
            if self.fault is MjpegFault.MUTE:
                gone.wait()
            head = opening_answer(self.fault)
            if not self.faults.applied(head)[0]:
                gone.wait()
            self._send(client, head, gone)
            self._stream(client, gone)
        with self._lock:
            self._clients.discard(client)

    def _stream(self, client: socket.socket, gone: threading.Event) -> None:
        faulty = Faulty()
        due_s, number = time.monotonic(), 0
        while not gone.wait(max(0.0, due_s - time.monotonic())):
            part, goes_on = faulty.part(self.fault, number, self._jpeg(number))
            part, pull = self.faults.applied(part)
            self._send(client, part, gone)
            if pull:
                self._pull()
            if goes_on is None:
                return
            if not goes_on:
                gone.wait()
            due_s, number = max(due_s + self._period_s, time.monotonic()), number + 1

    def _jpeg(self, number: int) -> bytes:
        scene = self.scene(number)
        if self.fault is MjpegFault.RESIZED:
            scene = scene[:-SHORTER_PX]
        return encode_jpeg(stamped(scene, Stamp(number=number, at_s=time.monotonic())))

    def _send(self, client: socket.socket, data: bytes, gone: threading.Event) -> None:
        if self.bytes_per_s is None:
            client.sendall(data)
            return
        for start in range(0, len(data), SLICE):
            piece = data[start : start + SLICE]
            client.sendall(piece)
            if gone.wait(len(piece) / self.bytes_per_s):
                return


def encode_jpeg(pixels: Pixels) -> bytes:
    """One JPEG of a picture, red first."""
    cv2 = opencv()
    done, data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("the picture cannot become a JPEG")
    return bytes(data.tobytes())
