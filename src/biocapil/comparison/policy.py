"""Thresholds that part unique, review and duplicate where the caller states none."""

from __future__ import annotations

from biocapil.decision import DecisionPolicy

DEFAULT_POLICY = DecisionPolicy(
    review_similarity=8.0,
    duplicate_similarity=15.0,
    basis=(
        "about 490,000 non-mated pairs of synthetic prints, minutiae by LEADER: at most 11 reached review, "
        "none duplicate (largest 11.4; false match rate at most 0.6 in 100,000 by the rule of three)"
    ),
)
"""Policy of `dedup run` unless thresholds are stated; for minutiae of other makers it is a starting point."""
