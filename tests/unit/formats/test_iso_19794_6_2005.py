from __future__ import annotations

from dataclasses import replace

import pytest

from biocapil.errors import FormatError
from biocapil.formats import ImageRecord, IrisImageRecord2005, read_image_record, write_image_record
from biocapil.formats.iso_19794_6_2005 import TITLE
from biocapil.vocabulary import EyePosition, Modality

BYTES = bytes.fromhex(
    "49495200 30313000 00000047 0000 01 002d 0000 0000 0002 0004 0003 08 00"
    "00000000000000000000000000000000"
    "02 0001 0001 50 ffff ffff 0000000c 000102030405060708090a0b"
)


@pytest.fixture
def record(plain_image_records: dict[str, ImageRecord]) -> IrisImageRecord2005:
    found = plain_image_records[TITLE]
    assert isinstance(found, IrisImageRecord2005)
    return found


def changed(place: int, *values: int) -> bytes:
    data = bytearray(BYTES)
    data[place : place + len(values)] = bytes(values)
    return bytes(data)


def test_the_bytes_are_those_of_the_standard(record: IrisImageRecord2005) -> None:
    assert write_image_record(record).hex(" ") == BYTES.hex(" ")
    assert read_image_record(BYTES) == record
    assert record.title == TITLE


def test_what_any_user_must_know_is_told(record: IrisImageRecord2005) -> None:
    (item,) = record.images
    assert (item.modality, item.position, item.quality) == (Modality.IRIS, EyePosition.LEFT, 80)
    (eye,) = record.eyes
    unrated = replace(eye, images=(replace(eye.images[0], quality=254),))
    assert replace(record, eyes=(unrated,)).images[0].quality is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(14, 3), "number of eyes, byte 14: 3 is not allowed, must be 1..2"),
        (changed(16, 46), "header length, byte 15: 46 is not allowed, must be 45"),
        (changed(22, 3), "compression, byte 21: 3 is not one of"),
        (changed(45, 3), "eye 1, eye, byte 45: 3 is not one of 0, 1, 2"),
        (changed(47, 0), "eye 1, number of images, byte 46: 0 is not allowed"),
        (changed(50, 101), "eye 1, image 1, quality, byte 50: 101 is not allowed, must be 0..100 or 254"),
        (
            changed(24, 5),
            "eye 1, image 1, image data length, byte 55: 12 bytes; 5 x 3 pixels of 8 bits take 15",
        ),
    ],
)
def test_violations_are_refused_with_their_place(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=f"{TITLE}, {said}"):
        read_image_record(data)


def test_what_does_not_fit_one_header_is_not_written(record: IrisImageRecord2005) -> None:
    (eye,) = record.eyes
    (first,) = eye.images
    other = replace(first, image=replace(first.image, is_colour=True))
    with pytest.raises(FormatError, match="of one size, depth and encoding, here are 2"):
        write_image_record(replace(record, eyes=(replace(eye, images=(first, other)),)))
    with pytest.raises(FormatError, match="device unique identifier: 3 bytes, must be 16"):
        write_image_record(replace(record, device_name=b"abc"))
