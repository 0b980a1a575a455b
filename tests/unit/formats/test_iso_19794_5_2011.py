from __future__ import annotations

from dataclasses import replace

import pytest

from biocapil.errors import FormatError
from biocapil.formats import (
    FaceFeature,
    FaceImageRecord2011,
    ImageRecord,
    Landmark,
    angle_deg,
    read_image_record,
    write_image_record,
)
from biocapil.formats.iso_19794_5_2011 import TITLE, depth_of
from biocapil.vocabulary import Modality

IMAGE_PLACE = 61
"""Where the image type stands: behind one landmark."""


@pytest.fixture
def record(plain_image_records: dict[str, ImageRecord]) -> FaceImageRecord2011:
    found = plain_image_records[TITLE]
    assert isinstance(found, FaceImageRecord2011)
    return found


def test_the_bytes_are_those_of_the_standard(record: FaceImageRecord2011) -> None:
    data = write_image_record(record)
    image = record.representations[0].image.data
    total = len(data).to_bytes(4, "big")
    body = bytes.fromhex(
        "ffff ffffffffff ffff 00 0000 0000 00"  # capture
        "0001 00 00 00 00 000000 0000 000000 000000"  # facial information
        "01 21 0001 0002 0000"  # landmark
        "00 03 0004 0003 00 0000 00 03"  # image information
    )
    length = (len(data) - 17).to_bytes(4, "big")
    size = len(image).to_bytes(4, "big")
    assert data == b"FAC\x00030\0" + total + b"\0\1\0\0\0" + length + body + size + image
    assert read_image_record(data) == record
    assert record.title == TITLE


def test_what_any_user_must_know_is_told(record: FaceImageRecord2011) -> None:
    (item,) = record.images
    assert (item.modality, item.position, item.x_ppi, item.quality) == (Modality.FACE, 0, None, None)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (14, 1, "certification flag, byte 14: 1 is not allowed, must be 0"),
        (38, 3, "representation 1, gender, byte 38: 3 is not one of 0, 1, 2, 255"),
        (39, 8, "representation 1, eye colour, byte 39: 8 is not one of"),
        (IMAGE_PLACE, 4, f"representation 1, image type, byte {IMAGE_PLACE}: 4 is not one of"),
        (
            IMAGE_PLACE + 1,
            4,
            f"representation 1, compression, byte {IMAGE_PLACE + 1}: 4 is not one of 0, 1, 2, 3",
        ),
        (IMAGE_PLACE + 10, 7, f"representation 1, colour space, byte {IMAGE_PLACE + 10}: 7 is not one of"),
    ],
)
def test_violations_are_refused_with_their_place(
    record: FaceImageRecord2011, place: int, value: int, said: str
) -> None:
    data = bytearray(write_image_record(record))
    data[place] = value
    with pytest.raises(FormatError, match=f"{TITLE}, {said}"):
        read_image_record(bytes(data))


def test_only_types_with_a_third_dimension_carry_data_of_it(record: FaceImageRecord2011) -> None:
    (first,) = record.representations
    solid = replace(record, representations=(replace(first, image_type=129, three_dimensional=b"points"),))
    data = bytearray(write_image_record(solid))
    assert read_image_record(bytes(data)) == solid
    data[IMAGE_PLACE] = 1
    with pytest.raises(FormatError, match="6 bytes follow an image of type 1, which has no third dimension"):
        read_image_record(bytes(data))
    flat = replace(record, representations=(replace(first, three_dimensional=b"points"),))
    with pytest.raises(FormatError, match="an image of type 0 has no third dimension"):
        write_image_record(flat)


def test_features_count_only_where_they_are_specified(record: FaceImageRecord2011) -> None:
    (first,) = record.representations
    assert replace(first, features=0b11).feature_flags == FaceFeature.SPECIFIED | FaceFeature.GLASSES
    assert replace(first, features=0b10).feature_flags == FaceFeature(0)


@pytest.mark.parametrize(
    ("code", "degrees"), [(0, None), (1, 0.0), (2, 2.0), (91, 180.0), (92, -178.0), (180, -2.0), (181, None)]
)
def test_pose_angles_are_degrees_in_steps_of_two(code: int, degrees: float | None) -> None:
    assert angle_deg(code) == degrees


@pytest.mark.parametrize(
    ("colour_space", "depth"), [(0, 24), (1, 24), (2, 16), (3, 8), (4, 48), (5, 16), (200, 24)]
)
def test_the_depth_follows_from_the_colour_space(colour_space: int, depth: int) -> None:
    assert depth_of(colour_space) == depth


def test_a_landmark_shows_which_it_is_and_not_where() -> None:
    assert repr(Landmark(kind=1, code=33, x=123, y=456)) == "Landmark(kind=1, code=33)"
