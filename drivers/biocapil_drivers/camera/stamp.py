"""A number and a moment drawn into a picture, so that whoever gets it can tell which it is and how old.

    block 0 … 31   number, most significant bit first
    block 32 … 79  milliseconds of a clock
    block 80 … 95  CRC-16/CCITT of the ten bytes before

A block is a square of 16 pixels, black or white: it outlives JPEG and H.264. The blocks fill 4 rows of 24,
from the upper left corner.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

import numpy as np

from biocapil_drivers.camera.frames import Pixels

BLOCK_PX = 16
ROWS, COLUMNS = 4, 24
HEIGHT_PX, WIDTH_PX = ROWS * BLOCK_PX, COLUMNS * BLOCK_PX
NUMBER_BYTES, MOMENT_BYTES, SUM_BYTES = 4, 6, 2
MS_PER_S = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What was drawn.

    Attributes:
        number: Number of the picture, 0 to 2^32 - 1.
        at_s: Moment in seconds, to the millisecond.
    """

    number: int
    at_s: float


def stamp_pixels(stamp: Stamp) -> Pixels:
    """The blocks of a stamp.

    Returns:
        Shape (64, 384), uint8, 0 or 255.
    """
    moment = round(stamp.at_s * MS_PER_S)
    body = stamp.number.to_bytes(NUMBER_BYTES, "big") + moment.to_bytes(MOMENT_BYTES, "big")
    whole = body + binascii.crc_hqx(body, 0xFFFF).to_bytes(SUM_BYTES, "big")
    bits = np.unpackbits(np.frombuffer(whole, np.uint8)).reshape(ROWS, COLUMNS)
    return np.kron(bits * np.uint8(255), np.ones((BLOCK_PX, BLOCK_PX), np.uint8))


def read_stamp(pixels: Pixels) -> Stamp | None:
    """Read the stamp of a picture, grey or colour; None where there is none that is whole."""
    if pixels.shape[0] < HEIGHT_PX or pixels.shape[1] < WIDTH_PX:
        return None
    half = BLOCK_PX // 2
    middles = pixels[half:HEIGHT_PX:BLOCK_PX, half:WIDTH_PX:BLOCK_PX]
    grey = middles if middles.ndim == 2 else middles[..., 1]
    whole = np.packbits(grey.reshape(-1) > 127).tobytes()
    body, check = whole[:-SUM_BYTES], whole[-SUM_BYTES:]
    if binascii.crc_hqx(body, 0xFFFF).to_bytes(SUM_BYTES, "big") != check:
        return None
    number, moment = body[:NUMBER_BYTES], body[NUMBER_BYTES:]
    return Stamp(number=int.from_bytes(number, "big"), at_s=int.from_bytes(moment, "big") / MS_PER_S)
