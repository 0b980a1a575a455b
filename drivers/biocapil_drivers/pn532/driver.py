"""`Pn532Driver`: opens PN532 readers by address: ``pn532+serial:///dev/...``."""

from __future__ import annotations

from collections.abc import Sequence

from biocapil.capture import Deadline, DeviceAddress, DeviceInfo, DriverInfo, FoundDevice, Opening
from biocapil_drivers.pn532.link import Pn532Link
from biocapil_drivers.pn532.messages import Code, firmware_of
from biocapil_drivers.pn532.reader import Pn532Reader
from biocapil_drivers.transport import RecordedTransport, SerialLine, Transport, find_serial_ports

NAME = "pn532"
BITS_PER_S = 115_200


class Pn532Driver:
    """Driver for boards with a PN532 on a serial line."""

    info = DriverInfo(
        name=NAME,
        title="PN532 contactless card readers on a serial line",
        transports=("serial",),
        reads_cards=True,
        proven_against=("our own emulator", "Adafruit's client against that emulator", "no real reader"),
    )

    def find(self) -> Sequence[FoundDevice]:
        """USB serial ports, any of which may have such a reader; nothing is sent."""
        return find_serial_ports(NAME)

    def open(self, address: DeviceAddress, opening: Opening) -> Pn532Reader:
        """Open a reader; there need be no card in its field."""
        if address.transport != "serial" or address.options:
            raise ValueError("a PN532 is reached by pn532+serial:///dev/…, without options")
        transport: Transport = SerialLine(address.path, bits_per_s=BITS_PER_S, address=str(address))
        try:
            if opening.trace is not None:
                transport = RecordedTransport(transport, opening.trace, opening.clock)
            link = Pn532Link(transport, opening.clock, name=str(address))
            deadline = Deadline.after(opening.clock, opening.timeout_s)
            link.wake(deadline)
            firmware = firmware_of(link.command(Code.GET_FIRMWARE_VERSION, b"", deadline))
        except BaseException:
            transport.close()
            raise
        info = DeviceInfo(
            driver=NAME,
            address=str(address),
            maker="NXP",
            model="PN532",
            firmware=".".join(map(str, firmware.version)),
        )
        return Pn532Reader(link, info, opening.clock)


DRIVER = Pn532Driver()
