"""`PcscDriver`: opens readers: ``pcsc:///Reader%20name``, or ``emulated:pcsc?card=emrtd&holder=7``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

from biocapil.capture import Deadline, DeviceAddress, DeviceInfo, DriverInfo, FoundDevice, Opening
from biocapil.capture.address import EMULATED, REPLAY
from biocapil.capture.cards import find_card_application
from biocapil.errors import DeviceNotFound
from biocapil_drivers.pcsc.memory_service import MemoryService
from biocapil_drivers.pcsc.reader import PcscReader
from biocapil_drivers.pcsc.scard_service import ScardService
from biocapil_drivers.pcsc.service import CardService

NAME = "pcsc"
EMULATED_READER = "Emulated reader"
CARD, HOLDER = "card", "holder"
MOST_DIGITS = 8
ORDER = re.compile(r" \d\d (\d\d)$")
SERIAL = re.compile(r"\(([^()]+)\) \d\d \d\d$")
"""How the service ends the names of readers whose serial number it could read."""
DEFAULT_CARD = "emrtd"


class PcscDriver:
    """Driver for every reader that the PC/SC service of the system knows."""

    info = DriverInfo(
        name=NAME,
        title="Card readers of the PC/SC service",
        transports=(EMULATED,),
        reads_cards=True,
        proven_against=("pcscd with its virtual reader and our own cards", "reader and cards in memory"),
    )

    def find(self) -> Sequence[FoundDevice]:
        """Readers that the service knows; nothing is sent to a card."""
        service = ScardService("")
        try:
            names = service.readers()
        finally:
            service.close()
        return [FoundDevice(address=address_of(name), description=f"card reader {name}") for name in names]

    def open(self, address: DeviceAddress, opening: Opening) -> PcscReader:
        """Open a reader; there need be no card in it."""
        if address.transport == REPLAY:
            raise ValueError(
                "a trace of a card cannot be replayed: its answers depend on fresh random numbers"
            )
        if address.transport == EMULATED:
            name = EMULATED_READER
            service = _emulated(address)
        else:
            if address.options:
                raise ValueError(f"a reader's address has no options, got {', '.join(address.options)}")
            name = _reader_name(address)
            service = _system(address)
        return open_reader(name, service, address, opening)


def open_reader(
    name: str, service: Callable[[], CardService], address: DeviceAddress, opening: Opening
) -> PcscReader:
    """Open a reader of a service.

    Args:
        name: Name of the reader with the service.
        service: Connects to the service.
        address: Address to name in errors.
        opening: Clock, trace and time limit.

    Raises:
        DeviceNotFound: The service knows no such reader.
    """
    return PcscReader(
        service,
        lambda names: chosen_reader(name, names, address),
        address=str(address),
        clock=opening.clock,
        deadline=Deadline.after(opening.clock, opening.timeout_s),
        trace=opening.trace,
    )


def chosen_reader(wanted: str, names: Sequence[str], address: DeviceAddress) -> DeviceInfo:
    """The reader that is meant; the number that the service gives by order of plugging may be another one.

    Args:
        wanted: Name as the address has it.
        names: Names of the readers that are there.
        address: Address to name in errors.

    Raises:
        DeviceNotFound: None is meant, or several are.
    """
    fitting = [name for name in names if name == wanted] or [
        name for name in names if _without_order(name) == _without_order(wanted)
    ]
    if len(fitting) != 1:
        known = ", ".join(names) or "none"
        which = f"there are {len(fitting)} readers" if fitting else "there is no reader"
        raise DeviceNotFound(f"{which} {wanted!r}; there are: {known}", address=str(address))
    serial = SERIAL.search(fitting[0])
    return DeviceInfo(
        driver=NAME,
        address=str(address),
        model=fitting[0],
        serial_number=serial.group(1) if serial else "",
    )


def _without_order(name: str) -> str:
    """``NAME (SERIAL) 01 00`` without the 01, which tells only the order in which readers were plugged in."""
    return ORDER.sub(r" \1", name)


def address_of(reader: str) -> str:
    """Address of a reader by its name."""
    return f"{NAME}:///{quote(reader)}"


def _reader_name(address: DeviceAddress) -> str:
    name = address.path.removeprefix("/")
    if address.host or not name:
        raise ValueError(f"{address} names no reader; write pcsc:///Reader%20name as biocapil card list does")
    return name


def _system(address: DeviceAddress) -> Callable[[], CardService]:
    return lambda: ScardService(str(address))


def _emulated(address: DeviceAddress) -> Callable[[], CardService]:
    if unknown := sorted(set(address.options) - {CARD, HOLDER}):
        raise ValueError(f"no option {', '.join(unknown)}; there are: {CARD}, {HOLDER}")
    kind, holder = address.options.get(CARD, DEFAULT_CARD), address.options.get(HOLDER, "0")
    if not holder.isdecimal() or len(holder) > MOST_DIGITS:
        raise ValueError(f"{HOLDER} must be a whole number of at most {MOST_DIGITS} digits, got {holder!r}")

    def service() -> CardService:
        memory = MemoryService(EMULATED_READER)
        if kind:
            memory.insert(EMULATED_READER, find_card_application(kind).emulated_card(int(holder)))
        return memory

    return service


DRIVER = PcscDriver()
