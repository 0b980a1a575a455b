"""V4L2 without a kernel that has it: listings in a folder, and the kernel's calls by a stand-in of our own.

The stand-in packs the kernel's structures with ctypes, as the C headers lay them out; the driver uses struct.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
from pathlib import Path

import pytest

from biocapil.capture import DeviceAddress, Opening
from biocapil.errors import DeviceBusy, DeviceError, DeviceLost, DeviceNotFound
from biocapil_drivers.camera import DRIVER
from biocapil_drivers.camera.v4l2 import hold, node_of
from biocapil_drivers.camera.v4l2_controls import V4l2Controls
from biocapil_drivers.camera.v4l2_listing import find_cameras, list_cameras

QUERYCAP, G_CTRL, S_CTRL, QUERYCTRL = 0x80685600, 0xC008561B, 0xC008561C, 0xC0445624
"""As the C preprocessor computes them from linux/videodev2.h on x86-64 and ARM64."""

EXPOSURE_AUTO, EXPOSURE, GAIN, FOCUS_AUTO = 0x009A0901, 0x009A0902, 0x00980913, 0x009A090C


class Capability(ctypes.Structure):
    _fields_ = (
        ("driver", ctypes.c_char * 16),
        ("card", ctypes.c_char * 32),
        ("bus_info", ctypes.c_char * 32),
        ("numbers", ctypes.c_uint32 * 6),
    )


class Query(ctypes.Structure):
    _fields_ = (
        ("id", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("name", ctypes.c_char * 32),
        ("minimum", ctypes.c_int32),
        ("maximum", ctypes.c_int32),
        ("step", ctypes.c_int32),
        ("default_value", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32 * 2),
    )


class Value(ctypes.Structure):
    _fields_ = (("id", ctypes.c_uint32), ("value", ctypes.c_int32))


class Kernel:
    """A camera with four controls; exposure is refused while the camera chooses it itself."""

    def __init__(self) -> None:
        self.ranges = {EXPOSURE_AUTO: (0, 3, 1, 3), EXPOSURE: (3, 2047, 1, 250), GAIN: (0, 100, 10, 40)}
        self.values = {number: each[3] for number, each in self.ranges.items()}
        self.stuck: set[int] = set()
        self.gone = False

    def ioctl(self, file: int, request: int, data: bytearray) -> None:
        del file
        if self.gone:
            raise OSError(errno.ENODEV, "gone")
        if request == QUERYCAP:
            Capability.from_buffer(data).card = b"Test Cam"
        elif request == QUERYCTRL:
            self.query(Query.from_buffer(data))
        elif request in {G_CTRL, S_CTRL}:
            self.value(Value.from_buffer(data), is_set=request == S_CTRL)
        else:
            raise OSError(errno.ENOTTY, "no such call")

    def query(self, asked: Query) -> None:
        if asked.id == FOCUS_AUTO:
            asked.flags, asked.maximum, asked.step = 0x1, 1, 1
            return
        if asked.id not in self.ranges:
            raise OSError(errno.EINVAL, "no such control")
        asked.minimum, asked.maximum, asked.step, asked.default_value = self.ranges[asked.id]

    def value(self, asked: Value, *, is_set: bool) -> None:
        if asked.id not in self.values:
            raise OSError(errno.EINVAL, "no such control")
        if is_set:
            if asked.id == EXPOSURE_AUTO and asked.value not in {1, 3}:
                raise OSError(errno.EINVAL, "no such menu item")
            if asked.id == EXPOSURE and self.values[EXPOSURE_AUTO] != 1:
                raise OSError(errno.EACCES, "inactive")
            if asked.id not in self.stuck:
                step = self.ranges[asked.id][2]
                self.values[asked.id] = asked.value // step * step
        asked.value = self.values[asked.id]


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


def test_a_camera_says_which_controls_it_has_and_their_ranges(kernel: Kernel) -> None:
    controls = V4l2Controls(3, kernel.ioctl)
    assert controls.model == "Test Cam"
    assert [each.name for each in controls.parameters] == ["auto_exposure", "exposure", "gain"]
    exposure = controls.parameters[1]
    assert (exposure.least, exposure.most, exposure.default, exposure.unit) == (3, 2047, 250, "100 µs")


def test_exposure_by_hand_is_set_after_the_camera_let_go_of_it(kernel: Kernel) -> None:
    controls = V4l2Controls(3, kernel.ioctl)
    controls.set({"exposure": 120, "auto_exposure": False, "gain": 57})
    assert kernel.values == {EXPOSURE_AUTO: 1, EXPOSURE: 120, GAIN: 50}
    assert (controls.get("auto_exposure"), controls.get("exposure")) == (False, 120)
    controls.set({"auto_exposure": True})
    assert kernel.values[EXPOSURE_AUTO] == 3


def test_what_was_not_taken_is_an_error_with_what_stands_there(kernel: Kernel) -> None:
    controls = V4l2Controls(3, kernel.ioctl)
    with pytest.raises(DeviceError, match="exposure was to become 120, the camera says 250"):
        controls.set({"exposure": 120})
    kernel.stuck.add(GAIN)
    with pytest.raises(DeviceError, match="gain was to become 90, the camera says 40"):
        controls.set({"gain": 90})
    kernel.gone = True
    with pytest.raises(DeviceLost):
        controls.set({"gain": 90})
    with pytest.raises(DeviceError, match="none of a V4L2 camera"):
        V4l2Controls(3, kernel.ioctl)


def listed(root: Path, serials: list[str]) -> tuple[Path, Path]:
    sysfs, by_id = root / "class", root / "by-id"
    by_id.mkdir(parents=True)
    for number, serial in enumerate(serials):
        usb = root / "devices" / f"usb{number}"
        (usb / "interface").mkdir(parents=True)
        (usb / "idVendor").write_text("046d\n")
        if serial:
            (usb / "serial").write_text(serial + "\n")
        for index in (0, 1):
            node = sysfs / f"video{2 * number + index}"
            node.mkdir(parents=True)
            (node / "index").write_text(f"{index}\n")
            (node / "name").write_text(f"Camera {number}\n")
            (node / "device").symlink_to(usb / "interface")
            (root / node.name).touch()
            (by_id / f"usb-cam{number}-video-index{index}").symlink_to(root / node.name)
    return sysfs, by_id


def test_cameras_are_listed_once_by_names_that_last(tmp_path: Path) -> None:
    sysfs, by_id = listed(tmp_path, ["A1", ""])
    found = find_cameras(sysfs, [by_id])
    assert [each.address for each in found] == [
        f"camera+v4l2://{by_id}/usb-cam{number}-video-index0" for number in (0, 1)
    ]
    assert [(each.description, each.serial_number) for each in found] == [
        ("Camera 0", "A1"),
        ("Camera 1", ""),
    ]


def test_a_number_that_two_cameras_share_tells_neither(tmp_path: Path) -> None:
    sysfs, _ = listed(tmp_path, ["SN0001", "SN0001"])
    assert [each.serial_number for each in list_cameras(sysfs)] == ["", ""]


def test_where_the_system_has_no_cameras_none_are_found(tmp_path: Path) -> None:
    assert find_cameras(tmp_path / "none", [tmp_path / "none"]) == []


def test_a_name_that_may_be_anothers_tomorrow_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="another camera tomorrow"):
        DRIVER.open(DeviceAddress.parse("camera+v4l2:///dev/video0"), Opening())
    with pytest.raises(DeviceNotFound):
        DRIVER.open(DeviceAddress.parse("camera+v4l2:///dev/v4l/by-id/usb-none-video-index0"), Opening())
    link = tmp_path / "link"
    (tmp_path / "video7").touch()
    link.symlink_to(tmp_path / "video7")
    assert node_of(str(link), [tmp_path]) == (tmp_path / "video7").resolve()


def test_a_node_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    node = tmp_path / "video0"
    node.touch()
    file = hold(node)
    with pytest.raises(DeviceBusy):
        hold(node)
    fcntl.flock(file, fcntl.LOCK_UN)
    os.close(hold(node))
    os.close(file)
    with pytest.raises(DeviceNotFound):
        hold(tmp_path / "none")
