"""`EncodedImage`: the image of a record as its bytes hold it, not yet decoded; and the encodings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ImageEncoding(Enum):
    """How the pixels of a record are stored; each standard has its own codes for them."""

    RAW = "raw"
    PACKED = "packed"
    WSQ = "wsq"
    JPEG = "jpeg"
    JPEG_LS = "jpeg-ls"
    JPEG_2000 = "jpeg-2000"
    JPEG_2000_LOSSY = "jpeg-2000-lossy"
    JPEG_2000_LOSSLESS = "jpeg-2000-lossless"
    PNG = "png"

    @property
    def is_raw(self) -> bool:
        """Whether the bytes are pixel values without any file format around them."""
        return self in {ImageEncoding.RAW, ImageEncoding.PACKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """One image of a record.

    Attributes:
        encoding: How `data` is to be decoded.
        width_px: Columns that the record states.
        height_px: Rows that the record states.
        bit_depth: Bits of one pixel, all its channels together.
        is_colour: Whether the record says red, green and blue.
        data: The encoded bytes.
    """

    encoding: ImageEncoding
    width_px: int
    height_px: int
    bit_depth: int = 8
    is_colour: bool = False
    data: bytes

    def __repr__(self) -> str:
        return (
            f"EncodedImage({self.encoding.value}, {self.width_px}x{self.height_px} px, "
            f"{self.bit_depth} bits, {len(self.data)} bytes)"
        )
