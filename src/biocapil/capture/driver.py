"""`Driver`: what a package registers, and what it is given when a device is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from biocapil.capture.address import DeviceAddress
from biocapil.capture.clock import Clock, SystemClock
from biocapil.capture.device import Peripheral
from biocapil.capture.trace import TraceSink
from biocapil.vocabulary import Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverInfo:
    """What a driver says about itself.

    Attributes:
        name: Its name in addresses; the same as that of its entry point.
        title: What it drives, for people.
        transports: Transports that its addresses may name.
        modality: What its devices capture; None where they capture nothing.
        proven_against: What it was tried with, said plainly: emulator, replay, real stack, real hardware.
        reads_cards: Whether its devices are card readers: `biocapil.capture.cards`.
        licence: SPDX identifier of its licence.
    """

    name: str
    title: str
    transports: tuple[str, ...]
    proven_against: tuple[str, ...]
    modality: Modality | None = None
    reads_cards: bool = False
    licence: str = "Apache-2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDevice:
    """A place where a device may be.

    Attributes:
        address: Address to open it by.
        description: What the system says is there, for people.
        serial_number: Number that the system knows it by; empty for none.
    """

    address: str
    description: str
    serial_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a driver is given when it opens a device.

    Attributes:
        clock: Source of time for this device and everything under it.
        trace: Where to record what goes over the wire; None for nowhere.
        timeout_s: How long opening may take.
    """

    clock: Clock = field(default_factory=SystemClock)
    trace: TraceSink | None = None
    timeout_s: float = 10.0


class Driver(Protocol):
    """Registered by entry point of group ``biocapil.drivers``."""

    @property
    def info(self) -> DriverInfo:
        """What it is."""
        ...

    def find(self) -> Sequence[FoundDevice]:
        """Places where a device of this driver may be; looks at what the system lists and sends nothing."""
        ...

    def open(self, address: DeviceAddress, opening: Opening) -> Peripheral:
        """Open a device and make sure that it answers.

        Args:
            address: Where it is.
            opening: Clock, trace and time limit.

        Returns:
            The device; a `Device` where `info.modality` is set.

        Raises:
            DeviceNotFound: There is nothing.
            DeviceBusy: Somebody else holds it.
            DeviceTimeout: It does not answer.
            ProtocolError: Something answers, but not as this driver's devices do.
            MissingPart: A package that the transport needs is not installed.
            ValueError: The address names an option or a transport that the driver does not know.
        """
        ...
