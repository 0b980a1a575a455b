"""From the transport of an address to an open source: the one table of all kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit, urlunsplit

from biocapil.capture import Deadline, DeviceAddress, Opening, read_trace_header
from biocapil.capture.address import EMULATED, REPLAY
from biocapil_drivers.camera.child import RTSP, ChildPlan
from biocapil_drivers.camera.child_source import ChildSource
from biocapil_drivers.camera.emulated import EmulatedSource
from biocapil_drivers.camera.emulation.mjpeg_server import HOST, MjpegServer
from biocapil_drivers.camera.files import ClipSource, FolderSource
from biocapil_drivers.camera.frames import FrameSource, SourceTraits
from biocapil_drivers.camera.mjpeg import MjpegPlace, MjpegSource
from biocapil_drivers.camera.opencv import opencv
from biocapil_drivers.camera.options import RATE_HZ, CameraOptions
from biocapil_drivers.camera.replayed_wire import ReplayedWire
from biocapil_drivers.camera.synthetic import SyntheticSource, moving_disc
from biocapil_drivers.camera.v4l2 import open_v4l2
from biocapil_drivers.camera.wire import SocketWire

Opener = Callable[[DeviceAddress, CameraOptions, Opening, Deadline], FrameSource]
SIZE_PX = (640, 480)
EMULATED_PLACE = MjpegPlace(
    host=HOST, port=0, authority="emulated", target="/video", secure=False, credentials=None
)
"""Where our own camera is, but for its port; its requests never differ, so that traces of it replay."""


def _synthetic(
    address: DeviceAddress, options: CameraOptions, opening: Opening, _deadline: Deadline
) -> FrameSource:
    options.refuse_foreign()
    from biocapil_drivers.camera.scenes import SCENES  # noqa: PLC0415 - draws eyes, which other cameras need not load

    if address.path not in SCENES:
        raise ValueError(f"no scene {address.path!r} to draw; there are: {', '.join(SCENES)}")
    width_px, height_px = options.size_px or SIZE_PX
    drawn = SCENES[address.path]
    scene = drawn.draw(width_px, height_px, options.seed, options.visit)
    rate_hz = options.rate_hz or RATE_HZ
    return SyntheticSource(opening.clock, scene, rate_hz=rate_hz, has_stamp=drawn.has_stamp)


def _mjpeg(
    address: DeviceAddress, options: CameraOptions, opening: Opening, deadline: Deadline
) -> FrameSource:
    return _connected(MjpegPlace.of(address, options.foreign), opening, deadline)


def _connected(place: MjpegPlace, opening: Opening, deadline: Deadline) -> MjpegSource:
    opencv()
    wire = SocketWire(place.host, place.port, deadline, secure=place.secure)
    return MjpegSource(place, wire, opening, deadline)


def _emulated(
    _address: DeviceAddress, options: CameraOptions, opening: Opening, deadline: Deadline
) -> FrameSource:
    options.refuse_foreign()
    width_px, height_px = options.size_px or SIZE_PX
    server = MjpegServer(moving_disc(width_px, height_px), rate_hz=options.rate_hz or RATE_HZ)
    place = replace(EMULATED_PLACE, port=server.port)
    return EmulatedSource(server, partial(_connected, place, opening, deadline))


def _replayed(
    address: DeviceAddress, _options: CameraOptions, opening: Opening, deadline: Deadline
) -> FrameSource:
    opencv()
    file = Path(address.path)
    recorded = DeviceAddress.parse(read_trace_header(file).address)
    if recorded.transport not in {"mjpeg", "mjpegs", EMULATED}:
        raise ValueError(f"traces of cameras are those of camera+mjpeg, not of {recorded.transport!r}")
    place = (
        EMULATED_PLACE
        if recorded.transport == EMULATED
        else MjpegPlace.of(recorded, CameraOptions.parse(recorded).foreign)
    )
    return MjpegSource(place, ReplayedWire(file, opening.clock), opening, deadline)


def _rtsp(
    address: DeviceAddress, options: CameraOptions, opening: Opening, deadline: Deadline
) -> FrameSource:
    opencv()
    plan = ChildPlan(way=RTSP, place=rtsp_url(address, options.foreign), timeout_s=opening.timeout_s)
    return ChildSource(plan, opening.clock, deadline, traits=SourceTraits(model="RTSP camera"))


def _clip(
    address: DeviceAddress, options: CameraOptions, opening: Opening, _deadline: Deadline
) -> FrameSource:
    options.refuse_foreign()
    return ClipSource(Path(address.path), opening.clock, rate_hz=options.rate_hz, loop=options.loop)


def _folder(
    address: DeviceAddress, options: CameraOptions, opening: Opening, _deadline: Deadline
) -> FrameSource:
    options.refuse_foreign()
    return FolderSource(Path(address.path), opening.clock, rate_hz=options.rate_hz, loop=options.loop)


def rtsp_url(address: DeviceAddress, foreign: Mapping[str, str]) -> str:
    """The URL of an RTSP camera: with its name and password, without options of ours.

    Raises:
        ValueError: The address names no host.
    """
    parts = urlsplit(address.text.removeprefix(f"{address.driver}+"))
    if not parts.hostname:
        raise ValueError("the address of a network camera names a host: camera+rtsp://HOST/PATH")
    return urlunsplit(parts._replace(query=urlencode(foreign), fragment=""))


OPENERS: Mapping[str, Opener] = MappingProxyType(
    {
        "mjpeg": _mjpeg,
        "mjpegs": _mjpeg,
        "rtsp": _rtsp,
        "rtsps": _rtsp,
        "v4l2": open_v4l2,
        "file": _clip,
        "folder": _folder,
        "synthetic": _synthetic,
        EMULATED: _emulated,
        REPLAY: _replayed,
    }
)
