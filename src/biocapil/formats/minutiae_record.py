"""The nouns of finger minutiae records: what ISO/IEC 19794-2:2005 and ANSI/INCITS 378-2004 both hold.

They keep the numbers as they stand in the bytes: pixels, the standard's own angle unit, reserved bits and
extended data, so that writing a record again gives the same bytes. `record_templates` turns them into
templates in micrometres.

Orientation, the same in both standards: the origin is the top left of the image, y points down, angles run
counter-clockwise from the positive x axis as a person sees the picture. A ridge ending points from the end
back along its ridge, a bifurcation along the valley that its two branches enclose. Two other conventions are
in use and silently ruin every comparison when mixed in: NIST's internal one (origin bottom left, direction
away from the ridge) and fields 9.005 to 9.012 of ANSI/NIST-ITL Type-9 records. Both need y flipped and half
a turn added before they fit here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError
from biocapil.vocabulary import FingerPosition

MAX_MINUTIAE = 255
"""Minutiae that one view can hold: its count is one byte."""


class RecordStandard(Enum):
    """Record formats that are read and written."""

    ISO_19794_2_2005 = "iso-19794-2-2005"
    ANSI_378_2004 = "ansi-378-2004"

    @property
    def title(self) -> str:
        """Name as the standard writes it."""
        return {
            RecordStandard.ISO_19794_2_2005: "ISO/IEC 19794-2:2005",
            RecordStandard.ANSI_378_2004: "ANSI/INCITS 378-2004",
        }[self]

    @property
    def angle_units(self) -> int:
        """Angle units in a full turn: 256 (ISO) or 180 (ANSI)."""
        return {RecordStandard.ISO_19794_2_2005: 256, RecordStandard.ANSI_378_2004: 180}[self]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordedMinutiae:
    """Minutiae of one view as the record holds them; all arrays have shape (N,), N at most 255.

    Attributes:
        kinds: `MinutiaType` code, uint8; 3 is reserved.
        x_px: Column, uint16, 14 bits.
        y_px: Row, uint16, 14 bits.
        angles: In the standard's unit, uint8: 360/256 degrees (ISO) or 2 degrees (ANSI).
        qualities: 1 to 100, or 0 where none was reported, uint8.
        reserved: The two bits above y, uint8.
    """

    kinds: NDArray[np.uint8]
    x_px: NDArray[np.uint16]
    y_px: NDArray[np.uint16]
    angles: NDArray[np.uint8]
    qualities: NDArray[np.uint8]
    reserved: NDArray[np.uint8]

    def __post_init__(self) -> None:
        limits = {"kinds": 3, "x_px": 0x3FFF, "y_px": 0x3FFF, "angles": 255, "qualities": 255, "reserved": 3}
        for name, limit in limits.items():
            array = getattr(self, name)
            dtype = np.dtype(np.uint16 if name.endswith("px") else np.uint8)
            if array.dtype != dtype or array.shape != self.kinds.shape or array.ndim != 1:
                raise ValueError(
                    f"{name} must be {dtype} of shape (N,), the same N for all, "
                    f"got {array.dtype} of shape {array.shape}"
                )
            if array.size and int(array.max()) > limit:
                raise ValueError(f"{name} must lie in 0..{limit}, got {int(array.max())}")
            view = array.view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)
        if len(self) > MAX_MINUTIAE:
            raise ValueError(f"a view holds at most {MAX_MINUTIAE} minutiae, got {len(self)}")

    def __len__(self) -> int:
        return len(self.kinds)

    def __repr__(self) -> str:
        return f"RecordedMinutiae({len(self)} minutiae)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedBlock:
    """One block of extended data, kept as it came.

    Attributes:
        kind: Type code: 1 ridge counts, 2 cores and deltas, 3 zonal quality, from 256 on a vendor's own.
        data: Content, without the four bytes of type and length.
    """

    kind: int
    data: bytes

    def __post_init__(self) -> None:
        _require("extended data type", self.kind, 0xFFFF)

    def __repr__(self) -> str:
        return f"ExtendedBlock(kind={self.kind}, {len(self.data)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FingerView:
    """One impression of one finger.

    Attributes:
        position: Finger position code; 0 to 10 are defined.
        view_number: Which impression of this finger, from 0, at most 15.
        impression: Impression type code, 4 bits.
        quality: Quality of the whole finger; 0 to 100 are defined.
        minutiae: The minutiae.
        blocks: Extended data in the order of the record.
    """

    position: int
    view_number: int
    impression: int
    quality: int
    minutiae: RecordedMinutiae
    blocks: tuple[ExtendedBlock, ...] = ()

    def __post_init__(self) -> None:
        _require("finger position", self.position, 0xFF)
        _require("view number", self.view_number, 0xF)
        _require("impression type", self.impression, 0xF)
        _require("finger quality", self.quality, 0xFF)
        _require("extended data length", self.extended_bytes, 0xFFFF)

    @property
    def finger(self) -> FingerPosition:
        """Finger; UNKNOWN where the code is not defined."""
        return (
            FingerPosition(self.position) if self.position <= max(FingerPosition) else FingerPosition.UNKNOWN
        )

    @property
    def extended_bytes(self) -> int:
        """Length of the extended data with the heads of its blocks."""
        return sum(4 + len(block.data) for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHeader:
    """What a record says once for all its views.

    Attributes:
        width_px: Columns of the image.
        height_px: Rows of the image.
        x_ppcm: Pixels per centimetre along a row; 197 is 500 ppi.
        y_ppcm: Pixels per centimetre along a column.
        device_id: Vendor's number of the capture device, 12 bits.
        compliance: Certificates of the capture device, 4 bits; only the highest is defined.
        product_owner: CBEFF owner of the software, ANSI only; 0 in ISO records.
        product_type: CBEFF type of the software, ANSI only; 0 in ISO records.
        reserved: Last byte of the header.
    """

    width_px: int
    height_px: int
    x_ppcm: int
    y_ppcm: int
    device_id: int = 0
    compliance: int = 0
    product_owner: int = 0
    product_type: int = 0
    reserved: int = 0

    def __post_init__(self) -> None:
        for name in ("width_px", "height_px", "x_ppcm", "y_ppcm", "product_owner", "product_type"):
            _require(name, getattr(self, name), 0xFFFF)
        _require("device_id", self.device_id, 0xFFF)
        _require("compliance", self.compliance, 0xF)
        _require("reserved", self.reserved, 0xFF)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MinutiaeRecord:
    """A whole record: one header and up to 255 views.

    Attributes:
        standard: Standard that it follows.
        header: What all views share.
        views: Impressions in the order of the record.
    """

    standard: RecordStandard
    header: RecordHeader
    views: tuple[FingerView, ...]

    def __post_init__(self) -> None:
        _require("number of finger views", len(self.views), 0xFF)

    @property
    def frame_px(self) -> tuple[int, int]:
        """Width and height that hold every minutia: those of the header, or more where one lies outside."""
        width = max([self.header.width_px, *(int(v.minutiae.x_px.max(initial=0)) + 1 for v in self.views)])
        height = max([self.header.height_px, *(int(v.minutiae.y_px.max(initial=0)) + 1 for v in self.views)])
        return width, height


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedMinutiaeRecord:
    """What reading gave.

    Attributes:
        record: The record as far as it is sound.
        problems: Violations that lenient reading met, with field and byte offset; empty when strict.
    """

    record: MinutiaeRecord
    problems: tuple[FormatError, ...] = ()


def _require(name: str, value: int, limit: int) -> None:
    if not 0 <= value <= limit:
        raise ValueError(f"{name} must lie in 0..{limit}, got {value}")
