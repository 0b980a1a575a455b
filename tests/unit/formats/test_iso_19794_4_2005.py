from __future__ import annotations

from dataclasses import replace

import pytest

from biocapil.errors import FormatError, UnsupportedVersion
from biocapil.formats import FingerImageRecord2005, ImageRecord, read_image_record, write_image_record
from biocapil.formats.iso_19794_4_2005 import TITLE

BYTES = bytes.fromhex(
    "46495200 30313000 00000000003a 0000 0000 01 01 01f4 01f4 01f4 01f4 08 00 0000"  # header
    "0000001a 02 01 01 3c 00 0004 0003 00 000102030405060708090a0b"  # image
)


@pytest.fixture
def record(plain_image_records: dict[str, ImageRecord]) -> FingerImageRecord2005:
    found = plain_image_records[TITLE]
    assert isinstance(found, FingerImageRecord2005)
    return found


def changed(place: int, *values: int) -> bytes:
    data = bytearray(BYTES)
    data[place : place + len(values)] = bytes(values)
    return bytes(data)


def test_the_bytes_are_those_of_the_standard(record: FingerImageRecord2005) -> None:
    assert write_image_record(record) == BYTES
    assert read_image_record(BYTES) == record
    assert record.title == TITLE


def test_what_any_user_must_know_is_told(record: FingerImageRecord2005) -> None:
    (item,) = record.images
    assert (item.position, item.x_ppi, item.quality) == (2, 500.0, 60)
    (unrated,) = replace(record, representations=(replace(record.representations[0], quality=254),)).images
    assert unrated.quality is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(18, 0), "number of images, byte 18: 0 is not allowed"),
        (changed(19, 0), "scale unit, byte 19: 0 is not one of 1, 2"),
        (changed(29, 6), "compression, byte 29: 6 is not one of 0, 1, 2, 3, 4, 5"),
        (changed(35, 13), "image 1, length, byte 32: states 13 bytes, the header of an image has 14"),
        (changed(36, 40), "image 1, position, byte 36: 40 is not one of"),
        (changed(40, 29), "image 1, impression, byte 40: 29 is not one of 0, 1, 2, 3, 7, 8, 9"),
        (changed(42, 5), "image 1, image data length, byte 32: 12 bytes; 5 x 3 pixels of 8 bits take 15"),
    ],
)
def test_violations_are_refused_with_their_place(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=f"{TITLE}, {said}") as caught:
        read_image_record(data)
    assert type(caught.value) is FormatError


def test_the_american_twin_is_told_by_its_longer_header() -> None:
    total = (len(BYTES) + 4).to_bytes(6, "big")
    american = BYTES[:8] + total + b"\0\1\0\2" + BYTES[14:]
    with pytest.raises(UnsupportedVersion, match="header has 36 bytes, so this is ANSI/INCITS 381-2004"):
        read_image_record(american)


def test_images_of_different_kinds_do_not_share_a_header(record: FingerImageRecord2005) -> None:
    (first,) = record.representations
    other = replace(first, image=replace(first.image, bit_depth=4))
    for parts, count in (((first, other), 2), ((), 0)):
        with pytest.raises(FormatError, match=f"of one depth and encoding, here are {count}"):
            write_image_record(replace(record, representations=parts))
