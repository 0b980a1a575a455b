"""Which finger is likely to tell most: the order in which to capture, compare or send them.

The sum of the qualities of a template's packed minutiae says beforehand how much evidence a comparison will
give; the number of minutiae does not, since poor prints have many false ones (decision 0013 has the
figures). Where both sides are known, the poorer of the two decides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import POSE_WORD
from biocapil.comparison.packed import PackedTemplates
from biocapil.errors import IncompatibleTemplates

QUALITY_BIT, QUALITY_MASK = np.uint64(40), np.uint64(0xFF)


def expected_information(packed: PackedTemplates) -> NDArray[np.int64]:
    """How much a comparison with each template may tell: the sum of its minutiae's qualities, 0 to 3700.

    Only templates of one model rank each other so; the number is no evidence and has no unit.

    Returns:
        Shape (N,), int64.
    """
    qualities = ((packed.words[:, POSE_WORD] >> QUALITY_BIT) & QUALITY_MASK).astype(np.int64)
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(qualities)])
    found: NDArray[np.int64] = np.diff(sums[packed.offsets])
    return found


def most_informative_first(
    probes: PackedTemplates, references: PackedTemplates | None = None
) -> NDArray[np.int64]:
    """Fingers of one person, the one likely to tell most first; ties keep their order.

    Args:
        probes: One template a finger.
        references: The same fingers as they are enrolled, where they are known.

    Returns:
        Indices of the fingers. Shape (N,), int64.

    Raises:
        IncompatibleTemplates: Probes and references are of different models.
        ValueError: They are not as many.
    """
    information = expected_information(probes)
    if references is not None:
        if references.model_id != probes.model_id:
            raise IncompatibleTemplates(
                f"the probes were made by {probes.model_id}, the references by {references.model_id}; "
                "templates of different models never compare: extract both with one model"
            )
        if len(references) != len(probes):
            raise ValueError(f"got {len(probes)} probes and {len(references)} references, must be as many")
        information = np.minimum(information, expected_information(references))
    return np.argsort(-information, kind="stable")
