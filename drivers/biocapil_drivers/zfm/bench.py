"""`ZfmBench`: an emulated sensor of the family as the conformance suite wants it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from biocapil.capture import DeviceAddress, Opening
from biocapil.sample import CapturedSample
from biocapil_drivers.emulation import EmulatedLine, Served
from biocapil_drivers.zfm.device import ZfmDevice
from biocapil_drivers.zfm.driver import DRIVER
from biocapil_drivers.zfm.emulator import ZfmEmulator
from biocapil_drivers.zfm.fingers import PAPER, Touch, fitted, touch_of
from biocapil_drivers.zfm.models import SensorModel, model_named

GREY_STEP = 17
OPEN_S = 5.0

TINY = replace(model_named("r503"), title="R503 tiny", width_px=32, height_px=32)
"""A sensor whose whole capture is 700 bytes, so that each of them can be tried."""

SMALL = replace(model_named("r503"), title="R503 small", width_px=96, height_px=96)
"""A sensor that says its geometry itself, and whose image takes 0.4 s instead of 3.5."""


class ZfmBench:
    """One emulated sensor with everything about it in the test's hand.

    Attributes:
        line: Its line.
        emulator: The sensor.
        finger: Number of the finger that lies there; None for none.
        blank: Whether the finger leaves nothing on the sensor.
        thorough: Whether cases take all of their steps.
    """

    def __init__(
        self, model: SensorModel = SMALL, *, bits_per_s: int = 115_200, thorough: bool = False
    ) -> None:
        self.thorough = thorough
        self.line = EmulatedLine(bits_per_s=bits_per_s, paced=False)
        self.finger: int | None = 1
        self.blank = False
        self._bits_per_s = bits_per_s
        self._model = model
        self._shape = (self._model.height_px, self._model.width_px)
        self._seen_shape = self._shape
        self._touch()  # made now, so that no first look takes long
        self.emulator = ZfmEmulator(self.line, self._model, self._touch)
        self.served = Served(self.line, self.emulator)

    @property
    def address(self) -> DeviceAddress:
        """Address of the sensor."""
        return DeviceAddress.parse(
            f"zfm+serial://{self.line.path}?baud={self._bits_per_s}&model={self._model.name}"
        )

    def open(self) -> ZfmDevice:
        """Open it."""
        return DRIVER.open(self.address, Opening(timeout_s=OPEN_S))

    def present(self, *, there: bool) -> None:
        """Lay a finger on it, or take it away."""
        self.finger = 1 if there else None

    def is_right(self, sample: CapturedSample) -> bool:
        """Whether a sample is what the sensor saw, in 16 grey values."""
        seen = touch_of(1, 1, self._shape) // 16 * GREY_STEP
        return bool(np.array_equal(sample.pixels, seen))

    def change_geometry(self) -> None:
        """Let it send pictures that are eight rows too high."""
        self._seen_shape = (self._shape[0] + 8, self._shape[1])

    def keep_time(self) -> None:
        """Let bytes take their time."""
        self.line.paced = True

    def close(self) -> None:
        """End the emulator."""
        self.served.close()

    def _touch(self) -> Touch | None:
        finger = self.finger
        if finger is None:
            return None
        if self.blank:
            return Touch(pixels=np.full(self._shape, PAPER, np.uint8), finger=finger)
        return Touch(pixels=fitted(touch_of(finger, 1, self._shape), self._seen_shape), finger=finger)
