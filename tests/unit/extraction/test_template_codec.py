from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.any_template import Template
from biocapil.embedding import Embedding
from biocapil.errors import FormatError, TruncatedRecord, UnsupportedVersion
from biocapil.extraction.template_codec import decode_template, encode_template
from biocapil.iris_code import COLUMN_BITS, CodeGeometry, IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId


def embedding(dimensions: int = 4, *, seed: int = 1, model_id: str = "faces@0") -> Embedding:
    values = np.random.default_rng(seed).normal(size=dimensions)
    return Embedding(values=(values / np.linalg.norm(values)).astype(np.float32), model_id=ModelId(model_id))


def iris_code(columns: int = 9, column_bits: int = 16, *, seed: int = 1) -> IrisCode:
    rng = np.random.default_rng(seed)
    shape = (columns, column_bits)
    return IrisCode.from_bits(rng.random(shape) < 0.5, rng.random(shape) < 0.9, model_id=ModelId("irises@0"))


def minutia() -> FingerprintTemplate:
    return FingerprintTemplate(
        positions_um=np.array([[1.0, 2.0]], np.float32),
        angles_rad=np.array([1.0], np.float32),
        kinds=np.array([1], np.uint8),
        qualities=np.array([50], np.uint8),
        extent_um=(10.0, 10.0),
        model_id=ModelId("fingers@0"),
    )


MADE: tuple[Template, ...] = (minutia(), embedding(), iris_code())
every_kind = pytest.mark.parametrize("template", MADE, ids=["minutiae", "embedding", "iris code"])


def resealed(data: bytes) -> bytes:
    return data[:-4] + struct.pack("<I", zlib.crc32(data[:-4]))


@given(dimensions=st.integers(1, 600), seed=st.integers(0, 2**32 - 1), model_id=st.text(max_size=60))
@settings(max_examples=40)
def test_every_embedding_comes_back_without_loss(dimensions: int, seed: int, model_id: str) -> None:
    made = embedding(dimensions, seed=seed, model_id=model_id)
    back = decode_template(encode_template(made))
    assert isinstance(back, Embedding)
    assert (back.values == made.values).all()
    assert back.model_id == made.model_id


@given(columns=st.integers(1, 300), column_bits=st.sampled_from(COLUMN_BITS), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_every_iris_code_comes_back_without_loss(columns: int, column_bits: int, seed: int) -> None:
    made = iris_code(columns, column_bits, seed=seed)
    back = decode_template(encode_template(made))
    assert isinstance(back, IrisCode)
    assert (back.code == made.code).all()
    assert (back.mask == made.mask).all()
    assert (back.geometry, back.model_id) == (made.geometry, made.model_id)


@every_kind
def test_the_kind_comes_back(template: Template) -> None:
    assert type(decode_template(encode_template(template))) is type(template)


def test_the_bytes_of_version_one_never_change() -> None:
    unit = Embedding(values=np.array([0.6, -0.8], np.float32), model_id=ModelId("m@1"))
    assert encode_template(unit).hex() == "4243454d010200036d40319a99193fcdcc4cbfed66e0f6"
    code = IrisCode(
        code=np.array([5], np.uint64),
        mask=np.array([7], np.uint64),
        geometry=CodeGeometry(columns=2, column_bits=8),
        model_id=ModelId("m@1"),
    )
    assert encode_template(code).hex() == ("4243494301020008036d4031050000000000000007000000000000003db177c9")


def test_too_long_a_model_id_is_a_broken_contract() -> None:
    with pytest.raises(ValueError, match="at most 255 bytes, got 256"):
        encode_template(embedding(model_id="x" * 256))


@every_kind
def test_a_newer_version_is_refused(template: Template) -> None:
    data = bytearray(encode_template(template))
    data[4] = 2
    with pytest.raises(UnsupportedVersion, match="version 2 is unknown, this BioCapil reads 1"):
        decode_template(bytes(data))


@every_kind
def test_a_record_that_ends_early_is_truncated(template: Template) -> None:
    data = encode_template(template)
    for length in (4, 8, len(data) - 1):
        with pytest.raises(TruncatedRecord):
            decode_template(data[:length])


@every_kind
def test_a_flipped_bit_is_noticed(template: Template) -> None:
    data = bytearray(encode_template(template))
    data[-6] ^= 1
    with pytest.raises(FormatError, match="CRC: the checksum does not agree"):
        decode_template(bytes(data))


def test_another_record_is_refused() -> None:
    with pytest.raises(FormatError, match="magic, byte 0: begins with none of BCFT, BCEM, BCIC"):
        decode_template(b"FMR\0" + bytes(40))


def test_an_embedding_of_another_length_than_one_is_refused_under_a_true_checksum() -> None:
    data = bytearray(encode_template(embedding()))
    data[-8:-4] = struct.pack("<f", 3.0)
    with pytest.raises(FormatError, match="holds no sound embedding"):
        decode_template(resealed(bytes(data)))


def test_a_geometry_that_is_none_is_refused_under_a_true_checksum() -> None:
    data = bytearray(encode_template(iris_code(4, 16)))
    data[7] = 15  # 4 columns of 15 bits fill as many words as 4 of 16
    with pytest.raises(FormatError, match="holds no sound iris code: column_bits"):
        decode_template(resealed(bytes(data)))


@given(
    data=st.binary(max_size=120), template=st.sampled_from(MADE), kept=st.integers(4, 20), seal=st.booleans()
)
@settings(max_examples=200)
def test_no_bytes_raise_anything_but_a_format_error(
    data: bytes, template: Template, kept: int, *, seal: bool
) -> None:
    record = encode_template(template)[:kept] + data
    try:
        decode_template(resealed(record) if seal else record)
    except FormatError:
        return
    assert seal, "bytes without a true checksum made a template"
