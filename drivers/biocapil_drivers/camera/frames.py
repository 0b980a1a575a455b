"""`Picture`, `Frame` and `FrameSource`: the one seam that every kind of camera fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.capture import CancelToken, Deadline, Parameter, ParameterValue
from biocapil.sample import Origin

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """What a source delivers.

    Attributes:
        pixels: Shape (rows, columns) grey, or (rows, columns, 3) colour, red first; uint8.
        at_s: When it began to arrive, in seconds of the device's clock: the light fell no later.
    """

    pixels: Pixels
    at_s: float

    def __repr__(self) -> str:
        rows, columns = self.pixels.shape[:2]
        return f"Picture({columns}x{rows} px, {self.at_s:.3f} s)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """A picture with its number.

    Attributes:
        picture: What the source delivered.
        sequence: Number since the source was opened; rises by one with each picture.
    """

    picture: Picture
    sequence: int

    def __repr__(self) -> str:
        return f"Frame(#{self.sequence}, {self.picture!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTraits:
    """What a source says about itself.

    Attributes:
        model: Its model, or what kind of source it is.
        serial_number: Its own number; empty where it has none.
        origin: Where its pictures come from. Two equal pictures of a DEVICE are a sign of a fault.
        parameters: Settings that it takes.
    """

    model: str
    serial_number: str = ""
    origin: Origin = Origin.DEVICE
    parameters: tuple[Parameter, ...] = ()


class FrameSource(Protocol):
    """Delivers pictures; used by one thread, but `set` and `close` may come from another."""

    @property
    def traits(self) -> SourceTraits:
        """What it is; read when it was opened, costs nothing."""
        ...

    def read(self, deadline: Deadline, stop: CancelToken) -> Picture | None:
        """The newest picture that was not read yet; older ones are dropped.

        Args:
            deadline: When to come back without one.
            stop: Comes back within `POLL_S` after it was set.

        Returns:
            None where none has come.

        Raises:
            DeviceLost: No more will come.
            ProtocolError: What comes is no stream of pictures.
        """
        ...

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """Change settings, each within its parameter, and read them back.

        Raises:
            DeviceError: The source did not take one; the message says what stands there instead.
        """
        ...

    def close(self) -> None:
        """Let go; never raises, and a second time does nothing."""
        ...
