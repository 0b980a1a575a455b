"""`StoredOutcome`: what the store remembers of one sample, and its bytes before they are encrypted.

A failure is remembered like a template: a rerun must not try a hopeless image again.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from biocapil.any_template import Template
from biocapil.errors import FormatError, UnsupportedVersion
from biocapil.extraction.template_codec import decode_template, encode_template
from biocapil.outcomes import FailureToExtract
from biocapil.vocabulary import ExtractionFailure

VERSION = 1
RECORD = "stored outcome"
_TEMPLATE, _FAILURE = 0, 1
_HEAD = struct.Struct("<BBd")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredOutcome:
    """Outcome of one extraction.

    Attributes:
        outcome: The template, or why there is none.
        elapsed_ms: How long the extraction took when it was done, at least 0.
    """

    outcome: Template | FailureToExtract
    elapsed_ms: float


def encode_outcome(stored: StoredOutcome) -> bytes:
    """Bytes of an outcome: version, kind, time, then the template's record or reason and detail."""
    outcome = stored.outcome
    if isinstance(outcome, FailureToExtract):
        body = f"{outcome.reason.value}\n{outcome.detail}".encode()
        return _HEAD.pack(VERSION, _FAILURE, stored.elapsed_ms) + body
    return _HEAD.pack(VERSION, _TEMPLATE, stored.elapsed_ms) + encode_template(outcome)


def decode_outcome(data: bytes) -> StoredOutcome:
    """Outcome of its bytes.

    Raises:
        UnsupportedVersion: A newer BioCapil wrote them.
        FormatError: They are no outcome.
    """
    if len(data) < _HEAD.size:
        raise FormatError(f"the header has {_HEAD.size} bytes, here are {len(data)}", record=RECORD)
    version, kind, elapsed_ms = _HEAD.unpack_from(data)
    if version != VERSION or kind not in {_TEMPLATE, _FAILURE}:
        raise UnsupportedVersion(f"version {version} of kind {kind} is unknown", record=RECORD)
    body = data[_HEAD.size :]
    outcome = decode_template(body) if kind == _TEMPLATE else _failure(body)
    return StoredOutcome(outcome=outcome, elapsed_ms=elapsed_ms)


def _failure(body: bytes) -> FailureToExtract:
    try:
        reason, _, detail = body.decode().partition("\n")
        return FailureToExtract(reason=ExtractionFailure(reason), detail=detail)
    except ValueError as exc:
        raise FormatError(f"holds no known failure: {exc}", record=RECORD) from exc
