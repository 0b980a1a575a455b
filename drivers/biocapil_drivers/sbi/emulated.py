"""`emulated:sbi`: a service of our own over an emulated device, for as long as it is open."""

from __future__ import annotations

from biocapil.capture import Device, DeviceAddress, Opening, open_device
from biocapil_drivers.sbi.identity import make_authority
from biocapil_drivers.sbi.opening import Place, open_at, time_of_day
from biocapil_drivers.sbi.server import SbiServer
from biocapil_drivers.sbi.service import SbiService
from biocapil_drivers.sbi.words import LOOPBACK

OPTIONS = frozenset({"over"})
DEFAULT = "zfm"


class ServedDevice:
    """The client's device, with the service that ends with it."""

    def __init__(self, client: Device, server: SbiServer) -> None:
        self._client = client
        self._server = server
        self.info = client.info
        self.check = client.check
        self.configure = client.configure
        self.acquire = client.acquire

    def close(self) -> None:
        """End client, service and the device behind it."""
        self._client.close()
        self._server.close()
        self._server.service.device.close()


def open_emulated(address: DeviceAddress, opening: Opening) -> ServedDevice:
    """Serve an emulated device and open it through the interface.

    Args:
        address: ``emulated:sbi``; ``over=zfm`` names the driver whose emulator is served.
        opening: Clock, trace and time limit.

    Raises:
        ValueError: There is no such option.
        DeviceError: There is no such driver.
    """
    if unknown := sorted(set(address.options) - OPTIONS):
        raise ValueError(f"no option {', '.join(unknown)}; there is: over")
    inner = open_device(f"emulated:{address.options.get('over', DEFAULT)}", Opening(clock=opening.clock))
    authority = make_authority(time_of_day())
    service = SbiService(inner, authority.identity, now=time_of_day, clock=opening.clock)
    server = SbiServer(service)
    try:
        place = Place(host=LOOPBACK, port=server.port, serial="")
        return ServedDevice(open_at(address, opening, authority.anchors, place), server)
    except BaseException:
        server.close()
        inner.close()
        raise
