from __future__ import annotations

import io
import struct
import sys
import zlib
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from biocapil.errors import FormatError, MissingPart
from biocapil.formats.pillow_images import decode_by_pillow, encode_by_pillow

KINDS = ("PNG", "TIFF", "BMP", "JPEG", "JPEG2000", "PPM")


def ridges() -> Image.Image:
    y, x = np.mgrid[:60, :48]
    return Image.fromarray(np.asarray(128 + 100 * np.sin(0.8 * x + 0.2 * y), dtype=np.uint8))


def saved(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    buffer = io.BytesIO()
    (image or ridges()).save(buffer, format=kind, **options)
    return buffer.getvalue()


SAVED = {kind: saved(kind) for kind in KINDS} | {"LZW": saved("TIFF", compression="tiff_lzw")}


def png_of_size(columns: int, rows: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", [kind for kind in SAVED if kind != "JPEG"])
def test_lossless_formats_give_back_the_same_pixels(kind: str) -> None:
    assert (decode_by_pillow(SAVED[kind]).pixels == np.asarray(ridges())).all()


def test_jpeg_gives_back_nearly_the_same_pixels() -> None:
    decoded = decode_by_pillow(saved("JPEG", quality=95)).pixels
    assert np.abs(decoded.astype(int) - np.asarray(ridges())).max() < 12


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "JPEG"])
def test_the_resolution_that_was_saved_is_read(kind: str) -> None:
    assert decode_by_pillow(saved(kind, dpi=(500, 500))).tag.x_ppi == pytest.approx(500, abs=0.02)


def test_a_jpeg_is_turned_upright_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode_by_pillow(saved("JPEG", exif=exif)).pixels.shape == (48, 60)


def test_a_tiff_is_turned_upright_once() -> None:
    decoded = decode_by_pillow(saved("TIFF", tiffinfo={274: 6}))
    assert (decoded.pixels == np.rot90(np.asarray(ridges()), -1)).all()


def test_a_tiff_of_several_pages_is_refused() -> None:
    data = saved("TIFF", save_all=True, append_images=[ridges()])
    with pytest.raises(FormatError, match="holds 2 pages: save each finger as a file of its own"):
        decode_by_pillow(data)


@pytest.mark.parametrize("size", [(8001, 8000), (9500, 9500), (60_000, 60_000)])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(FormatError, match=r"pixels are more than|damaged or unsupported"):
        decode_by_pillow(png_of_size(*size))


@pytest.mark.parametrize("kind", SAVED)
def test_half_a_file_is_refused(kind: str) -> None:
    with pytest.raises(FormatError):
        decode_by_pillow(SAVED[kind][: len(SAVED[kind]) // 2])


@pytest.mark.parametrize("data", [b"\0", b"hello", saved("GIF")])
def test_what_is_no_image_of_the_known_formats_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError, match="no PNG, TIFF, BMP"):
        decode_by_pillow(data)


@given(kind=st.sampled_from(sorted(SAVED)), rng=st.randoms(use_true_random=False))
@settings(max_examples=250, deadline=None)
def test_no_mutated_file_raises_anything_but_a_format_error(kind: str, rng: Random) -> None:
    data = bytearray(SAVED[kind])
    for _ in range(rng.randrange(1, 6)):
        data[rng.randrange(rng.choice([min(len(data), 200), len(data)]))] = rng.randrange(256)
    try:
        picture = decode_by_pillow(bytes(data[: rng.choice([len(data), rng.randrange(len(data))])]))
    except FormatError:
        return
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.ndim == 2


def test_without_pillow_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingPart, match=r"Pillow.*biocapil\[extract\]"):
        decode_by_pillow(SAVED["PNG"])
    with pytest.raises(MissingPart, match=r"writing image files needs Pillow.*biocapil\[extract\]"):
        encode_by_pillow(np.zeros((2, 2), np.uint8), format_name="PNG")
