from __future__ import annotations

import importlib.util
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from biocapil.errors import FormatError, MissingPart
from biocapil.formats import EncodedImage, ImageEncoding, decode_pixels, encode_pixels, wsq_images
from biocapil.formats.payload_pixels import PILLOW_NAMES

Pixels = NDArray[np.uint8]
EXACT = [
    ImageEncoding.RAW,
    ImageEncoding.PNG,
    ImageEncoding.JPEG_2000,
    ImageEncoding.JPEG_2000_LOSSLESS,
]
LOSSY = [ImageEncoding.JPEG, ImageEncoding.JPEG_2000_LOSSY]
needs_wsq = pytest.mark.skipif(importlib.util.find_spec("_wsq") is None, reason="the wsq package is absent")


def waves(*shape: int) -> Pixels:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    grey = np.asarray(128 + 100 * np.sin(0.7 * columns + 0.3 * rows), dtype=np.uint8)
    return np.stack([grey, 255 - grey, grey // 2], axis=2) if len(shape) == 3 else grey


@pytest.mark.parametrize("encoding", EXACT)
@pytest.mark.parametrize("shape", [(48, 64), (48, 64, 3)])
def test_lossless_encodings_give_the_pixels_back(encoding: ImageEncoding, shape: tuple[int, ...]) -> None:
    pixels = waves(*shape)
    image = encode_pixels(pixels, encoding)
    assert (image.width_px, image.height_px, image.is_colour) == (64, 48, len(shape) == 3)
    assert image.bit_depth == (24 if len(shape) == 3 else 8)
    assert np.array_equal(decode_pixels(image, colour=len(shape) == 3), pixels)


@pytest.mark.parametrize("encoding", LOSSY)
def test_lossy_encodings_give_nearly_the_same_pixels_and_fewer_bytes(encoding: ImageEncoding) -> None:
    pixels = waves(96, 128)
    image = encode_pixels(pixels, encoding)
    assert len(image.data) < pixels.size
    assert np.abs(decode_pixels(image).astype(int) - pixels).mean() < 8


@pytest.mark.parametrize("encoding", [ImageEncoding.RAW, ImageEncoding.PNG])
def test_grey_is_given_as_colour_and_colour_as_grey(encoding: ImageEncoding) -> None:
    grey, colour = waves(8, 9), waves(8, 9, 3)
    as_colour = decode_pixels(encode_pixels(grey, encoding), colour=True)
    assert as_colour.shape == (8, 9, 3)
    assert all(np.array_equal(as_colour[:, :, channel], grey) for channel in range(3))
    luma = colour @ np.array([0.299, 0.587, 0.114])
    assert np.abs(decode_pixels(encode_pixels(colour, encoding)) - luma).max() <= 1


@needs_wsq
def test_wsq_is_decoded() -> None:
    import _wsq  # noqa: PLC0415 - an optional part

    pixels = waves(96, 128)
    data = bytes(_wsq.compress(pixels.tobytes(), 96, 128, 12.0))
    image = EncodedImage(encoding=ImageEncoding.WSQ, width_px=128, height_px=96, data=data)
    assert np.abs(decode_pixels(image).astype(int) - pixels).mean() < 10


def test_wsq_without_its_package_says_which_part_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = b"\xff\xa0\xff\xa2\x00\x0d\0\0\0\2\0\2" + bytes(5) + b"\xff\xa3\xff\xa1"
    monkeypatch.setattr(wsq_images.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingPart, match="wsq"):
        decode_pixels(EncodedImage(encoding=ImageEncoding.WSQ, width_px=2, height_px=2, data=frame))


@pytest.mark.parametrize("encoding", list(PILLOW_NAMES))
def test_bytes_in_another_encoding_than_stated_are_refused(encoding: ImageEncoding) -> None:
    stream = io.BytesIO()
    Image.fromarray(waves(8, 8)).save(stream, format="BMP")
    image = EncodedImage(encoding=encoding, width_px=8, height_px=8, data=stream.getvalue())
    with pytest.raises(
        FormatError, match=f"said to be {encoding.value}: the bytes are no {PILLOW_NAMES[encoding]}"
    ):
        decode_pixels(image)


def test_another_size_than_stated_is_refused() -> None:
    image = replace(encode_pixels(waves(8, 9), ImageEncoding.PNG), width_px=8)
    with pytest.raises(FormatError, match="decoded are 9 x 8 pixels, the record says 8 x 8"):
        decode_pixels(image)


def test_a_size_that_nobody_should_allocate_is_refused_before_decoding() -> None:
    image = EncodedImage(encoding=ImageEncoding.PNG, width_px=65_535, height_px=65_535, data=b"-")
    with pytest.raises(FormatError, match="are more than the 64,000,000 allowed"):
        decode_pixels(image)


def test_what_has_no_reader_is_refused() -> None:
    with pytest.raises(FormatError, match="said to be jpeg-ls: there is no reader of jpeg-ls images"):
        decode_pixels(EncodedImage(encoding=ImageEncoding.JPEG_LS, width_px=1, height_px=1, data=b"-"))
    deep = EncodedImage(encoding=ImageEncoding.RAW, width_px=1, height_px=1, bit_depth=16, data=b"--")
    with pytest.raises(FormatError, match="raw images of 16 bits a pixel are not read"):
        decode_pixels(deep)


@pytest.mark.parametrize("encoding", [ImageEncoding.WSQ, ImageEncoding.PACKED, ImageEncoding.JPEG_LS])
def test_what_has_no_writer_is_refused(encoding: ImageEncoding) -> None:
    with pytest.raises(ValueError, match=f"there is no writer of {encoding.value}"):
        encode_pixels(waves(4, 4), encoding)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4), np.float32),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 0), np.uint8),
        np.zeros(4, np.uint8),
    ],
)
def test_pixels_of_another_shape_or_type_are_refused(pixels: Pixels) -> None:
    with pytest.raises(ValueError, match="pixels must be uint8 of shape"):
        encode_pixels(pixels, ImageEncoding.RAW)


@given(data=st.data(), encoding=st.sampled_from([*EXACT[1:], *LOSSY]), colour=st.booleans())
@settings(max_examples=150, deadline=None)
def test_mutated_images_raise_nothing_but_format_errors(
    data: st.DataObject, encoding: ImageEncoding, *, colour: bool
) -> None:
    image = encode_pixels(waves(16, 16), encoding)
    mutated = bytearray(image.data)
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(mutated), len(mutated) // 2]))
    try:
        assert decode_pixels(replace(image, data=bytes(mutated[:cut])), colour=colour).shape[:2] == (16, 16)
    except FormatError:
        return


def test_an_encoded_image_shows_its_size_and_none_of_its_bytes() -> None:
    image = EncodedImage(encoding=ImageEncoding.RAW, width_px=2, height_px=3, data=b"secret")
    assert repr(image) == "EncodedImage(raw, 2x3 px, 8 bits, 6 bytes)"
