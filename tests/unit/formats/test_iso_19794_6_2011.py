from __future__ import annotations

from dataclasses import replace

import pytest

from biocapil.errors import FormatError
from biocapil.formats import (
    CompressionHistory,
    ImageRecord,
    IrisImageRecord2011,
    Orientation,
    properties_of,
    read_image_record,
    roll_deg,
    write_image_record,
)
from biocapil.formats.iris_image_codes import split_format
from biocapil.formats.iso_19794_6_2011 import TITLE
from biocapil.vocabulary import EyePosition, Modality

BYTES = bytes.fromhex(
    "49495200 30323000 00000055 0001 00 00"  # header
    "00000045 ffff ffffffffff ffff 00 0000 0000 01 46 0001 0002"  # length, capture
    "0001 01 01 02 00 0004 0003 08 0000 ffff ffff 0000 0000 0000 0000 0000 0000"
    "0000000c 000102030405060708090a0b"
)


@pytest.fixture
def record(plain_image_records: dict[str, ImageRecord]) -> IrisImageRecord2011:
    found = plain_image_records[TITLE]
    assert isinstance(found, IrisImageRecord2011)
    return found


def test_the_bytes_are_those_of_the_standard(record: IrisImageRecord2011) -> None:
    data = write_image_record(record)
    assert data.hex(" ") == BYTES.hex(" ")
    assert read_image_record(data) == record
    assert record.title == TITLE


def test_what_any_user_must_know_is_told(record: IrisImageRecord2011) -> None:
    (item,) = record.images
    assert (item.modality, item.position, item.quality) == (Modality.IRIS, EyePosition.RIGHT, 70)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (14, 1, "certification flag, byte 14: 1 is not allowed, must be 0"),
        (15, 3, "number of eyes, byte 15: 3 is not allowed, must be 0..2"),
        (41, 0, "representation 1, number, byte 40: 0 is not allowed"),
        (42, 3, "representation 1, eye, byte 42: 3 is not one of 0, 1, 2"),
        (43, 4, "representation 1, image type, byte 43: 4 is not one of 1, 2, 3, 7"),
        (44, 3, "representation 1, compression, byte 44: 3 is not one of 2, 4, 6, 8, 10, 12, 14, 16"),
        (45, 0x03, "representation 1, properties, byte 45: 0x03: an orientation"),
        (45, 0x0C, "representation 1, properties, byte 45: 0x0c: an orientation"),
        (45, 0x10, "representation 1, properties, byte 45: 0x10: an orientation"),
        (45, 0xC0, "representation 1, properties, byte 45: 0xc0: an orientation"),
    ],
)
def test_violations_are_refused_with_their_place(
    record: IrisImageRecord2011, place: int, value: int, said: str
) -> None:
    data = bytearray(write_image_record(record))
    data[place] = value
    with pytest.raises(FormatError, match=f"{TITLE}, {said}"):
        read_image_record(bytes(data))


def test_bytes_behind_an_image_are_refused(record: IrisImageRecord2011) -> None:
    data = bytearray(write_image_record(record)) + b"--"
    data[11] += 2
    data[19] += 2
    with pytest.raises(FormatError, match="representation 1, data behind the image, byte 85: 2 bytes follow"):
        read_image_record(bytes(data))


def test_the_properties_are_three_words_in_one_byte(record: IrisImageRecord2011) -> None:
    value = properties_of(
        horizontal=Orientation.BASE, vertical=Orientation.FLIPPED, history=CompressionHistory.LOSSY
    )
    (first,) = record.representations
    image = replace(first, properties=value)
    assert value == 0b10001001
    assert (image.horizontal, image.vertical) == (Orientation.BASE, Orientation.FLIPPED)
    assert image.history is CompressionHistory.LOSSY
    wrong = replace(record, representations=(replace(first, properties=3),))
    with pytest.raises(FormatError, match="representation 1, properties: 0x03"):
        write_image_record(wrong)


@pytest.mark.parametrize(
    ("code", "grey", "is_colour"), [(2, 2, False), (4, 2, True), (14, 14, False), (16, 14, True)]
)
def test_a_format_code_says_encoding_and_colour(code: int, grey: int, *, is_colour: bool) -> None:
    assert split_format(code) == (grey, is_colour)


@pytest.mark.parametrize(("code", "degrees"), [(0, 0.0), (16_384, 90.0), (49_152, 270.0), (65_535, None)])
def test_a_roll_code_is_a_part_of_a_turn(code: int, degrees: float | None) -> None:
    assert roll_deg(code) == degrees
