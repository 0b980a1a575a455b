"""`CameraOptions`: what stands behind the question mark of a camera's address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from biocapil.capture import DeviceAddress
from biocapil.vocabulary import Modality
from biocapil_drivers.camera.freshness import FROZEN_S, SILENT_S

Value = TypeVar("Value")
Reader = tuple[Callable[[str], Value], str]
"""How a value is read, and what it has to be, in words."""

OURS = ("modality", "size", "fps", "loop", "seed", "visit", "silent_s", "frozen_s")
SIZE = re.compile(r"([1-9][0-9]{1,4})x([1-9][0-9]{1,4})")
RATE_HZ = 15.0
FROZEN_OR_NEVER_S: float | None = FROZEN_S
DIGITS = 9
LEAST, MOST = 0.01, 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraOptions:
    """How a camera is opened.

    Attributes:
        modality: FACE, or IRIS for a near-infrared camera before an eye.
        size_px: Width and height that are asked for; None takes what the camera gives.
        rate_hz: Pictures a second that are asked for; None takes what the camera gives.
        loop: Whether a clip or a folder begins anew at its end.
        seed: Whom a drawn scene shows.
        visit: Which of that person's visits, from 0.
        silent_s: How long the camera may deliver nothing.
        frozen_s: How long it may repeat one picture; None for ever.
        foreign: Options that are none of ours, for the camera itself.
    """

    modality: Modality
    size_px: tuple[int, int] | None
    rate_hz: float | None
    loop: bool
    seed: int
    visit: int
    silent_s: float
    frozen_s: float | None
    foreign: Mapping[str, str]

    @classmethod
    def parse(cls, address: DeviceAddress) -> CameraOptions:
        """Read the options of an address.

        Raises:
            ValueError: An option has no such value.
        """
        given = address.options
        return cls(
            modality=_read(given, "modality", MODALITY, Modality.FACE),
            size_px=_read(given, "size", SIZE_PX, None),
            rate_hz=_read(given, "fps", NUMBER, None),
            loop=_read(given, "loop", SWITCH, True),
            seed=_read(given, "seed", SEED, 1),
            visit=_read(given, "visit", SEED, 0),
            silent_s=_read(given, "silent_s", NUMBER, SILENT_S),
            frozen_s=_read(given, "frozen_s", NUMBER_OR_NEVER, FROZEN_OR_NEVER_S),
            foreign={name: value for name, value in given.items() if name not in OURS},
        )

    def refuse_foreign(self) -> None:
        """Refuse options that nobody reads.

        Raises:
            ValueError: There are some.
        """
        if self.foreign:
            raise ValueError(
                f"no option {', '.join(sorted(self.foreign))} of a camera; there are: {', '.join(OURS)}"
            )


def _read(given: Mapping[str, str], name: str, reader: Reader[Value], default: Value) -> Value:
    if name not in given:
        return default
    read, wanted = reader
    try:
        return read(given[name])
    except (ValueError, KeyError) as error:
        raise ValueError(f"option {name} must be {wanted}, got {given[name]!r}") from error


def _modality(text: str) -> Modality:
    return {"face": Modality.FACE, "iris": Modality.IRIS}[text]


def _size(text: str) -> tuple[int, int] | None:
    found = SIZE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[1]), int(found[2])


def _number(text: str) -> float:
    value = float(text)
    if not LEAST <= value <= MOST:
        raise ValueError(text)
    return value


def _number_or_never(text: str) -> float | None:
    return None if text == "0" else _number(text)


def _switch(text: str) -> bool:
    return {"on": True, "off": False}[text]


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise ValueError(text)
    return int(text[:DIGITS])


MODALITY = (_modality, "face or iris")
SIZE_PX = (_size, "two numbers of pixels, for example 1280x720")
NUMBER = (_number, f"a number from {LEAST:g} to {MOST:g}")
NUMBER_OR_NEVER = (_number_or_never, f"a number from {LEAST:g} to {MOST:g}, or 0 for never")
SEED = (_seed, "a whole number")
SWITCH = (_switch, "on or off")
