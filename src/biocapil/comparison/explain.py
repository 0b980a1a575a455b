"""`explain`: pairs, transform and terms behind one similarity score."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.compare import require_same_model
from biocapil.comparison.explanation import Explanation, PairedMinutiae, ScoreTerm
from biocapil.comparison.layout import MAX_MINUTIAE, UNIT_UM
from biocapil.comparison.packed import pack_template
from biocapil.template import FingerprintTemplate

MEANINGS = {
    "consistency": "how well distances and rotations of the strongest local pairs agree (stage two)",
    "matched mass": "paired minutiae, each counted by how closely it fits",
    "matched fraction": "matched mass as a share of the minutiae where the prints overlap",
    "misfit": "distance still left between the paired minutiae, root mean square, micrometres",
    "spread": "how far the paired minutiae spread over the skin, micrometres",
    "overlap in probe": "minutiae of the probe where the prints overlap",
    "overlap in reference": "minutiae of the reference where the prints overlap",
}

LENGTHS = frozenset({"misfit", "spread"})


def explain(probe: FingerprintTemplate, reference: FingerprintTemplate) -> Explanation:
    """Say why two prints got their similarity.

    The similarity weighs matched mass, matched fraction, consistency, misfit, spread and the size of the
    smaller template with weights that were learned; docs/decisions/0011-learned-score.md tells how.

    Raises:
        IncompatibleTemplates: The two were made by different models.
    """
    from biocapil.comparison.kernels.cascade import explain_rows

    require_same_model(probe, reference)
    probe_rows, probe_kept = pack_template(probe)
    reference_rows, reference_kept = pack_template(reference)
    pairs = np.zeros((2, MAX_MINUTIAE), np.int32)
    weights = np.zeros(MAX_MINUTIAE, np.float32)
    terms, count = explain_rows(probe_rows, reference_rows, pairs, weights)
    similarity, *values, cosine, sine, shift_x, shift_y = (float(term) for term in terms)
    values = [
        value * UNIT_UM if name in LENGTHS else value for name, value in zip(MEANINGS, values, strict=True)
    ]
    rotation = math.atan2(-sine, cosine)
    translation = _with_y_down((cosine, sine), (shift_x, shift_y), probe, reference)
    probe_indices, reference_indices = probe_kept[pairs[0, :count]], reference_kept[pairs[1, :count]]
    moved = _moved(reference.positions_um[reference_indices], rotation, translation)
    distances = np.hypot(*(moved - probe.positions_um[probe_indices]).T)
    turns = reference.angles_rad[reference_indices] + rotation - probe.angles_rad[probe_indices]
    turns = np.abs((turns + np.pi) % (2 * np.pi) - np.pi)
    return Explanation(
        similarity=similarity,
        rotation_rad=rotation,
        translation_um=translation,
        pairs=tuple(
            PairedMinutiae(
                probe_index=int(probe_indices[k]),
                reference_index=int(reference_indices[k]),
                distance_um=float(distances[k]),
                angle_difference_rad=float(turns[k]),
                weight=float(weights[k]),
            )
            for k in np.argsort(-weights[:count], kind="stable")
        ),
        terms=tuple(
            ScoreTerm(name=name, value=value, meaning=meaning)
            for (name, meaning), value in zip(MEANINGS.items(), values, strict=True)
        ),
    )


def _with_y_down(
    direction: tuple[float, float],
    shift: tuple[float, float],
    probe: FingerprintTemplate,
    reference: FingerprintTemplate,
) -> tuple[float, float]:
    """Shift in µm for y down from the top edge; the kernels count y up from the bottom edge."""
    cosine, sine = direction
    height = reference.extent_um[1]
    tx = shift[0] * UNIT_UM + sine * height
    ty = probe.extent_um[1] - shift[1] * UNIT_UM - cosine * height
    return tx, ty


def _moved(
    points_um: NDArray[np.float32], rotation_rad: float, translation_um: tuple[float, float]
) -> NDArray[np.float64]:
    c, s = math.cos(rotation_rad), math.sin(rotation_rad)
    x, y = points_um.astype(np.float64).T
    return np.stack([c * x + s * y + translation_um[0], c * y - s * x + translation_um[1]], axis=1)
