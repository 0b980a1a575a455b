"""Addresses of cameras, what they refuse, and what the driver says about itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from biocapil.capture import DeviceAddress, Opening
from biocapil_drivers import camera
from biocapil_drivers.camera import DRIVER


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("camera+synthetic:disc?fps=0", "fps must be a number from 0.01"),
        ("camera+synthetic:disc?size=big", "two numbers of pixels"),
        ("camera+synthetic:disc?modality=finger", "face or iris"),
        ("camera+synthetic:disc?loop=yes", "on or off"),
        ("camera+synthetic:disc?colour=red", "no option colour"),
        ("camera+synthetic:disc?size=100x50", "at least 384x64"),
        ("camera+synthetic:eye?seed=-1", "a whole number"),
        ("camera+synthetic:moon", "no scene 'moon'"),
        ("camera+mjpeg:///path", "names a host"),
        ("camera+smoke://host", "reached by"),
    ],
)
def test_an_address_that_means_nothing_says_what_would(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        DRIVER.open(DeviceAddress.parse(text), Opening())
    with pytest.raises(ValueError, match=words):  # and nothing is held afterwards
        DRIVER.open(DeviceAddress.parse(text), Opening())


def test_the_driver_is_listed_without_opencv() -> None:
    code = "import sys, biocapil_drivers.camera as c; print(c.DRIVER.info.name, 'cv2' in sys.modules)"
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - own interpreter
    assert found.stdout.split() == ["camera", "False"]


def test_the_public_names() -> None:
    assert camera.__all__ == ["DRIVER", "CameraDriver"]
    assert DRIVER.info.proven_against
