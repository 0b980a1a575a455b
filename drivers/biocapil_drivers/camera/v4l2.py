"""A V4L2 camera: pictures through OpenCV in a process of its own, controls through the kernel's calls."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from biocapil.capture import Deadline, DeviceAddress, Opening
from biocapil.errors import DeviceBusy, DeviceError, DeviceNotFound
from biocapil_drivers.camera.child import V4L2, ChildPlan
from biocapil_drivers.camera.child_source import ChildSource
from biocapil_drivers.camera.frames import SourceTraits
from biocapil_drivers.camera.opencv import opencv
from biocapil_drivers.camera.options import CameraOptions
from biocapil_drivers.camera.v4l2_controls import V4l2Controls
from biocapil_drivers.camera.v4l2_listing import BY_NAME, listed_as


def open_v4l2(
    address: DeviceAddress, options: CameraOptions, opening: Opening, deadline: Deadline
) -> ChildSource:
    """Open the camera of a device file.

    Raises:
        ValueError: The file is named by a number that changes.
        DeviceError: There is none, somebody else holds it, or it is no camera.
    """
    options.refuse_foreign()
    opencv()
    node = node_of(address.path)
    with ExitStack() as held:
        file = hold(node)
        held.callback(os.close, file)
        controls = V4l2Controls(file)
        listed = listed_as(node.name)
        width_px, height_px = options.size_px or (0, 0)
        plan = ChildPlan(
            way=V4L2,
            place=str(node),
            timeout_s=opening.timeout_s,
            width_px=width_px,
            height_px=height_px,
            rate_hz=options.rate_hz or 0.0,
        )
        traits = SourceTraits(
            model=controls.model,
            serial_number=listed.serial_number if listed else "",
            parameters=controls.parameters,
        )
        release = held.pop_all().close
        return ChildSource(plan, opening.clock, deadline, traits=traits, setter=controls.set, release=release)


def node_of(path: str, folders: Sequence[Path] = BY_NAME) -> Path:
    """The node behind a name that lasts.

    Raises:
        ValueError: The name is none that lasts.
        DeviceNotFound: Nothing stands behind it.
    """
    link = Path(path)
    if link.parent not in folders:
        names = " or ".join(f"{folder}/…" for folder in folders)
        raise ValueError(f"{path!r} may be another camera tomorrow; name it by {names}")
    if not link.exists():
        raise DeviceNotFound(f"nothing is plugged in as {path}")
    return link.resolve()


def hold(node: Path) -> int:
    """Open a node and keep other processes of ours away until it is closed.

    Raises:
        DeviceBusy: Another holds it.
        DeviceError: It cannot be opened.
    """
    try:
        file = os.open(node, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError as error:
        raise DeviceError(
            f"this user may not open {node}; add the user to the group that owns it (video)"
        ) from error
    except OSError as error:
        raise DeviceNotFound(f"{node} cannot be opened ({type(error).__name__})") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        raise DeviceBusy("another program holds the camera") from error
    return file
