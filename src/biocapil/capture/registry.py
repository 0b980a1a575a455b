"""From an address to an open device.

Packages announce drivers by entry point of group ``biocapil.drivers``: the name is that of the driver, the
value an object that follows `Driver`. Nothing is imported before it is asked for, a driver that cannot be
imported is listed with the reason and hides no other, and no driver can replace another of the same name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from biocapil.capture.address import REPLAY, DeviceAddress
from biocapil.capture.device import Device, Peripheral
from biocapil.capture.driver import Driver, DriverInfo, FoundDevice, Opening
from biocapil.capture.trace import RECORD, read_trace_header
from biocapil.errors import DeviceError, DeviceNotFound, FormatError

GROUP = "biocapil.drivers"
DUPLICATED = "registered more than once"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDriver:
    """One registered driver as `list_drivers` found it.

    Attributes:
        name: Name of its entry point.
        package: Object that the entry point names.
        info: What it says about itself; None where it could not be loaded.
        problem: Why it cannot be used; empty where it can.
    """

    name: str
    package: str
    info: DriverInfo | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSearch:
    """What `find_devices` found.

    Attributes:
        found: Places where a device may be.
        problems: Why a driver could not look, by its name.
    """

    found: tuple[FoundDevice, ...]
    problems: tuple[tuple[str, str], ...]


def list_drivers() -> tuple[ListedDriver, ...]:
    """Every registered driver with its state, in order of name."""
    entries = _entries()
    counts = Counter(entry.name for entry in entries)
    return tuple(_listed(entry, duplicated=counts[entry.name] > 1) for entry in entries)


def find_devices() -> DeviceSearch:
    """Ask every usable driver where its devices may be; nothing is sent to any of them."""
    found: list[FoundDevice] = []
    problems: list[tuple[str, str]] = []
    for listed in list_drivers():
        if listed.problem:
            problems.append((listed.name, listed.problem))
            continue
        try:
            found += find_driver(listed.name).find()
        except Exception as error:  # noqa: BLE001 - foreign code runs here: whatever it raises is one diagnosis
            problems.append((listed.name, str(error) or type(error).__name__))
    return DeviceSearch(found=tuple(found), problems=tuple(problems))


def find_driver(name: str) -> Driver:
    """Load a registered driver.

    Raises:
        DeviceNotFound: No package registers the name.
        DeviceError: Two packages register it, or it cannot be loaded.
    """
    entries = _entries()
    found = [entry for entry in entries if entry.name == name]
    if not found:
        known = ", ".join(sorted({entry.name for entry in entries})) or "none"
        raise DeviceNotFound(f"no installed package brings a driver named {name!r}; installed: {known}")
    if len(found) > 1:
        packages = ", ".join(entry.value for entry in found)
        raise DeviceError(f"driver {name!r} is {DUPLICATED}: {packages}; uninstall all but one")
    return _load(found[0])


def open_peripheral(address: str | DeviceAddress, opening: Opening | None = None) -> Peripheral:
    """Open whatever stands at an address.

    Args:
        address: Where it is.
        opening: Clock, trace and time limit; None takes the machine's clock and no trace.

    Raises:
        ValueError: The text is no address, or its driver knows no such transport or option.
        DeviceError: As `Driver.open` says, or there is no such driver.
        FormatError: The trace to be replayed is none.
    """
    place = resolve(address)
    driver = find_driver(place.driver)
    if place.transport != REPLAY and place.transport not in {*driver.info.transports, ""}:
        able = ", ".join(driver.info.transports)
        raise ValueError(f"driver {place.driver} reaches its devices by {able}, not by {place.transport!r}")
    return driver.open(place, opening or Opening())


def open_device(address: str | DeviceAddress, opening: Opening | None = None) -> Device:
    """Open a capture device; as `open_peripheral`, but what captures nothing is refused.

    Raises:
        DeviceError: There is a device, but it captures nothing.
    """
    found = open_peripheral(address, opening)
    if found.info.capability is None:
        found.close()
        raise DeviceError("this device captures nothing", address=str(address))
    return cast("Device", found)


def resolve(address: str | DeviceAddress) -> DeviceAddress:
    """An address whose driver is known: that of a trace, and its options, are read from its first line."""
    place = DeviceAddress.parse(address) if isinstance(address, str) else address
    if place.transport == REPLAY and not place.driver:
        header = read_trace_header(Path(place.path))
        try:
            options = DeviceAddress.parse(header.address).options
        except ValueError as error:
            raise FormatError(f"line 1: {error}", record=RECORD, field="address") from error
        return replace(place, driver=header.driver, options=options)
    return place


def _entries() -> Sequence[EntryPoint]:
    return sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))


def _listed(entry: EntryPoint, *, duplicated: bool) -> ListedDriver:
    if duplicated:
        return ListedDriver(name=entry.name, package=entry.value, info=None, problem=DUPLICATED)
    try:
        info, problem = _load(entry).info, ""
    except DeviceError as error:
        info, problem = None, str(error)
    return ListedDriver(name=entry.name, package=entry.value, info=info, problem=problem)


def _load(entry: EntryPoint) -> Driver:
    try:
        driver = cast("Driver", entry.load())
        name = driver.info.name
    except Exception as error:  # foreign code runs here: whatever it raises is one diagnosis
        raise DeviceError(
            f"driver {entry.name!r}: {entry.value} cannot be loaded: {type(error).__name__}: {error}"
        ) from error
    if name != entry.name:
        raise DeviceError(f"entry point {entry.name!r} leads to a driver that calls itself {name!r}")
    return driver
