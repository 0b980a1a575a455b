from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError, UnsupportedVersion
from biocapil.extraction.stored_outcome import StoredOutcome, decode_outcome, encode_outcome
from biocapil.outcomes import FailureToExtract
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, ModelId

TEMPLATE = FingerprintTemplate(
    positions_um=np.array([[1.0, 2.0]], np.float32),
    angles_rad=np.array([1.0], np.float32),
    kinds=np.array([1], np.uint8),
    qualities=np.array([50], np.uint8),
    extent_um=(10.0, 10.0),
    model_id=ModelId("m@1"),
)


def test_a_template_comes_back_with_its_time() -> None:
    decoded = decode_outcome(encode_outcome(StoredOutcome(outcome=TEMPLATE, elapsed_ms=12.75)))
    assert isinstance(decoded.outcome, FingerprintTemplate)
    assert (decoded.outcome.positions_um == TEMPLATE.positions_um).all()
    assert decoded.elapsed_ms == 12.75


@given(reason=st.sampled_from(ExtractionFailure), detail=st.text(max_size=80))
@settings(max_examples=40)
def test_a_failure_comes_back_with_its_words(reason: ExtractionFailure, detail: str) -> None:
    failure = FailureToExtract(reason=reason, detail=detail)
    assert decode_outcome(encode_outcome(StoredOutcome(outcome=failure, elapsed_ms=0.0))).outcome == failure


@pytest.mark.parametrize("head", [struct.pack("<BBd", 2, 0, 0.0), struct.pack("<BBd", 1, 2, 0.0)])
def test_an_unknown_version_or_kind_is_refused(head: bytes) -> None:
    with pytest.raises(UnsupportedVersion, match=r"version \d of kind \d is unknown"):
        decode_outcome(head)


def test_too_few_bytes_are_refused() -> None:
    with pytest.raises(FormatError, match="the header has 10 bytes, here are 3"):
        decode_outcome(b"abc")


@pytest.mark.parametrize("body", [b"no_such_reason\n", b"\xff\xff"])
def test_an_unknown_failure_is_refused(body: bytes) -> None:
    with pytest.raises(FormatError, match="holds no known failure"):
        decode_outcome(struct.pack("<BBd", 1, 1, 0.0) + body)
