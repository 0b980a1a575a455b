"""`GpsDriver`: opens receivers by address: ``gps+serial:///dev/...?baud=9600``."""

from __future__ import annotations

from collections.abc import Sequence

from biocapil.capture import Deadline, DeviceAddress, DeviceInfo, DriverInfo, FoundDevice, Opening
from biocapil_drivers.gps.receiver import GpsReceiver
from biocapil_drivers.transport import RecordedTransport, SerialLine, Transport, find_serial_ports

NAME = "gps"
BAUD = "baud"
SPEEDS = (4_800, 9_600, 19_200, 38_400, 57_600, 115_200)
USUAL = 9_600


class GpsDriver:
    """Driver for receivers that talk NMEA 0183 over a serial line."""

    info = DriverInfo(
        name=NAME,
        title="Satellite navigation receivers on a serial line (NMEA 0183)",
        transports=("serial",),
        proven_against=("our own emulator", "no real receiver"),
    )

    def find(self) -> Sequence[FoundDevice]:
        """USB serial ports, any of which may have such a receiver; nothing is sent."""
        return find_serial_ports(NAME)

    def open(self, address: DeviceAddress, opening: Opening) -> GpsReceiver:
        """Open a receiver; it need not know yet where it is.

        Args:
            address: ``gps+serial:///dev/…``; ``baud=38400`` is the speed of its line, else 9600.
            opening: Clock, trace and time limit; without ``--biometric`` a trace holds no positions.
        """
        if address.transport != "serial" or set(address.options) - {BAUD}:
            raise ValueError(f"a receiver is reached by gps+serial:///dev/…, with the one option {BAUD}")
        given = address.options.get(BAUD, str(USUAL))
        if given not in map(str, SPEEDS):
            raise ValueError(f"{BAUD} must be one of {', '.join(map(str, SPEEDS))}, got {given!r}")
        transport: Transport = SerialLine(address.path, bits_per_s=int(given), address=str(address))
        if opening.trace is not None:
            transport = RecordedTransport(transport, opening.trace, opening.clock)
        receiver = GpsReceiver(
            transport, DeviceInfo(driver=NAME, address=str(address), model="NMEA 0183 receiver")
        )
        try:
            receiver.check(Deadline.after(opening.clock, opening.timeout_s))
        except BaseException:
            receiver.close()
            raise
        return receiver


DRIVER = GpsDriver()
