"""`emulated:zfm`: the driver's own transport to an emulator that lives as long as the device is open."""

from __future__ import annotations

from biocapil.capture import CancelToken, Deadline, DeviceAddress
from biocapil_drivers.emulation import EmulatedLine, Served
from biocapil_drivers.transport import SerialLine, Transport
from biocapil_drivers.zfm.emulator import ZfmEmulator
from biocapil_drivers.zfm.fingers import SyntheticFingers
from biocapil_drivers.zfm.models import SensorModel


class EmulatedTransport:
    """A serial line to an emulator that ends with it."""

    def __init__(self, inner: Transport, served: Served) -> None:
        self._inner = inner
        self._served = served

    def read(
        self, limit: int, deadline: Deadline, cancel: CancelToken | None = None, *, private: bool = False
    ) -> bytes:
        """Wait for bytes."""
        return self._inner.read(limit, deadline, cancel, private=private)

    def write(self, data: bytes, deadline: Deadline, *, private: bool = False) -> None:
        """Send bytes."""
        self._inner.write(data, deadline, private=private)

    def drain(self) -> None:
        """Throw away what has come."""
        self._inner.drain()

    def set_speed(self, bits_per_s: int) -> None:
        """Change the speed of this end."""
        self._inner.set_speed(bits_per_s)

    def close(self) -> None:
        """End line and emulator."""
        self._inner.close()
        self._served.close()


def open_emulated(address: DeviceAddress, speed: int, model: SensorModel) -> Transport:
    """A line to a new emulator.

    Args:
        address: ``emulated:zfm``; ``finger=7`` lays finger 7 on it and ``finger=`` none, ``paced=off`` lets
            bytes arrive at once.
        speed: Speed that the emulator is set to.
        model: Which model it is.

    Raises:
        ValueError: An option has no such value.
    """
    finger, paced = address.options.get("finger", "1"), address.options.get("paced", "on")
    if finger and not finger.isdecimal():
        raise ValueError(f"finger must be a whole number or empty for none, got {finger!r}")
    if paced not in {"on", "off"}:
        raise ValueError(f"paced must be on or off, got {paced!r}")
    line = EmulatedLine(bits_per_s=speed, paced=paced == "on")
    fingers = SyntheticFingers(
        width_px=model.width_px, height_px=model.height_px, finger=int(finger) if finger else None
    )
    served = Served(line, ZfmEmulator(line, model, fingers))
    try:
        inner = SerialLine(str(line.path), bits_per_s=speed, address=str(address))
    except BaseException:
        served.close()
        raise
    return EmulatedTransport(inner, served)
