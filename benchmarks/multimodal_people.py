"""Chimeric people of three modalities: a finger of one set, an eye of another, a face of a third.

    evidence of each modality, person by person ─► pairings ─► fused evidence ─► FNMR at zero false matches

Evidence comes from calibrations that have seen none of these bodies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration
from biocapil.comparison import references_of, similarity_table
from biocapil.extraction import ExtractedSample
from biocapil.vocabulary import Modality

VISITS = 6
"""Samples of each body part that are used: as many as all sets have."""

Evidence = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bodies:
    """Evidence between the body parts of one modality.

    Attributes:
        mated: Between two visits of one body part; nan where a sample gave no template. Shape (B, M).
        nonmated: Between a visit of one and a visit of another. Shape (B, B, VISITS * VISITS).
        failures: Samples without a template.
    """

    mated: Evidence
    nonmated: Evidence
    failures: int

    def take(self, chosen: NDArray[np.intp]) -> Bodies:
        """Some of the body parts, in a new order."""
        return Bodies(
            mated=self.mated[chosen],
            nonmated=self.nonmated[np.ix_(chosen, chosen)],
            failures=self.failures,
        )


def bodies_of(samples: Sequence[ExtractedSample], calibration: Calibration) -> Bodies:
    """Evidence between all body parts of a set, in order of their first samples.

    Args:
        samples: `VISITS` samples of each body part, side by side.
        calibration: What similarity means; fitted on others.
    """
    rows = np.cumsum([sample.template is not None for sample in samples]) - 1
    present = np.array([sample.template is not None for sample in samples])
    references = references_of([sample.template for sample in samples if sample.template is not None])
    calibration.require(references.model_id, references.comparator)
    table = similarity_table(references)
    sizes = references.sizes()

    def evidence(first: NDArray[np.intp], second: NDArray[np.intp]) -> Evidence:
        both = present[first] & present[second]
        one, other = rows[first], rows[second]
        found = calibration.evidence(table[one, other], np.minimum(sizes[one], sizes[other]))
        return np.where(both, found, np.nan)

    count = len(samples) // VISITS
    within = np.array(list(combinations(range(VISITS), 2)))
    across = np.array(list(product(range(VISITS), repeat=2)))
    start = np.arange(count) * VISITS
    one, other = start[:, None, None] + across[:, 0], start[None, :, None] + across[:, 1]
    one, other = np.broadcast_arrays(one, other)
    return Bodies(
        mated=evidence(start[:, None] + within[:, 0], start[:, None] + within[:, 1]),
        nonmated=evidence(one, other),
        failures=int((~present).sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeopleScores:
    """Fused evidence of some people.

    Attributes:
        mated: Between two visits of one person. Shape (P, M).
        highest: Highest evidence between any visits of two persons; -inf on the diagonal. Shape (P, P).
    """

    mated: Evidence
    highest: Evidence

    def fnmr(self, drawn: NDArray[np.intp]) -> float:
        """False non-match rate of drawn people at the lowest threshold without a false match among all."""
        return float((self.mated[drawn] <= self.highest.max()).mean())


def people_scores(bodies: Mapping[Modality, Bodies], modalities: Sequence[Modality]) -> PeopleScores:
    """Evidence of some modalities together, for people whose body parts stand in one order.

    What gave no template adds nothing; where no modality gave one, the comparison is the lowest there is.
    """
    mated = fused([bodies[modality].mated for modality in modalities])
    between = fused([bodies[modality].nonmated for modality in modalities]).max(axis=2)
    np.fill_diagonal(between, -np.inf)
    return PeopleScores(mated=mated, highest=between)


def fused(parts: Sequence[Evidence]) -> Evidence:
    """Sum of the evidence, or that of one modality alone, lessened for being the best (`fuse_modalities`)."""
    stacked = np.stack(parts)
    there = np.isfinite(stacked)
    together = np.where(there, stacked, 0.0).sum(axis=0)
    alone = np.where(there, stacked, -np.inf).max(axis=0) - np.log(np.maximum(there.sum(axis=0), 1))
    return np.where(there.any(axis=0), np.maximum(together, alone), -np.inf)
