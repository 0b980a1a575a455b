"""From a place to an open device: ask the service, believe what is signed, be the only owner."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from biocapil.capture import Deadline, Device, DeviceAddress, DeviceInfo, Opening
from biocapil.errors import DeviceBusy, DeviceLost, DeviceNotFound, ProtocolError
from biocapil_drivers.sbi.capability import capability_of
from biocapil_drivers.sbi.device import SbiDevice
from biocapil_drivers.sbi.link import SbiLink
from biocapil_drivers.sbi.messages import ServedDevice, read_devices
from biocapil_drivers.sbi.trust import TrustAnchors
from biocapil_drivers.sbi.words import INFO, LOOPBACK
from biocapil_drivers.transport import RecordedTransport, TcpLine, Transport

NAME = "sbi"
TRIES = 3
UNUSABLE = frozenset({"not registered", "not ready"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a service is.

    Attributes:
        host: Its host.
        port: Its port.
        serial: Serial number of the device; empty for the only one.
    """

    host: str
    port: int
    serial: str


def open_trusting(address: DeviceAddress, opening: Opening, trust: str, place: Place) -> Device:
    """Open a device at a place, believing the certificates of a PEM file."""
    return open_at(address, opening, TrustAnchors.read(Path(trust)), place)


def open_at(address: DeviceAddress, opening: Opening, anchors: TrustAnchors, place: Place) -> Device:
    """Open a device at a place.

    Args:
        address: What messages and `DeviceInfo` name it by.
        opening: Clock, trace and time limit.
        anchors: Who is believed.
        place: Where its service is.

    Raises:
        DeviceError: As `Driver.open` says.
    """
    link = _link_to(place, "", address, opening)
    try:
        served = _chosen(link, place, anchors, address, opening)
        moved, identity = _moved(served.base_url, place), served.digital_id
        key = f"{place.host}:{place.port}/{identity.serial_number}"
        _own(key, address)
    except BaseException:
        link.close()
        raise
    if moved is not None:
        link.close()
        link = _link_to(*moved, address, opening)
    info = DeviceInfo(
        driver=NAME,
        address=str(address),
        maker=identity.maker,
        model=identity.model or identity.sub_type or "SBI",
        serial_number=identity.serial_number,
        firmware=served.firmware,
        capability=capability_of(served),
    )
    return SbiDevice(
        link, served, info, anchors, clock=opening.clock, now=time_of_day, on_close=lambda: _let_go(key)
    )


def _link_to(place: Place, prefix: str, address: DeviceAddress, opening: Opening) -> SbiLink:
    def connect() -> Transport:
        line = TcpLine(place.host, place.port, address=str(address))
        return line if opening.trace is None else RecordedTransport(line, opening.trace, opening.clock)

    return SbiLink(connect, f"{place.host}:{place.port}", name=str(address), prefix=prefix)


def _moved(base_url: str, place: Place) -> tuple[Place, str] | None:
    """Where a device wants to be spoken to, by its signed word; None where it says nothing or is there.

    Raises:
        ProtocolError: That is another machine.
    """
    try:
        parts = urlsplit(base_url)
        port = parts.port or place.port
    except ValueError as error:
        raise ProtocolError(
            f"the device wants to be spoken to at {base_url[:80]!r}, which is no URL"
        ) from error
    if not parts.hostname:
        return None
    if parts.hostname not in {place.host, LOOPBACK, "localhost"}:
        raise ProtocolError(f"the device wants to be spoken to on another machine, {parts.hostname}")
    prefix = parts.path.rstrip("/")
    if port == place.port and not prefix:
        return None
    return replace(place, port=port), prefix


def time_of_day() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def _chosen(
    link: SbiLink, place: Place, anchors: TrustAnchors, address: DeviceAddress, opening: Opening
) -> ServedDevice:
    """The device that the address means, of those that the service shows."""
    devices = _shown(link, anchors, address, opening)
    found = [each for each in devices if place.serial in {"", each.digital_id.serial_number}]
    known = ", ".join(each.digital_id.serial_number for each in devices) or "none"
    if not found:
        raise DeviceNotFound(f"the service has no such device; it has: {known}", address=str(address))
    if len(found) > 1:
        raise DeviceNotFound(
            f"the service has several devices: add /SERIAL, of {known}", address=str(address)
        )
    if found[0].status in UNUSABLE:
        raise DeviceNotFound(f"the device is {found[0].status}", address=str(address))
    return found[0]


def _shown(
    link: SbiLink, anchors: TrustAnchors, address: DeviceAddress, opening: Opening
) -> tuple[ServedDevice, ...]:

    deadline = Deadline.after(opening.clock, opening.timeout_s)
    for turn in range(TRIES):
        try:
            body = link.ask(INFO, "/info", None, deadline)
            return read_devices(body, anchors, now=time_of_day())
        except DeviceLost as error:
            raise DeviceNotFound("no service answers there", address=str(address)) from error
        except ProtocolError:
            if turn == TRIES - 1:
                raise
    raise ProtocolError("the service makes no sense", address=str(address))


_OWNED: set[str] = set()
_LOCK = threading.Lock()


def _own(key: str, address: DeviceAddress) -> None:
    with _LOCK:
        if key in _OWNED:
            raise DeviceBusy("this program has opened it already", address=str(address))
        _OWNED.add(key)


def _let_go(key: str) -> None:
    with _LOCK:
        _OWNED.discard(key)
