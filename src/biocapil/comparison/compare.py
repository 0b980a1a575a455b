"""1:1 comparison of two templates."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.packed import PackedTemplates, pack_template
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate


def compare(probe: FingerprintTemplate, reference: FingerprintTemplate) -> float:
    """Similarity of two impressions: 0 for nothing in common, larger is more alike.

    The score is the same both ways round, and the same that an exact `search` gives. What a value
    means as an error rate depends on the model; see `biocapil.calibration`.

    Raises:
        IncompatibleTemplates: The two were made by different models.
    """
    from biocapil.comparison.kernels.cascade import compare_rows

    require_same_model(probe, reference)
    return float(compare_rows(pack_template(probe)[0], pack_template(reference)[0]))


def compare_pairs(packed: PackedTemplates, pairs: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """Similarity of chosen pairs of a packed set, the same that `compare` gives for each.

    Args:
        packed: The set.
        pairs: Two rows a pair. Shape (P, 2).

    Returns:
        Shape (P,), float32.
    """
    from biocapil.comparison.kernels.cascade import compare_rows

    return np.array(
        [compare_rows(packed.rows(first), packed.rows(second)) for first, second in pairs.tolist()],
        dtype=np.float32,
    )


def require_same_model(probe: FingerprintTemplate, reference: FingerprintTemplate) -> None:
    """Refuse two templates of different models.

    Raises:
        IncompatibleTemplates: They are.
    """
    if probe.model_id != reference.model_id:
        raise IncompatibleTemplates(
            f"the probe was made by {probe.model_id}, the reference by {reference.model_id}; "
            f"templates of different models never compare: extract both with one model"
        )
