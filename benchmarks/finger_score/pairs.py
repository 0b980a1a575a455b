"""Which prints are compared: all pairs of one ridge flow, mated and look-alikes, and others at random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from finger_score.prints import PrintSet


def draw_pairs(prints: PrintSet, *, others: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Pairs of impressions.

    Args:
        prints: The impressions; those without minutiae are left out.
        others: About how many pairs of different fingers, besides those of look-alikes.
        rng: Draws them.

    Returns:
        Shape (2, P), int64.
    """
    made = np.flatnonzero(prints.sizes)
    made = made[np.argsort(prints.flows[made], kind="stable")]
    groups = np.split(made, np.flatnonzero(np.diff(prints.flows[made])) + 1)
    alike = [group[np.stack(np.triu_indices(len(group), 1))] for group in groups]
    drawn = rng.choice(made, (2, others))
    different = prints.flows[drawn[0]] != prints.flows[drawn[1]]
    return np.concatenate([*alike, drawn[:, different]], axis=1)


def mated(prints: PrintSet, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which pairs are of one finger. Shape (P,)."""
    same: NDArray[np.bool_] = prints.fingers[pairs[0]] == prints.fingers[pairs[1]]
    return same
