"""`SbiBench`: client and service over an emulated sensor, as the conformance suite wants them."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from functools import cache

from biocapil.capture import POLL_S, Device, DeviceAddress, Opening
from biocapil.errors import DeviceTimeout
from biocapil.sample import CapturedSample
from biocapil_drivers.emulation import Faults
from biocapil_drivers.sbi.identity import DevelopmentAuthority, make_authority
from biocapil_drivers.sbi.opening import Place, open_at, time_of_day
from biocapil_drivers.sbi.server import SbiServer
from biocapil_drivers.sbi.service import SbiService
from biocapil_drivers.sbi.words import LOOPBACK
from biocapil_drivers.zfm.bench import SMALL, ZfmBench
from biocapil_drivers.zfm.device import ZfmDevice

OPEN_S = 5.0
TRIES = 3
CHUNK, BYTES_PER_S = 512, 60_000
"""Of a slow line."""


@cache
def authority() -> DevelopmentAuthority:
    """One authority for all benches: keys take their time."""
    return make_authority(time_of_day())


class FaultyService:
    """A service whose answers go wrong, and whose plug can be pulled.

    Attributes:
        faults: What goes wrong with whole answers.
        paced: Whether bytes take their time.
    """

    def __init__(self, service: SbiService) -> None:
        self.faults = Faults()
        self.paced = False
        self._service = service
        self._lock = threading.Lock()
        self._server: SbiServer | None = SbiServer(service, outlet=self._send)
        self.port = self._server.port

    def plug(self) -> None:
        """Listen again, on the same port."""
        with self._lock:
            if self._server is None:
                self._server = SbiServer(self._service, port=self.port, outlet=self._send)

    def unplug(self) -> None:
        """End listener and connections."""
        with self._lock:
            if self._server is not None:
                self._server.close()
            self._server = None

    def _send(self, line: socket.socket, data: bytes) -> None:
        frame, pulled = self.faults.applied(data)
        for start in range(0, len(frame), CHUNK):
            line.sendall(frame[start : start + CHUNK])
            if self.paced:
                time.sleep(CHUNK / BYTES_PER_S)
        if pulled:
            self.unplug()
        elif len(frame) < len(data):
            _hold(line)  # what is lost on a wire does not end the connection


class SbiBench:
    """One emulated sensor behind a service.

    Attributes:
        line: The service's side of the connection.
        thorough: Whether cases take all of their steps.
    """

    def __init__(self, *, thorough: bool = False) -> None:
        self.thorough = thorough
        self._sensor = ZfmBench()
        self._device = _opened(self._sensor)
        service = SbiService(self._device, authority().identity, now=time_of_day)
        self.line = FaultyService(service)

    @property
    def address(self) -> DeviceAddress:
        """Address of the service."""
        return DeviceAddress.parse(f"sbi+http://{LOOPBACK}:{self.line.port}")

    def open(self) -> Device:
        """Open the device through the interface."""
        place = Place(host=LOOPBACK, port=self.line.port, serial="")
        return open_at(self.address, Opening(timeout_s=OPEN_S), authority().anchors, place)

    def present(self, *, there: bool) -> None:
        """Lay a finger on the sensor, or take it away."""
        self._sensor.present(there=there)

    def is_right(self, sample: CapturedSample) -> bool:
        """Whether a sample is what the sensor saw: nothing is lost on the way."""
        return self._sensor.is_right(sample)

    def change_geometry(self) -> None:
        """Let the sensor behind the service send pictures of another size."""
        self._sensor.change_geometry()

    def keep_time(self) -> None:
        """Let bytes take their time."""
        self.line.paced = True

    def close(self) -> None:
        """End service and sensor."""
        self.line.unplug()
        self._device.close()
        self._sensor.close()


def _opened(sensor: ZfmBench) -> ZfmDevice:
    """The sensor, open and sure of its geometry: on a busy machine it may not say it at once."""
    for _ in range(TRIES):
        device = sensor.open()
        if device.info.capability is not None and device.info.capability.width_px == SMALL.width_px:
            return device
        device.close()
    raise DeviceTimeout("the emulated sensor does not say what it is")


def _hold(line: socket.socket) -> None:
    """Keep a connection open until the other side lets it go."""
    with contextlib.suppress(OSError, ValueError):
        while True:
            ready, _, _ = select.select([line], [], [], POLL_S)
            if ready and not line.recv(1, socket.MSG_PEEK):
                return
