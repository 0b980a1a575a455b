"""What drawn cameras see of one eye at several visits."""

from __future__ import annotations

import numpy as np
import pytest

from biocapil.capture import DeviceAddress
from biocapil_drivers.camera.options import CameraOptions
from biocapil_drivers.camera.scenes import blinking_eye


def test_a_visit_is_drawn_alike_every_time_and_another_one_differs() -> None:
    first, again, other = (blinking_eye(320, 240, 5, visit)(0) for visit in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_address_says_which_visit() -> None:
    assert CameraOptions.parse(DeviceAddress.parse("camera+synthetic:eye?seed=4&visit=2")).visit == 2
    with pytest.raises(ValueError, match="visit must be a whole number"):
        CameraOptions.parse(DeviceAddress.parse("camera+synthetic:eye?visit=x"))
