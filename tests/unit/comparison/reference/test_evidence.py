"""The learned score rises with what speaks for one finger, never jumps, and never ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.comparison.kernels import cascade as kernel
from biocapil.comparison.reference.alignment import NO_ALIGNMENT, Pairing, spread_of
from biocapil.comparison.reference.evidence import bend, similarity_of

f32 = np.float32
ONE = np.zeros(1, np.int64)
ALIGNED = replace(
    NO_ALIGNMENT,
    matched_mass=f32(10),
    matched_fraction=f32(0.4),
    misfit=f32(30),
    spread=f32(300),
    pairing=Pairing(i=ONE, j=ONE, weight=np.ones(1, f32)),
)


def test_the_bend_has_no_jump_falls_nowhere_and_stays_above_zero() -> None:
    step = 0.04
    bent = np.array([bend(f32(evidence)) for evidence in np.arange(-80, 80, step)])

    assert (bent > 0).all()
    assert (np.diff(bent) > 0).all()
    assert np.diff(np.sqrt(bent)).max() < 1.001 * step * np.sqrt(kernel.SCORE_UNIT)


def test_far_up_the_root_of_the_similarity_follows_the_evidence() -> None:
    roots = np.sqrt([bend(f32(evidence)) for evidence in (30, 31, 60, 61)])

    assert np.diff(roots)[[0, 2]] == pytest.approx(np.sqrt(kernel.SCORE_UNIT), rel=0.003)


@pytest.mark.parametrize(
    ("term", "better"),
    [("matched_mass", 11), ("matched_fraction", 0.5), ("misfit", 20), ("spread", 400)],
)
def test_what_speaks_for_one_finger_raises_the_score(term: str, better: float) -> None:
    changed = replace(ALIGNED, **{term: f32(better)})

    assert similarity_of(changed, f32(2), 30) > similarity_of(ALIGNED, f32(2), 30)


def test_more_consistent_pairs_and_fewer_minutiae_raise_the_score() -> None:
    assert similarity_of(ALIGNED, f32(3), 30) > similarity_of(ALIGNED, f32(2), 30)
    assert similarity_of(ALIGNED, f32(2), 20) > similarity_of(ALIGNED, f32(2), 30)


def test_nothing_aligned_is_no_similarity() -> None:
    assert similarity_of(NO_ALIGNMENT, f32(5), 30) == 0


@given(
    mass=st.floats(0, 37, width=32), fraction=st.floats(0, 9.25, width=32), misfit=st.floats(0, 82, width=32),
    spread=st.floats(0, 65535, width=32), consistency=st.floats(0, 20, width=32), size=st.integers(2, 37),
)  # fmt: skip
def test_the_kernel_scores_as_its_twin(  # noqa: PLR0917 - one argument a term
    mass: float, fraction: float, misfit: float, spread: float, consistency: float, size: int
) -> None:
    terms = np.zeros(kernel.TERMS, f32)
    terms[[kernel.MATCHED_MASS, kernel.MATCHED_FRACTION, kernel.MISFIT]] = mass, fraction, misfit
    terms[[kernel.SPREAD, kernel.CONSISTENCY, kernel.PAIRS]] = spread, consistency, 1
    alignment = replace(
        ALIGNED,
        matched_mass=f32(mass),
        matched_fraction=f32(fraction),
        misfit=f32(misfit),
        spread=f32(spread),
    )

    score = kernel.similarity_of(terms, size)

    assert np.isfinite(score)
    assert score == pytest.approx(similarity_of(alignment, f32(consistency), size), rel=1e-5)


def test_pairs_on_a_line_spread_over_no_skin_and_those_of_a_square_over_its_half_side() -> None:
    line = np.array([0, 100, 200, 300], f32)
    square = np.array([[0, 0, 400, 400], [0, 400, 0, 400]], f32)

    assert spread_of(line, 2 * line) == 0
    assert spread_of(*square) == 200
