"""Failures before any comparison: to acquire, to extract and to enroll, as rates with intervals.

A failure to extract also counts as a false non-match and as a miss of a search, so that a system gains
nothing by refusing what is hard.

Reference: ISO/IEC 19795-1:2021, 9.2.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate
from biocapil.extraction import ExtractedSample
from biocapil.uncertainty import rate_with_interval, single_clusters

ACQUIRED_COLUMN = "acquired"
"""Column of a manifest that says whether a sample could be acquired: yes or no."""
NOT_ACQUIRED = frozenset({"0", "no", "false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRates:
    """How often nothing came of a sample or a body part.

    Attributes:
        acquire: Attempts that gave no sample; None where the set tells of no attempt, which is 0 of 0.
        extract: Samples of which no template was made; None where there is no sample.
        enroll: Body parts of which no sample gave a template; None where there is none.
    """

    acquire: ErrorRate | None
    extract: ErrorRate | None
    enroll: ErrorRate | None


def failure_rates(samples: Sequence[ExtractedSample]) -> FailureRates:
    """Rates of failure of a set; samples of one person depend on each other.

    Args:
        samples: What extraction made of each sample, failures included.
    """
    told = [sample for sample in samples if sample.entry.attribute(ACQUIRED_COLUMN)]
    acquired = [sample for sample in samples if not _is_missing(sample)]
    failed_sources: dict[tuple[str, str, str], bool] = {}
    for sample in samples:
        source = sample.entry.source
        failed_sources[source] = failed_sources.get(source, True) and sample.template is None
    return FailureRates(
        acquire=_rate([_is_missing(sample) for sample in told], [sample.entry.person for sample in told]),
        extract=_rate(
            [sample.template is None for sample in acquired], [sample.entry.person for sample in acquired]
        ),
        enroll=_rate(list(failed_sources.values()), [source[:2] for source in failed_sources]),
    )


def _is_missing(sample: ExtractedSample) -> bool:
    return sample.entry.attribute(ACQUIRED_COLUMN).lower() in NOT_ACQUIRED


def _rate(failed: Sequence[bool], people: Sequence[Hashable]) -> ErrorRate | None:
    if not failed:
        return None
    numbers: dict[Hashable, int] = {}
    numbered = np.array([numbers.setdefault(person, len(numbers)) for person in people], dtype=np.int32)
    events: NDArray[np.bool_] = np.array(failed, dtype=np.bool_)
    return rate_with_interval(events, single_clusters(numbered, len(numbers)))
