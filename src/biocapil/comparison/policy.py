"""Thresholds that part unique, review and duplicate where the caller states none."""

from __future__ import annotations

from biocapil.decision import DecisionPolicy

DEFAULT_POLICY = DecisionPolicy(
    review_similarity=6.0,
    duplicate_similarity=12.0,
    basis=(
        "223,577 non-mated pairs of synthetic prints, minutiae by LEADER: 3 in 100,000 reached review, "
        "none duplicate (false match rate at most 1.3 in 100,000 by the rule of three)"
    ),
)
"""Policy of `dedup run` unless thresholds are stated; for minutiae of other makers it is a starting point."""
