from __future__ import annotations

from dataclasses import replace

import pytest

from biocapil.errors import FormatError, TruncatedRecord
from biocapil.formats import (
    CertificationBlock,
    EncodedImage,
    ExtendedBlock,
    FingerImageRecord2011,
    ImageEncoding,
    ImageRecord,
    RecordedPosition,
    read_image_record,
    write_image_record,
)
from biocapil.formats.iso_19794_4_2011 import TITLE
from biocapil.vocabulary import FingerPosition, Modality

BYTES = bytes.fromhex(
    "46495200 30323000 00000052 0001 00 01"  # header
    "00000042 ffff ffffffffff ffff 00 0000 0000 01 46 0001 0002"  # length, capture
    "07 00 01 01f4 01f4 01f4 01f4 08 00 1d 0004 0003"  # position to size
    "0000000c 000102030405060708090a0b"  # image
    "0003 0008 6e6f7465"  # comment
)
BEHIND_IMAGE = len(BYTES) - 8


@pytest.fixture
def record(plain_image_records: dict[str, ImageRecord]) -> FingerImageRecord2011:
    found = plain_image_records[TITLE]
    assert isinstance(found, FingerImageRecord2011)
    return found


def changed(place: int, *values: int) -> bytes:
    data = bytearray(BYTES)
    data[place : place + len(values)] = bytes(values)
    return bytes(data)


def test_the_bytes_are_those_of_the_standard(record: FingerImageRecord2011) -> None:
    assert write_image_record(record) == BYTES
    assert read_image_record(BYTES) == record
    assert record.title == TITLE


def test_what_any_user_must_know_is_told(record: FingerImageRecord2011) -> None:
    (item,) = record.images
    assert (item.modality, item.position, item.x_ppi, item.y_ppi) == (Modality.FINGER, 7, 500.0, 500.0)
    assert item.quality == 70
    assert item.image is record.representations[0].image


def test_a_position_is_one_finger_or_none() -> None:
    assert RecordedPosition.LEFT_LITTLE.finger is FingerPosition.LEFT_LITTLE
    assert RecordedPosition.UNKNOWN.finger is FingerPosition.UNKNOWN
    assert RecordedPosition.BOTH_THUMBS.finger is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(12, 0, 0), "number of representations, byte 12: 0 is not allowed, must be 1..65535"),
        (changed(14, 2), "certification flag, byte 14: 2 is not allowed, must be 0..1"),
        (changed(15, 2), "number of positions, byte 15: states 2, the representations show 1"),
        (
            changed(19, 0x39),
            "representation 1, length, byte 16: states 57 bytes, up to the end of the image there are 58",
        ),
        (changed(40, 11), "representation 1, position, byte 40: 11 is not one of 0, 1, 2"),
        (changed(42, 3), "representation 1, scale unit, byte 42: 3 is not one of 1, 2"),
        (changed(47, 0, 0), "representation 1, x image rate, byte 47: 0 is not allowed"),
        (changed(52, 7), "representation 1, compression, byte 52: 7 is not one of 0, 1, 2, 3, 4, 5, 6"),
        (changed(53, 16), "representation 1, impression, byte 53: 16 is not one of"),
        (
            changed(61, 11),
            "representation 1, image data length, byte 58: 11 bytes; 4 x 3 pixels of 8 bits take 12",
        ),
        (changed(61, 0), "representation 1, image data length, byte 58: the image has no bytes"),
        (
            changed(BEHIND_IMAGE + 3, 9),
            f"representation 1, extended data block 1 length, byte {BEHIND_IMAGE + 2}: type 3 states 9 bytes",
        ),
    ],
)
def test_violations_are_refused_with_their_place(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=f"{TITLE}, {said}") as caught:
        read_image_record(data)
    assert type(caught.value) is FormatError


def test_a_length_beyond_the_file_is_truncated() -> None:
    with pytest.raises(TruncatedRecord, match="bytes needed: 4294967295, left: 20"):
        read_image_record(changed(58, 0xFF, 0xFF, 0xFF, 0xFF))


def test_packed_pixels_are_counted_in_bits(record: FingerImageRecord2011) -> None:
    packed = EncodedImage(encoding=ImageEncoding.PACKED, width_px=3, height_px=3, bit_depth=4, data=bytes(5))
    first = replace(record.representations[0], image=packed)
    with_packed = replace(record, representations=(first,))
    assert read_image_record(write_image_record(with_packed)) == with_packed


def test_what_the_standard_has_no_place_for_is_not_written(record: FingerImageRecord2011) -> None:
    (first,) = record.representations
    certified = replace(first, certifications=(CertificationBlock(authority=1, scheme=2),))
    long_block = replace(first, blocks=(ExtendedBlock(kind=300, data=bytes(0xFFFC)),))
    jpeg_ls = replace(first, image=replace(first.image, encoding=ImageEncoding.JPEG_LS))
    for bad, said in (
        (replace(record, representations=()), "number of representations: a record holds at least one"),
        (replace(record, representations=(certified,)), "is said to hold no certifications"),
        (replace(record, representations=(long_block,)), "a block holds at most 65531 bytes"),
        (
            replace(record, representations=(jpeg_ls,)),
            "image encoding: jpeg-ls has no code here; there are raw",
        ),
    ):
        with pytest.raises(FormatError, match=said):
            write_image_record(bad)
    allowed = replace(record, representations=(certified,), has_certifications=True)
    assert read_image_record(write_image_record(allowed)) == allowed
