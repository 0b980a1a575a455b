"""Records of samples, our own and those of MOSIP's mock device where they are lent."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.drivers.sbi.conftest import NOW

from biocapil.errors import ProtocolError
from biocapil.sample import CapturedSample
from biocapil.vocabulary import EyePosition, FingerPosition, Modality
from biocapil_drivers.sbi.messages import CapturedRecord
from biocapil_drivers.sbi.records import record_of, sample_of

LENT = (
    Path(os.environ.get("BIOCAPIL_DATA", "../shared/data")) / "vectors" / "mosip_mock" / "Profile" / "Default"
)
needs_lent = pytest.mark.skipif(not LENT.is_dir(), reason="the lent records are not here: set BIOCAPIL_DATA")
NAMES = {
    "Left_Index": (Modality.FINGER, "Left IndexFinger", FingerPosition.LEFT_INDEX),
    "Right_Thumb": (Modality.FINGER, "Right Thumb", FingerPosition.RIGHT_THUMB),
    "Left_Iris": (Modality.IRIS, "Left", EyePosition.LEFT),
    "Face": (Modality.FACE, "", FingerPosition.UNKNOWN),
}


def captured(record: bytes, modality: Modality = Modality.FINGER, name: str = "") -> CapturedRecord:
    return CapturedRecord(record=record, modality=modality, name=name, quality=None, link="")


def test_a_record_that_names_another_finger_is_refused() -> None:
    pixels = np.zeros((40, 40), np.uint8)
    sample = CapturedSample(pixels=pixels, resolution_ppi=500, position=FingerPosition.LEFT_RING)
    record = record_of(sample, captured=NOW)
    assert sample_of(captured(record, name="Left RingFinger")).position is FingerPosition.LEFT_RING
    with pytest.raises(ProtocolError, match="unsound"):
        sample_of(captured(record, name="Left IndexFinger"))
    with pytest.raises(ProtocolError, match="unsound"):
        sample_of(captured(record, modality=Modality.IRIS))


def test_a_grey_face_stays_grey() -> None:
    face = CapturedSample(pixels=np.full((40, 30), 77, np.uint8), modality=Modality.FACE)
    again = sample_of(captured(record_of(face, captured=NOW), Modality.FACE))
    assert np.array_equal(again.pixels, face.pixels)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n", b"FIR\x00020\x00"])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        sample_of(captured(data))


@pytest.mark.soak
@given(st.sampled_from([b"FIR\x00020\0", b"FAC\x00030\0", b"IIR\x00020\0"]), st.binary(max_size=80))
def test_any_bytes_are_a_sample_or_a_protocol_error(opening: bytes, rest: bytes) -> None:
    for modality in Modality:
        with pytest.raises(ProtocolError):
            sample_of(captured(opening + rest, modality))


@needs_lent
@pytest.mark.lent
@pytest.mark.parametrize("stem", list(NAMES))
def test_records_of_the_mock_device_become_samples(stem: str) -> None:
    modality, name, position = NAMES[stem]
    record = (LENT / "Registration" / f"{stem}.iso").read_bytes()
    sample = sample_of(captured(record, modality, name))
    assert (sample.modality, sample.position) == (modality, position)
    assert min(sample.pixels.shape[:2]) > 100


@needs_lent
@pytest.mark.lent
@pytest.mark.skipif(importlib.util.find_spec("_wsq") is None, reason="the wsq package is absent")
def test_wsq_records_of_the_mock_device_become_samples() -> None:
    sample = sample_of(captured((LENT / "Auth" / "Left_Index_wsq.iso").read_bytes()))
    assert sample.position is FingerPosition.LEFT_INDEX
