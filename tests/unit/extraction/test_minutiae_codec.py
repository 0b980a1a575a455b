from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError, TruncatedRecord, UnsupportedVersion
from biocapil.extraction.minutiae_codec import BYTES_PER_MINUTIA, decode_minutiae, encode_minutiae
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, ModelId


def made(count: int = 3, *, seed: int = 1, model_id: str = "leader@0123456789ab") -> FingerprintTemplate:
    rng = np.random.default_rng(seed)
    return FingerprintTemplate(
        positions_um=(rng.random((count, 2)) * 15_000).astype(np.float32),
        angles_rad=(rng.random(count) * 6.28).astype(np.float32),
        kinds=rng.integers(0, 3, count).astype(np.uint8),
        qualities=rng.integers(0, 101, count).astype(np.uint8),
        extent_um=(15_240.5, 20_000.25),
        model_id=ModelId(model_id),
        position=FingerPosition.LEFT_INDEX,
    )


def resealed(data: bytes) -> bytes:
    return data[:-4] + struct.pack("<I", zlib.crc32(data[:-4]))


def assert_same(first: FingerprintTemplate, second: FingerprintTemplate) -> None:
    for field in ("positions_um", "angles_rad", "kinds", "qualities"):
        assert np.array_equal(getattr(first, field), getattr(second, field))
        assert getattr(first, field).dtype == getattr(second, field).dtype
    assert (first.extent_um, first.model_id, first.position) == (
        second.extent_um,
        second.model_id,
        second.position,
    )


@given(count=st.integers(0, 200), seed=st.integers(0, 2**32 - 1), model_id=st.text(max_size=60))
@settings(max_examples=50)
def test_every_template_comes_back_without_loss(count: int, seed: int, model_id: str) -> None:
    template = made(count, seed=seed, model_id=model_id)
    assert_same(decode_minutiae(encode_minutiae(template)), template)


def test_a_minutia_takes_fourteen_bytes() -> None:
    assert len(encode_minutiae(made(50))) - len(encode_minutiae(made(49))) == BYTES_PER_MINUTIA == 14


def test_the_bytes_of_version_one_never_change() -> None:
    template = FingerprintTemplate(
        positions_um=np.array([[1.5, 2.0]], np.float32),
        angles_rad=np.array([0.5], np.float32),
        kinds=np.array([2], np.uint8),
        qualities=np.array([90], np.uint8),
        extent_um=(10.0, 20.0),
        model_id=ModelId("m@1"),
        position=FingerPosition.RIGHT_THUMB,
    )
    assert encode_minutiae(template).hex() == (
        "4243465401010100000000000000000024400000000000003440036d40310000c03f000000400000003f025af8586c7f"
    )


def test_too_long_a_model_id_is_a_broken_contract() -> None:
    with pytest.raises(ValueError, match="at most 255 bytes, got 256"):
        encode_minutiae(made(model_id="x" * 256))


def test_a_newer_version_is_refused() -> None:
    data = bytearray(encode_minutiae(made()))
    data[4] = 2
    with pytest.raises(UnsupportedVersion, match="version 2 is unknown, this BioCapil reads 1"):
        decode_minutiae(bytes(data))


def test_another_record_is_refused() -> None:
    with pytest.raises(FormatError, match="magic, byte 0: does not begin with BCFT"):
        decode_minutiae(b"FMR\0" + bytes(40))


@pytest.mark.parametrize("length", [4, 20, 60])
def test_a_record_that_ends_early_is_truncated(length: int) -> None:
    with pytest.raises(TruncatedRecord):
        decode_minutiae(encode_minutiae(made())[:length])


def test_bytes_after_the_record_are_refused() -> None:
    with pytest.raises(FormatError, match="3 minutiae make 92 bytes, here are 93"):
        decode_minutiae(encode_minutiae(made()) + b"\0")


def test_a_flipped_bit_fails_the_checksum() -> None:
    data = bytearray(encode_minutiae(made()))
    data[60] ^= 1
    with pytest.raises(FormatError, match="CRC: the checksum does not agree"):
        decode_minutiae(bytes(data))


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (5, b"\x0b"),
        (10, struct.pack("<d", float("nan"))),
        (27, b"\xff"),
        (46, struct.pack("<f", float("nan"))),
    ],
)
def test_values_that_no_template_has_are_refused_also_under_a_true_checksum(
    offset: int, value: bytes
) -> None:
    data = bytearray(encode_minutiae(made()))
    data[offset : offset + len(value)] = value
    with pytest.raises(FormatError, match="holds no sound template"):
        decode_minutiae(resealed(bytes(data)))


@given(data=st.binary(max_size=120), seal=st.booleans())
@settings(max_examples=200)
def test_no_bytes_raise_anything_but_a_format_error(data: bytes, *, seal: bool) -> None:
    record = encode_minutiae(made())[: 26 - len(data) % 26] + data
    try:
        decode_minutiae(resealed(record) if seal else record)
    except FormatError:
        return
    pytest.fail("random bytes made a template")
