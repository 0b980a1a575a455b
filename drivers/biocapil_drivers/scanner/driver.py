"""`ScannerDriver`: ``emulated:scanner``, for kiosks and tests without any hardware."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from biocapil.capture import DeviceAddress, DeviceInfo, DriverInfo, FoundDevice, Opening
from biocapil.capture.address import EMULATED
from biocapil.vocabulary import FingerPosition, Modality

if TYPE_CHECKING:
    from biocapil_drivers.scanner.device import ScannerDevice

NAME = "scanner"
OPTIONS = frozenset({"person", "visit", "missing", "swaps"})


class ScannerDriver:
    """Driver of a ten-print scanner that exists in memory only."""

    info = DriverInfo(
        name=NAME,
        title="An emulated ten-print scanner with a person who does not exist before it",
        transports=(EMULATED,),
        proven_against=("itself: there is no such device",),
        modality=Modality.FINGER,
    )

    def find(self) -> Sequence[FoundDevice]:
        """It is never found: whoever wants it names it."""
        return ()

    def open(self, address: DeviceAddress, opening: Opening) -> ScannerDevice:
        """Open it.

        Args:
            address: ``emulated:scanner``; ``person=7`` says who stands there and ``person=`` nobody,
                ``visit=1`` that they come again and lay the same fingers down in another way,
                ``missing=right_ring,left_thumb`` what they lack, ``swaps=1`` how often they lay down the
                other hand first.
            opening: Clock; nothing else matters here.
        """
        from biocapil_drivers.scanner.device import CAPABILITY, ScannerDevice  # noqa: PLC0415 - needs OpenCV
        from biocapil_drivers.scanner.person import Person  # noqa: PLC0415 - the same

        options = address.options
        if unknown := sorted(set(options) - OPTIONS):
            raise ValueError(f"no option {', '.join(unknown)}; there are: {', '.join(sorted(OPTIONS))}")
        number = options.get("person", "1")
        swaps, visit = (_whole(options, name) for name in ("swaps", "visit"))
        if number and not number.isdecimal():
            raise ValueError(f"person must be a whole number or empty for nobody, got {number!r}")
        missing = [FingerPosition.parse(name) for name in options.get("missing", "").split(",") if name]
        person = (
            Person(number=int(number), visit=visit, missing=frozenset(missing), swaps=swaps)
            if number
            else None
        )
        info = DeviceInfo(
            driver=NAME,
            address=str(address),
            maker="BioCapil",
            model="Emulated ten-print scanner",
            serial_number=f"E-{number or 'nobody'}",
            capability=CAPABILITY,
        )
        return ScannerDevice(info, person, opening.clock)


def _whole(options: Mapping[str, str], name: str) -> int:
    given = options.get(name, "0")
    if not given.isdecimal():
        raise ValueError(f"{name} must be a whole number, got {given!r}")
    return int(given)


DRIVER = ScannerDriver()
