from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from biocapil.errors import MissingPart, StoreError
from biocapil.extraction.sealing import Sealer
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FingerPosition, Modality, ModelId

KEY, SALT, MODEL = b"k" * 32, b"s" * 16, ModelId("m@1")
SAMPLE = CapturedSample(pixels=np.zeros((4, 6), np.uint8), resolution_ppi=500.0)


def sealer(key: bytes = KEY, salt: bytes = SALT, version: int = 1) -> Sealer:
    return Sealer(key, salt=salt, schema_version=version)


def name_of(sample: CapturedSample = SAMPLE, sha: str = "ab", model: str = "m@1") -> bytes:
    return sealer().record_key(sample, content_sha256=sha, model_id=ModelId(model))


def test_what_was_sealed_opens() -> None:
    sealed = sealer().seal(b"secret", record_key=b"r", model_id=MODEL)
    assert b"secret" not in sealed
    assert sealer().unseal(sealed, record_key=b"r", model_id=MODEL) == b"secret"


def test_the_same_words_never_look_the_same() -> None:
    box = sealer()
    assert box.seal(b"x", record_key=b"r", model_id=MODEL) != box.seal(b"x", record_key=b"r", model_id=MODEL)


@pytest.mark.parametrize(
    "other", [sealer(key=b"q" * 32), sealer(salt=b"t" * 16), sealer(version=2)], ids=["key", "salt", "schema"]
)
def test_another_key_salt_or_schema_does_not_open_it(other: Sealer) -> None:
    sealed = sealer().seal(b"secret", record_key=b"r", model_id=MODEL)
    with pytest.raises(StoreError, match="altered, moved, or sealed with another key"):
        other.unseal(sealed, record_key=b"r", model_id=MODEL)


@pytest.mark.parametrize(("record_key", "model"), [(b"q", "m@1"), (b"r", "m@2"), (b"rm", "@1")])
def test_a_record_does_not_open_in_anothers_place(record_key: bytes, model: str) -> None:
    sealed = sealer().seal(b"secret", record_key=b"r", model_id=MODEL)
    with pytest.raises(StoreError):
        sealer().unseal(sealed, record_key=record_key, model_id=ModelId(model))


def test_no_flipped_bit_opens() -> None:
    sealed = sealer().seal(b"secret", record_key=b"r", model_id=MODEL)
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 0x10
        with pytest.raises(StoreError):
            sealer().unseal(bytes(broken), record_key=b"r", model_id=MODEL)


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(12), "text"])
def test_what_is_no_sealed_record_is_refused(sealed: bytes) -> None:
    with pytest.raises(StoreError):
        sealer().unseal(sealed, record_key=b"r", model_id=MODEL)


def test_everything_that_changes_a_template_changes_its_name() -> None:
    others = [
        name_of(sha="ac"),
        name_of(model="m@2"),
        name_of(replace(SAMPLE, resolution_ppi=500.5)),
        name_of(replace(SAMPLE, position=FingerPosition.LEFT_RING)),
        name_of(replace(SAMPLE, modality=Modality.IRIS)),
        name_of(replace(SAMPLE, pixels=np.zeros((6, 4), np.uint8))),
        sealer(key=b"q" * 32).record_key(SAMPLE, content_sha256="ab", model_id=MODEL),
    ]
    assert len({name_of(), *others}) == 1 + len(others)
    assert name_of() == name_of()


def test_a_key_of_another_length_is_a_broken_contract() -> None:
    with pytest.raises(ValueError, match="key must have 32 bytes, got 16"):
        sealer(key=b"k" * 16)


def test_without_cryptography_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    with pytest.raises(MissingPart, match=r"the template store needs cryptography.*biocapil\[secure\]"):
        sealer()
