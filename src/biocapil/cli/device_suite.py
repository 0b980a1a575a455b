"""The conformance suite, found by entry point: the library never imports drivers."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Protocol, cast

from biocapil.capture import DeviceAddress
from biocapil.errors import MissingPart

GROUP = "biocapil.conformance"


class CaseResult(Protocol):
    """How one case went."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def problem(self) -> str:
        """What the driver did wrong; empty where nothing."""
        ...

    @property
    def seconds(self) -> float:
        """How long it took."""
        ...


class Suite(Protocol):
    """Tries the cases on one address."""

    def __call__(self, address: DeviceAddress) -> Iterator[CaseResult]:
        """How each case went, one after the other."""
        ...


def load_suite() -> Suite:
    """The installed suite.

    Raises:
        MissingPart: None is installed.
    """
    found = tuple(entry_points(group=GROUP, name="suite"))
    if not found:
        raise MissingPart("a conformance suite", extra="devices", purpose="biocapil device test")
    return cast("Suite", found[0].load())
