"""TIFFs are built byte by byte here: Pillow writes neither 12 bits nor a 16-bit white of zero."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from biocapil.errors import FormatError
from biocapil.formats.grey_pixels import grey_pixels


def tiff(samples: bytes, *, columns: int, bits: int, photometric: int = 1) -> Image.Image:
    tags = [(256, columns), (257, 1), (258, bits), (259, 1), (262, photometric), (273, 8)]
    tags += [(277, 1), (278, 1), (279, len(samples))]
    directory = b"".join(struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in tags)
    head = b"II*\0" + struct.pack("<I", 8 + len(samples))
    image = Image.open(io.BytesIO(head + samples + struct.pack("<H", len(tags)) + directory + b"\0\0\0\0"))
    image.load()
    return image


def reopened(image: Image.Image, kind: str) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, format=kind)
    opened = Image.open(io.BytesIO(buffer.getvalue()))
    opened.load()
    return opened


def test_grey_comes_through_untouched() -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert (grey_pixels(Image.fromarray(values)) == values).all()


def test_grey_as_colour_is_the_same_grey() -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert (grey_pixels(Image.fromarray(values).convert("RGB")) == values).all()
    assert (grey_pixels(Image.fromarray(values).convert("P")) == values).all()


def test_bilevel_becomes_black_and_white() -> None:
    image = Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")
    assert grey_pixels(image).tolist() == [[0, 255]]


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_are_scaled_and_not_cut(kind: str) -> None:
    values = np.array([[0, 128, 129, 257, 32_768, 65_278, 65_535]], np.uint16)
    assert grey_pixels(reopened(Image.fromarray(values), kind)).tolist() == [[0, 0, 1, 1, 128, 254, 255]]


def test_a_sixteen_bit_tiff_whose_zero_is_white_is_turned_over() -> None:
    image = tiff(struct.pack("<3H", 0, 32_768, 65_535), columns=3, bits=16, photometric=0)
    assert grey_pixels(image).tolist() == [[255, 127, 0]]


def test_twelve_bits_are_scaled_to_their_own_white() -> None:
    image = tiff(bytes([0xFF, 0xF8, 0x00]), columns=2, bits=12)
    assert grey_pixels(image).tolist() == [[255, 128]]


@pytest.mark.parametrize("mode", ["I", "F"])
def test_samples_without_a_fixed_white_are_refused(mode: str) -> None:
    with pytest.raises(FormatError, match=f"mode {mode} .*no fixed white: save the image with 8 or 16 bits"):
        grey_pixels(reopened(Image.new(mode, (4, 4)), "TIFF"))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_lies_on_white_paper(mode: str) -> None:
    clear = (0,) * (len(mode) - 1) + (0,)
    solid = (0,) * (len(mode) - 1) + (255,)
    image = Image.new(mode, (2, 1), clear)
    image.putpixel((1, 0), solid)
    assert grey_pixels(image).tolist() == [[255, 0]]


def test_a_transparent_palette_entry_lies_on_white_paper() -> None:
    image = Image.fromarray(np.array([[0, 200]], np.uint8)).convert("P")
    image.info["transparency"] = 0
    assert grey_pixels(image).tolist() == [[255, 200]]


def test_ink_on_white_separates_from_cmyk() -> None:
    image = Image.new("CMYK", (1, 1), (0, 0, 0, 255))
    assert grey_pixels(image).tolist() == [[0]]
