"""`Freshness`: tells a camera that still sees from one that repeats its last picture, or has fallen silent.

Libraries hand out the last picture of a lost camera for ever and call it success. A sensor has noise: two
pictures of it are never equal, so a run of equal ones is a fault of a live source.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biocapil.errors import DeviceLost
from biocapil_drivers.camera.frames import Picture

SILENT_S = 3.0
FROZEN_S = 3.0
"""Longer than a supervisor lets a capture wait for news, so that a line may mend itself in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshnessLimits:
    """How long a source may be silent or repeat itself.

    Attributes:
        silent_s: Without any picture.
        frozen_s: With nothing but equal pictures; None where equal pictures are no fault.
    """

    silent_s: float = SILENT_S
    frozen_s: float | None = FROZEN_S

    def __post_init__(self) -> None:
        if self.silent_s <= 0 or (self.frozen_s is not None and self.frozen_s <= 0):
            raise ValueError(f"limits must be more than 0 s, got {self.silent_s!r} and {self.frozen_s!r}")


class Freshness:
    """What was seen of one source since it was opened."""

    def __init__(self, limits: FreshnessLimits) -> None:
        self._limits = limits
        self._last: Picture | None = None
        self._heard_s: float | None = None
        self._changed_s = 0.0

    def saw(self, picture: Picture) -> None:
        """Take one more picture.

        Raises:
            DeviceLost: It is the same as all the others for too long.
        """
        self._heard_s = picture.at_s
        if self._last is None or not np.array_equal(self._last.pixels, picture.pixels):
            self._last = picture
            self._changed_s = picture.at_s
        limit = self._limits.frozen_s
        if limit is not None and picture.at_s - self._changed_s > limit:
            raise DeviceLost(f"the camera has repeated one picture for more than {limit:g} s")

    def heard_nothing(self, now_s: float) -> None:
        """Note that no picture has come; before the first one that is nothing new.

        Raises:
            DeviceLost: None has come for too long.
        """
        if self._heard_s is not None and now_s - self._heard_s > self._limits.silent_s:
            raise DeviceLost(f"no picture has come for more than {self._limits.silent_s:g} s")
