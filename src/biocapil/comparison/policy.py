"""Thresholds that part unique, review and duplicate where the caller states none."""

from __future__ import annotations

from biocapil.decision import DecisionPolicy

DEFAULT_POLICY = DecisionPolicy(
    review_similarity=3.0,
    duplicate_similarity=6.0,
    basis="to be set",
)
