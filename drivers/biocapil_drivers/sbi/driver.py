"""`SbiDriver`: opens devices behind a service of the Secure Biometric Interface by address."""

from __future__ import annotations

from collections.abc import Sequence

from biocapil.capture import Device, DeviceAddress, DriverInfo, FoundDevice, Opening
from biocapil.capture.address import EMULATED
from biocapil.errors import MissingPart
from biocapil_drivers.sbi.listeners import listening_ports
from biocapil_drivers.sbi.words import LOOPBACK, PORTS

NAME = "sbi"
OPTIONS = frozenset({"trust", "remote"})


class SbiDriver:
    """Driver for any device that speaks SBI 0.9.5 or 1.0."""

    info = DriverInfo(
        name=NAME,
        title="Devices behind a MOSIP Secure Biometric Interface (SBI 0.9.5, 1.0)",
        transports=("http", EMULATED),
        proven_against=("our own service over emulated devices", "made faulty answers"),
        modality=None,
    )

    def find(self) -> Sequence[FoundDevice]:
        """Ports of the interface on which this machine's own loopback listens; nothing is sent to them."""
        return [
            FoundDevice(address=f"{NAME}+http://{LOOPBACK}:{port}", description=f"a service on port {port}")
            for port in listening_ports(PORTS)
        ]

    def open(self, address: DeviceAddress, opening: Opening) -> Device:
        """Open a device that its service names, signed by somebody who is believed."""
        _require_parts()
        if address.transport == EMULATED:
            from biocapil_drivers.sbi.emulated import open_emulated  # noqa: PLC0415 - needs optional parts

            return open_emulated(address, opening)
        if unknown := sorted(set(address.options) - OPTIONS):
            raise ValueError(f"no option {', '.join(unknown)}; there are: {', '.join(sorted(OPTIONS))}")
        trust = address.options.get("trust", "")
        if not trust:
            raise ValueError(
                f"{address} names nobody to believe; add ?trust=FILE with the certificates of the authority"
            )
        from biocapil_drivers.sbi.opening import Place, open_trusting  # noqa: PLC0415 - needs optional parts

        host, port = _place_of(address)
        place = Place(host=host, port=port, serial=address.path.strip("/"))
        return open_trusting(address, opening, trust, place)


def _place_of(address: DeviceAddress) -> tuple[str, int]:
    host = address.host or LOOPBACK
    if host not in {LOOPBACK, "localhost", "::1"} and address.options.get("remote") != "on":
        raise ValueError(
            f"{host} is another machine, and this interface does not encrypt: samples would cross the "
            f"network in the clear; add remote=on if the line itself is safe"
        )
    if address.port is None:
        raise ValueError(f"{address} names no port; services stand on {PORTS.start} to {PORTS.stop - 1}")
    return LOOPBACK if host == "localhost" else host, address.port


def _require_parts() -> None:
    for part in ("joserfc", "cryptography"):
        try:
            __import__(part)
        except ImportError as error:
            raise MissingPart(part, extra=NAME, purpose="checking signatures of devices") from error


DRIVER = SbiDriver()
