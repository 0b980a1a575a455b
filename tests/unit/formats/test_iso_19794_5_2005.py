from __future__ import annotations

from dataclasses import replace

import pytest

from biocapil.errors import FormatError
from biocapil.formats import FaceImageRecord2005, ImageRecord, read_image_record, write_image_record
from biocapil.formats.iso_19794_5_2005 import TITLE, depth_of
from biocapil.vocabulary import Modality


@pytest.fixture
def record(plain_image_records: dict[str, ImageRecord]) -> FaceImageRecord2005:
    found = plain_image_records[TITLE]
    assert isinstance(found, FaceImageRecord2005)
    return found


def test_the_bytes_are_those_of_the_standard(record: FaceImageRecord2005) -> None:
    data = write_image_record(record)
    image = record.representations[0].image.data
    body = bytes.fromhex(
        "0001 00 00 00 000000 0000 000000 000000"  # facial information
        "01 21 0001 0002 0000"  # landmark
        "01 00 0004 0003 03 00 0000 0046"  # image information
    )
    total = len(data).to_bytes(4, "big")
    length = (len(data) - 14).to_bytes(4, "big")
    assert data == b"FAC\x00010\0" + total + b"\0\1" + length + body + image
    assert read_image_record(data) == record
    assert record.title == TITLE


def test_what_any_user_must_know_is_told(record: FaceImageRecord2005) -> None:
    (item,) = record.images
    assert (item.modality, item.quality, item.image.is_colour) == (Modality.FACE, 70, False)
    unsaid = replace(record.representations[0], quality=0)
    assert unsaid.recorded.quality is None


def test_codes_of_issuers_that_keep_to_none_are_read(record: FaceImageRecord2005) -> None:
    odd = replace(record, representations=(replace(record.representations[0], gender=7, hair_colour=99),))
    assert read_image_record(write_image_record(odd)) == odd


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (13, 0, "number of images, byte 12: 0 is not allowed"),
        (43, 2, "image 1, compression, byte 43: 2 is not one of 0, 1"),
        (45, 0, "image 1, width px, byte 44: 0 is not allowed"),
    ],
)
def test_violations_are_refused_with_their_place(
    record: FaceImageRecord2005, place: int, value: int, said: str
) -> None:
    data = bytearray(write_image_record(record))
    data[place] = value
    with pytest.raises(FormatError, match=f"{TITLE}, {said}"):
        read_image_record(bytes(data))


def test_a_length_that_leaves_no_image_is_refused(record: FaceImageRecord2005) -> None:
    data = bytearray(write_image_record(record))
    data[14:18] = (40).to_bytes(4, "big")
    with pytest.raises(FormatError, match="image 1, length, byte 14: states 40 bytes, the image begins"):
        read_image_record(bytes(data))


@pytest.mark.parametrize(("colour_space", "depth"), [(0, 24), (1, 24), (2, 16), (3, 8), (4, 24)])
def test_the_depth_follows_from_the_colour_space(colour_space: int, depth: int) -> None:
    assert depth_of(colour_space) == depth
