"""What a result keeps so that a later one can be compared with it: error counts of each person, no names.

The people are counted in the order of the set, which only somebody who holds the set can undo.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biocapil.evaluation.pairing import ComparisonPairs, PairProtocol
from biocapil.evaluation.score_set import ScoreSet
from biocapil.subject import SampleEntry

SCHEMA = "biocapil/evaluation/2"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationKey:
    """What a result was measured on; results with the same key can be compared pair by pair.

    Attributes:
        dataset_sha256: Checksum, in hexadecimal, of the samples' bytes and labels and of the pairs compared.
    """

    dataset_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErrors:
    """False non-matches of each person.

    Attributes:
        mated: Mated pairs of each person, in the order of the set.
        errors: Those in error at the threshold of each FMR, by the FMR as text.
    """

    mated: tuple[int, ...]
    errors: Mapping[str, tuple[int, ...]]

    def __post_init__(self) -> None:
        for limit, counts in self.errors.items():
            if len(counts) != len(self.mated) or not all(
                0 <= count <= pairs for count, pairs in zip(counts, self.mated, strict=False)
            ):
                raise ValueError(
                    f"errors at FMR {limit} must be one number per person, from 0 up to the person's pairs"
                )


def evaluation_key(
    entries: Sequence[SampleEntry],
    content_sha256: Sequence[str],
    pairs: ComparisonPairs,
    *,
    protocol: PairProtocol,
) -> EvaluationKey:
    """Key of the samples and pairs of an evaluation.

    Args:
        entries: Samples in their order.
        content_sha256: Checksum of each sample's bytes.
        pairs: Pairs that were compared.
        protocol: How they were chosen.
    """
    digest = hashlib.sha256(protocol.value.encode())
    for entry, checksum in zip(entries, content_sha256, strict=True):
        digest.update("\0".join((entry.name, *entry.source, checksum, "\n")).encode())
    for chosen in (pairs.mated, pairs.nonmated):
        digest.update(np.ascontiguousarray(chosen, dtype="<i4").tobytes())
        digest.update(b"\n")
    return EvaluationKey(dataset_sha256=digest.hexdigest())


def subject_errors(scores: ScoreSet, thresholds: Mapping[str, float]) -> SubjectErrors:
    """Count the false non-matches of each person.

    Args:
        scores: The set.
        thresholds: Smallest similarity that matches, by the FMR that it was set for.
    """
    person = scores.mated_clusters.first
    count = scores.person_count
    return SubjectErrors(
        mated=tuple(np.bincount(person, minlength=count).tolist()),
        errors={
            limit: tuple(np.bincount(person[~(scores.mated >= threshold)], minlength=count).tolist())
            for limit, threshold in thresholds.items()
        },
    )
