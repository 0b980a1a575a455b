"""Image records that other people's software wrote: all are decoded and written again, or rightly refused."""

from __future__ import annotations

import base64
import binascii
import importlib.util
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from biocapil.errors import FormatError
from biocapil.formats import (
    ImageRecord,
    decode_pixels,
    is_image_record,
    read_image_record,
    record_to_samples,
    write_image_record,
)
from biocapil.vocabulary import FingerPosition, Modality

pytestmark = pytest.mark.lent
needs_wsq = pytest.mark.skipif(importlib.util.find_spec("_wsq") is None, reason="the wsq package is absent")

FOLDERS = {"mosip_mock": 77, "mosip_bio_utils": 12, "fir_idemia": 2}
"""Folders of records as files, with their number."""

IN_TEXTS = 43
"""Different records that stand in the XML and JSON files of these folders in base64."""


class Refused(NamedTuple):
    """A record in a text that breaks its standard, by its length and the bytes that it states."""

    length: int
    text: str


REFUSED = (
    # a JPEG 2000 image that went through a conversion to UTF-8
    Refused(34_954, "compression, byte 21: 49085 is not one of"),
    # padded
    Refused(307_200, "277543 bytes follow the last image"),
    Refused(72_065, "48977 bytes follow the last image"),
)


def records_in_files(folder: Path) -> dict[str, bytes]:
    paths = sorted(file for file in folder.rglob("*") if file.is_file())
    found = {str(file.relative_to(folder)): file.read_bytes() for file in paths}
    return {name: data for name, data in found.items() if is_image_record(data)}


def records_in_text(text: bytes, *, depth: int = 0) -> set[bytes]:
    """Records in base64, also inside of tokens and objects that stand in base64 themselves."""
    found: set[bytes] = set()
    for word in re.findall(rb"[A-Za-z0-9+/_-]{40,}", text):
        standard = word.replace(b"-", b"+").replace(b"_", b"/")
        try:
            data = base64.b64decode(standard + b"=" * (-len(standard) % 4))
        except binascii.Error:
            continue
        if is_image_record(data):
            found.add(data)
        elif depth < 2 and data.startswith(b"{"):
            found |= records_in_text(data, depth=depth + 1)
    return found


def decoded(record: ImageRecord) -> None:
    for item in record.images:
        pixels = decode_pixels(item.image, colour=item.modality is Modality.FACE)
        assert pixels.shape[:2] == (item.image.height_px, item.image.width_px)
        assert pixels.std() > 5


@needs_wsq
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_record_is_decoded_and_written_again_byte_for_byte(lent_data: Path, folder: str) -> None:
    records = records_in_files(lent_data / "vectors" / folder)
    assert len(records) == FOLDERS[folder]
    for name, data in records.items():
        record = read_image_record(data)
        assert write_image_record(record) == data, name
        decoded(record)


@needs_wsq
def test_wsq_and_jpeg_2000_records_of_one_capture_show_the_same_finger(lent_data: Path) -> None:
    folder = lent_data / "vectors/mosip_mock/Profile/Default/Auth"
    for name in ("Left_Index", "Right_Thumb"):
        pair = [read_image_record((folder / f"{name}{end}.iso").read_bytes()) for end in ("", "_wsq")]
        (one,), (other,) = (record_to_samples(record) for record in pair)
        assert one.position is other.position
        assert one.resolution_ppi == other.resolution_ppi == 500
        assert np.corrcoef(one.pixels.ravel(), other.pixels.ravel())[0, 1] > 0.9


def test_records_in_texts_are_decoded_or_refused_with_the_reason(lent_data: Path) -> None:
    found: set[bytes] = set()
    for folder in ("mosip_mock", "mosip_bio_utils"):
        for file in (lent_data / "vectors" / folder).rglob("*"):
            if file.suffix in {".xml", ".txt"}:
                found |= records_in_text(file.read_bytes())
    assert len(found) == IN_TEXTS
    reasons = {refused.length: refused.text for refused in REFUSED}
    for data in found:
        if len(data) in reasons:
            with pytest.raises(FormatError, match=reasons[len(data)]):
                read_image_record(data)
        else:
            record = read_image_record(data)
            assert write_image_record(record) == data
            decoded(record)


def test_the_fields_of_a_known_record_are_read(lent_data: Path) -> None:
    folder = lent_data / "vectors/fir_idemia"
    (sample,) = record_to_samples(read_image_record((folder / "annexc.fir").read_bytes()))
    assert sample.pixels.tobytes() == (folder / "type4-annexc.data").read_bytes()
    assert sample.position is FingerPosition.LEFT_INDEX
    first, second = record_to_samples(read_image_record((folder / "twofingers.fir").read_bytes()))
    assert first.pixels.tobytes() == (folder / "finger.data").read_bytes()
    assert second.position is FingerPosition.LEFT_MIDDLE


def test_a_face_record_of_2005_is_read_and_written_again(lent_data: Path) -> None:
    data = (lent_data / "vectors/libbiomeval_vectors/face01.iso2005").read_bytes()
    record = read_image_record(data)
    decoded(record)
    assert write_image_record(record) == data


def test_a_record_with_an_uncounted_block_is_refused_with_the_reason(lent_data: Path) -> None:
    data = (lent_data / "vectors/libbiomeval_vectors/iris01.iso2011").read_bytes()
    # two quality blocks, of which the length of the representation counts one
    with pytest.raises(FormatError, match="states 7466 bytes, up to the end of the image there are 7471"):
        read_image_record(data)
