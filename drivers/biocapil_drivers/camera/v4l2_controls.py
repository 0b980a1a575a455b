"""Controls of a V4L2 camera: which it has, their ranges, setting them and reading them back.

The kernel's own calls, as libraries hide ranges and say nothing where a control was not taken.

Reference: Linux media userspace API, ioctls VIDIOC_QUERYCAP, VIDIOC_QUERYCTRL, VIDIOC_G_CTRL, VIDIOC_S_CTRL.
"""

from __future__ import annotations

import fcntl
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from biocapil.capture import Parameter, ParameterKind, ParameterValue
from biocapil.errors import DeviceError, DeviceLost

CAPABILITY = struct.Struct("=16s32s32s6I")
QUERY = struct.Struct("=II32s4iI2I")
CONTROL = struct.Struct("=Ii")

READ, WRITE = 2, 1
USER, CAMERA = 0x0098_0900, 0x009A_0900
DISABLED, READ_ONLY = 0x1, 0x4
MANUAL, AUTOMATIC = 1, (3, 0)
"""Values of exposure_auto: by hand; by itself, first as USB cameras have it, then as others do."""

Ioctl = Callable[[int, int, bytearray], object]


def _request(way: int, number: int, size: int) -> int:
    return way << 30 | size << 16 | ord("V") << 8 | number


QUERYCAP = _request(READ, 0, CAPABILITY.size)
G_CTRL = _request(READ | WRITE, 27, CONTROL.size)
S_CTRL = _request(READ | WRITE, 28, CONTROL.size)
QUERYCTRL = _request(READ | WRITE, 36, QUERY.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control that a camera may have.

    Attributes:
        name: Name of the parameter.
        number: Its number for the kernel.
        meaning: One sentence for a person.
        unit: Unit of its values.
        is_switch: Whether it is on or off.
    """

    name: str
    number: int
    meaning: str
    unit: str = ""
    is_switch: bool = False


EXPOSURE_AUTO = Control(
    name="auto_exposure", number=CAMERA + 1, meaning="The camera chooses the exposure.", is_switch=True
)
CONTROLS = (
    EXPOSURE_AUTO,
    Control(name="auto_focus", number=CAMERA + 12, meaning="The camera chooses the focus.", is_switch=True),
    Control(name="auto_gain", number=USER + 18, meaning="The camera chooses the gain.", is_switch=True),
    Control(
        name="auto_white_balance",
        number=USER + 12,
        meaning="The camera chooses the white balance.",
        is_switch=True,
    ),
    Control(name="exposure", number=CAMERA + 2, meaning="How long light is gathered.", unit="100 µs"),
    Control(name="focus", number=CAMERA + 10, meaning="Distance of focus; greater is nearer."),
    Control(name="gain", number=USER + 19, meaning="How far the signal is raised."),
    Control(name="white_balance", number=USER + 26, meaning="Colour temperature of white.", unit="K"),
    Control(name="brightness", number=USER + 0, meaning="Brightness of the picture."),
    Control(name="contrast", number=USER + 1, meaning="Contrast of the picture."),
    Control(name="sharpness", number=USER + 27, meaning="Sharpening of the picture."),
)
"""In the order in which they are set: a value is refused while the camera chooses it itself."""


def system_ioctl(file: int, request: int, data: bytearray) -> object:
    """The kernel's answer, written into `data`."""
    return fcntl.ioctl(file, request, data, True)


class V4l2Controls:
    """The controls of one open device file."""

    def __init__(self, file: int, ioctl: Ioctl = system_ioctl) -> None:
        """Ask which controls there are.

        Raises:
            DeviceError: The file is no camera's.
        """
        self._file = file
        self._ioctl = ioctl
        self._steps: dict[str, int] = {}
        answer = self._ask(QUERYCAP, bytearray(CAPABILITY.size))
        if answer is None:
            raise DeviceError("the device file is none of a V4L2 camera")
        self.model = CAPABILITY.unpack(answer)[1].split(b"\0")[0].decode(errors="replace") or "V4L2 camera"
        found = [self._parameter(control) for control in CONTROLS]
        self.parameters = tuple(each for each in found if each is not None)

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """Set controls and read each back.

        Raises:
            DeviceError: One was not taken; the message says what stands there instead.
        """
        for control in CONTROLS:
            if control.name in settings:
                self._set(control, settings[control.name])

    def get(self, name: str) -> ParameterValue:
        """Value of a control that the camera has.

        Raises:
            DeviceLost: It cannot be read.
        """
        control = next(each for each in CONTROLS if each.name == name)
        value = self._read(control)
        if control is EXPOSURE_AUTO:
            return value != MANUAL
        return bool(value) if control.is_switch else value

    def _set(self, control: Control, value: ParameterValue) -> None:
        by_hand = (MANUAL,) if control is EXPOSURE_AUTO else (int(value),)
        tries = AUTOMATIC if control is EXPOSURE_AUTO and value else by_hand
        taken = any(
            self._ask(S_CTRL, bytearray(CONTROL.pack(control.number, each))) is not None for each in tries
        )
        stands = self.get(control.name)
        wanted = bool(value) if control.is_switch else value
        near = control.is_switch or abs(int(stands) - int(value)) < self._steps[control.name]
        if not taken or not near or (control.is_switch and stands is not wanted):
            raise DeviceError(f"{control.name} was to become {value}, the camera says {stands}")

    def _read(self, control: Control) -> int:
        answer = self._ask(G_CTRL, bytearray(CONTROL.pack(control.number, 0)))
        if answer is None:
            raise DeviceLost(f"the camera does not say its {control.name}")
        return int(CONTROL.unpack(answer)[1])

    def _parameter(self, control: Control) -> Parameter | None:
        answer = self._ask(QUERYCTRL, bytearray(QUERY.pack(control.number, 0, b"", 0, 0, 0, 0, 0, 0, 0)))
        if answer is None:
            return None
        _, _, _, least, most, step, default, flags, *_ = QUERY.unpack(answer)
        if flags & (DISABLED | READ_ONLY) or least > default or default > most:
            return None
        self._steps[control.name] = max(1, step)
        if control.is_switch:
            on = default != MANUAL if control is EXPOSURE_AUTO else bool(default)
            return Parameter(
                name=control.name, meaning=control.meaning, kind=ParameterKind.SWITCH, default=on
            )
        return Parameter(
            name=control.name,
            meaning=control.meaning,
            kind=ParameterKind.INTEGER,
            default=default,
            least=least,
            most=most,
            unit=control.unit,
        )

    def _ask(self, request: int, data: bytearray) -> bytearray | None:
        try:
            self._ioctl(self._file, request, data)
        except OSError:
            return None
        return data
