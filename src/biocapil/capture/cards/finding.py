"""Finds card applications by entry point, and readers by address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from biocapil.capture.address import DeviceAddress
from biocapil.capture.cards.application import CardApplication, CardApplicationInfo
from biocapil.capture.cards.reader import CardReader
from biocapil.capture.driver import Opening
from biocapil.capture.registry import DUPLICATED, open_peripheral
from biocapil.errors import DeviceError, DeviceNotFound

GROUP = "biocapil.cards"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedApplication:
    """One registered application.

    Attributes:
        name: Name of its entry point.
        info: What it says about itself; None where it could not be loaded.
        problem: Why it cannot be used; empty where it can.
    """

    name: str
    info: CardApplicationInfo | None
    problem: str


def list_card_applications() -> tuple[ListedApplication, ...]:
    """Every registered application with its state, in order of name; one that is broken hides no other."""
    listed: list[ListedApplication] = []
    for name in sorted(Counter(entry.name for entry in _entries())):
        try:
            info, problem = find_card_application(name).info, ""
        except DeviceError as error:
            info, problem = None, str(error)
        listed.append(ListedApplication(name=name, info=info, problem=problem))
    return tuple(listed)


def find_card_application(name: str) -> CardApplication:
    """Load a registered application.

    Raises:
        DeviceNotFound: No package registers the name.
        DeviceError: Two packages register it, or it cannot be loaded.
    """
    entries = _entries()
    found = [entry for entry in entries if entry.name == name]
    if not found:
        known = ", ".join(sorted({entry.name for entry in entries})) or "none"
        raise DeviceNotFound(f"no installed package reads cards of kind {name!r}; installed: {known}")
    if len(found) > 1:
        packages = ", ".join(entry.value for entry in found)
        raise DeviceError(f"card application {name!r} is {DUPLICATED}: {packages}; uninstall all but one")
    return _load(found[0])


def open_card_reader(address: str | DeviceAddress, opening: Opening | None = None) -> CardReader:
    """Open a card reader; as `open_peripheral`, but what reads no cards is refused.

    Raises:
        DeviceError: There is a device, but it reads no cards.
    """
    found = open_peripheral(address, opening)
    if not (hasattr(found, "connect") and hasattr(found, "card_present")):
        found.close()
        raise DeviceError("this device reads no cards", address=str(address))
    return cast("CardReader", found)


def _entries() -> Sequence[EntryPoint]:
    return sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))


def _load(entry: EntryPoint) -> CardApplication:
    try:
        application = cast("CardApplication", entry.load())
        name = application.info.name
    except Exception as error:  # foreign code runs here: whatever it raises is one diagnosis
        raise DeviceError(
            f"card application {entry.name!r}: {entry.value} cannot be loaded: "
            f"{type(error).__name__}: {error}"
        ) from error
    if name != entry.name:
        raise DeviceError(
            f"entry point {entry.name!r} leads to a card application that calls itself {name!r}"
        )
    return application
