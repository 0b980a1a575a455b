"""`ZfmDriver`: opens sensors of the family by address: over a serial line, emulated, or from a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from biocapil.capture import (
    Deadline,
    DeviceAddress,
    DeviceInfo,
    DriverInfo,
    FoundDevice,
    Opening,
)
from biocapil.capture.address import EMULATED, REPLAY
from biocapil.sample import Origin
from biocapil.vocabulary import Modality
from biocapil_drivers.transport import (
    RecordedTransport,
    ReplayedTransport,
    SerialLine,
    Transport,
    find_serial_ports,
)
from biocapil_drivers.zfm.codec import ANY_ADDRESS
from biocapil_drivers.zfm.device import ZfmDevice, capability_of
from biocapil_drivers.zfm.link import Link
from biocapil_drivers.zfm.models import DEFAULT, SensorModel, model_named
from biocapil_drivers.zfm.sensor import SPEEDS, ZfmSensor

NAME = "zfm"
DEFAULT_SPEED = 57_600
OPTIONS = frozenset({"baud", "model", "password", "address"})
EMULATOR_OPTIONS = frozenset({"finger", "paced"})


class ZfmDriver:
    """Driver for ZFM-20, R305, R307, AS608, R503 and their kin."""

    info = DriverInfo(
        name=NAME,
        title="ZFM, R30x, AS608 and R503 fingerprint sensors on a serial line",
        transports=("serial", EMULATED),
        proven_against=("emulator", "public client libraries against that emulator"),
        modality=Modality.FINGER,
    )

    def find(self) -> Sequence[FoundDevice]:
        """USB serial ports, any of which may have such a sensor; nothing is sent."""
        return find_serial_ports(NAME)

    def open(self, address: DeviceAddress, opening: Opening) -> ZfmDevice:
        """Open a sensor, at whichever speed it answers."""
        options = address.options
        may_be_emulated = address.transport in {EMULATED, REPLAY}
        allowed = OPTIONS | EMULATOR_OPTIONS if may_be_emulated else OPTIONS
        if unknown := sorted(set(options) - allowed):
            raise ValueError(f"no option {', '.join(unknown)}; there are: {', '.join(sorted(allowed))}")
        speed = _number(options, "baud", DEFAULT_SPEED)
        if speed not in SPEEDS:
            raise ValueError(f"baud must be one of {', '.join(map(str, SPEEDS))}, got {speed}")
        model = model_named(options["model"]) if "model" in options else None
        password, module = _number(options, "password", 0), _number(options, "address", ANY_ADDRESS)
        transport = _transport(address, speed, model)
        try:
            if opening.trace is not None:
                transport = RecordedTransport(transport, opening.trace, opening.clock)
            link = Link(transport, opening.clock, address=module, password=password, name=str(address))
            return _greeted(link, address, opening, speed, model)
        except BaseException:
            transport.close()
            raise


def _greeted(
    link: Link, address: DeviceAddress, opening: Opening, speed: int, model: SensorModel | None
) -> ZfmDevice:
    sensor = ZfmSensor(link)
    deadline = Deadline.after(opening.clock, opening.timeout_s)
    sensor.greet(deadline, speeds=(speed, *(each for each in SPEEDS if each != speed)))
    parameters = sensor.parameters(deadline)
    product = sensor.product(deadline) if model is None or model.product else None
    if product is not None:
        model = _model_of(product.model, product.width_px, product.height_px, model)
    capability = capability_of(model or DEFAULT, parameters)
    info = DeviceInfo(
        driver=NAME,
        address=str(address),
        model=product.model if product is not None else (model.title if model else "ZFM family"),
        serial_number=product.serial_number if product is not None else "",
        firmware=product.hardware if product is not None else "",
        capability=capability,
    )
    origin = Origin.SYNTHETIC if address.transport == EMULATED else Origin.DEVICE
    return ZfmDevice(sensor, info, capability, model, origin=origin)


def _model_of(name: str, width_px: int, height_px: int, model: SensorModel | None) -> SensorModel:
    """The model with the geometry that the sensor itself names."""
    known = model or DEFAULT
    return SensorModel(
        name=known.name,
        title=name or known.title,
        width_px=width_px,
        height_px=height_px,
        resolution_ppi=known.resolution_ppi if model else _nominal_ppi(width_px, height_px),
        aura=True,
        product=True,
    )


def _nominal_ppi(width_px: int, height_px: int) -> float:
    r503 = model_named("r503")
    same = (width_px, height_px) == (r503.width_px, r503.height_px)
    return r503.resolution_ppi if same else DEFAULT.resolution_ppi


def _transport(address: DeviceAddress, speed: int, model: SensorModel | None) -> Transport:
    if address.transport == REPLAY:
        return ReplayedTransport(Path(address.path))
    if address.transport == EMULATED:
        from biocapil_drivers.zfm.emulated import open_emulated  # noqa: PLC0415 - brings synthesis along

        return open_emulated(address, speed, model or DEFAULT)
    return SerialLine(address.path, bits_per_s=speed, address=str(address))


def _number(options: Mapping[str, str], name: str, default: int) -> int:
    text = options.get(name)
    if text is None:
        return default
    try:
        value = int(text, 0)
    except ValueError:
        value = -1
    if not 0 <= value <= ANY_ADDRESS:
        raise ValueError(f"{name} must be a whole number of 32 bits, got {text!r}")
    return value


DRIVER = ZfmDriver()
