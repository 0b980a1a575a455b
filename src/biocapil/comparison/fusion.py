"""Several fingers of one person fused into one similarity."""

from __future__ import annotations

from collections.abc import Sequence


def fuse(similarities: Sequence[float]) -> float:
    """Similarity of two persons from the similarities of distinct fingers: their sum.

    Each finger counts once: pass the best comparison of each instance, never several impressions of
    one finger. A finger that is missing on either side adds nothing and takes nothing away.

    Args:
        similarities: One similarity a finger, each at least 0; may be empty.

    Raises:
        ValueError: A similarity is negative or no number.
    """
    for similarity in similarities:
        if not similarity >= 0:
            raise ValueError(f"similarities must be at least 0, got {similarity!r}")
    return float(sum(similarities))
