"""The learned score in plain numpy: from the terms of an alignment to evidence, from that to similarity."""

from __future__ import annotations

from typing import Any

import numpy as np

from biocapil.comparison.kernels import cascade as numbers
from biocapil.comparison.reference.alignment import Alignment
from biocapil.comparison.reference.local_pairs import f32


def similarity_of(alignment: Alignment, consistency: np.floating[Any], smaller: int) -> np.floating[Any]:
    """Similarity of two templates.

    Args:
        alignment: The alignment that was kept.
        consistency: Of the local pairs.
        smaller: Minutiae of the smaller template.

    Returns:
        0 where nothing was aligned.
    """
    if not len(alignment.pairing.i):
        return f32(0)
    return bend(evidence_of(alignment, consistency, smaller))


def evidence_of(alignment: Alignment, consistency: np.floating[Any], smaller: int) -> np.floating[Any]:
    """Weighted sum of the terms, in nats."""
    return f32(
        f32(numbers.MASS_WEIGHT) * np.sqrt(alignment.matched_mass)
        + f32(numbers.FRACTION_WEIGHT) * np.log(alignment.matched_fraction + f32(numbers.FRACTION_FLOOR))
        + f32(numbers.CONSISTENCY_WEIGHT) * np.sqrt(consistency)
        + f32(numbers.MISFIT_WEIGHT) * alignment.misfit
        + f32(numbers.SPREAD_WEIGHT) * alignment.spread
        + f32(numbers.SIZE_WEIGHT) * np.log(f32(1 + smaller))
        + f32(numbers.SCORE_OFFSET)
    )


def bend(evidence: np.floating[Any]) -> np.floating[Any]:
    """Evidence to similarity: above 0 everywhere, its root straight where evidence is large."""
    root = f32(np.sqrt(evidence * evidence + f32(4)))
    above = f32(0.5) * (root + evidence) if evidence > 0 else f32(2) / (root - evidence)
    return f32(f32(numbers.SCORE_UNIT) * above * above)
