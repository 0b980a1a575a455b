"""Which V4L2 cameras the system lists, and under which name each stays the same when it is plugged in anew.

``/dev/video0`` names whatever came first; ``/dev/v4l/by-id`` names a camera, ``/dev/v4l/by-path`` a socket. A
camera has several nodes; only the one of index 0 delivers pictures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from biocapil.capture import FoundDevice

SYSFS = Path("/sys/class/video4linux")
BY_NAME = (Path("/dev/v4l/by-id"), Path("/dev/v4l/by-path"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCamera:
    """One node that delivers pictures.

    Attributes:
        node: Its name in ``/dev``, which may be another's next time.
        title: What the system calls it.
        serial_number: Number of the USB device; empty where it has none, or shares it with another.
    """

    node: str
    title: str
    serial_number: str


def list_cameras(sysfs: Path = SYSFS) -> tuple[ListedCamera, ...]:
    """Cameras that the kernel lists."""
    if not sysfs.is_dir():
        return ()
    nodes = [each for each in sorted(sysfs.iterdir()) if _text(each / "index") in {"0", ""}]
    serials = [_serial_of(each) for each in nodes]
    counts = Counter(serials)
    return tuple(
        ListedCamera(
            node=node.name,
            title=_text(node / "name") or node.name,
            serial_number=serial if counts[serial] == 1 else "",
        )
        for node, serial in zip(nodes, serials, strict=True)
    )


def find_cameras(sysfs: Path = SYSFS, folders: Sequence[Path] = BY_NAME) -> list[FoundDevice]:
    """Addresses of cameras by names that last."""
    by_node = {each.node: each for each in list_cameras(sysfs)}
    found: list[FoundDevice] = []
    for folder in folders:
        for link in sorted(folder.iterdir()) if folder.is_dir() else ():
            camera = by_node.pop(link.resolve().name, None)
            if camera is not None:
                found.append(
                    FoundDevice(
                        address=f"camera+v4l2://{link}",
                        description=camera.title,
                        serial_number=camera.serial_number,
                    )
                )
    return found


def listed_as(node: str, sysfs: Path = SYSFS) -> ListedCamera | None:
    """What is listed under a name of ``/dev``."""
    return next((each for each in list_cameras(sysfs) if each.node == node), None)


def _serial_of(node: Path) -> str:
    device = (node / "device").resolve()
    for folder in (device, *device.parents):
        if (folder / "idVendor").is_file():
            return _text(folder / "serial")
    return ""


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
