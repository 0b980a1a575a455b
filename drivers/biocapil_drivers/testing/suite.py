"""`run_suite`: the whole suite on one address, for ``biocapil device test``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points

from biocapil.capture import Device, DeviceAddress, Opening, open_device
from biocapil.capture.address import EMULATED
from biocapil.errors import BiocapilError
from biocapil.sample import CapturedSample
from biocapil_drivers.testing.bench import Bench, Line
from biocapil_drivers.testing.cases import CASES, run_case

GROUP = "biocapil.benches"
OPEN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """How one case went.

    Attributes:
        name: Its name.
        problem: What the driver did wrong; empty where nothing.
        seconds: How long it took.
    """

    name: str
    problem: str
    seconds: float


class AddressBench:
    """A bench around whatever stands at an address: its wire and its person are in nobody's hand."""

    line: Line | None = None
    thorough = False

    def __init__(self, address: DeviceAddress) -> None:
        self._address = address

    def open(self) -> Device:
        """Open the device."""
        return open_device(self._address, Opening(timeout_s=OPEN_S))

    def present(self, *, there: bool) -> None:
        """Nobody is told."""

    def is_right(self, sample: CapturedSample) -> bool:
        """Nobody knows what was presented."""
        del sample
        return True

    def change_geometry(self) -> None:
        """A real device has one geometry."""

    def keep_time(self) -> None:
        """A real wire always does."""

    def close(self) -> None:
        """Nothing is held."""


def run_suite(address: DeviceAddress) -> Iterator[CaseResult]:
    """Try every case that an address allows.

    Args:
        address: ``emulated:NAME`` for all cases on the driver's own bench; any other for those that a real
            device can be put through with nothing presented to it.

    Yields:
        How each case went, as soon as it is known.
    """
    emulated = address.transport == EMULATED
    make_bench = _bench_of(address) if emulated else None
    for case in CASES:
        if make_bench is None and not case.on_any:
            continue
        begun, problem = time.monotonic(), ""
        try:
            run_case(case, make_bench or (lambda: AddressBench(address)))
        except (AssertionError, BiocapilError, ValueError) as error:
            problem = f"{type(error).__name__}: {error}"
        yield CaseResult(name=case.name, problem=problem, seconds=time.monotonic() - begun)


def _bench_of(address: DeviceAddress) -> Callable[[], Bench] | None:
    found = [entry for entry in entry_points(group=GROUP) if entry.name == address.driver]
    return found[0].load() if found else None
