from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.evaluation.identification import (
    IdentificationFigures,
    measure_identification,
)
from biocapil.evaluation.similarities import NO_TEMPLATE
from biocapil.subject import SampleEntry
from biocapil.vocabulary import SubjectId


def entries_of(whose: list[str]) -> list[SampleEntry]:
    return [
        SampleEntry(name=f"{at}.png", file=Path(f"{at}.png"), subject=SubjectId(subject), sample=str(at))
        for at, subject in enumerate(whose)
    ]


def symmetric(count: int, seed: int) -> NDArray[np.float32]:
    half = np.random.default_rng(seed).integers(0, 30, (count, count)).astype(np.float32)
    return np.maximum(half, half.T)


def measured(
    whose: list[str],
    matrix: NDArray[np.float32],
    *,
    failed: tuple[int, ...] = (),
    sizes: tuple[int, ...] = (),
    left_out: list[list[int]] | None = None,
    ranks: int = 3,
) -> IdentificationFigures:
    present = [at for at in range(len(whose)) if at not in failed]
    rows = np.full(len(whose), NO_TEMPLATE, dtype=np.int32)
    rows[present] = np.arange(len(present))
    found = measure_identification(
        entries_of(whose),
        matrix[np.ix_(present, present)],
        rows,
        rng=np.random.default_rng(0),
        sizes=sizes,
        ranks=ranks,
        left_out=None if left_out is None else np.array(left_out, dtype=np.int32).reshape(-1, 2),
    )
    assert found is not None
    return found


WHOSE = ["a", "a", "b", "b", "c", "c", "d", "d"]


def false_positives_by_hand(matrix: NDArray[np.float32], threshold: float) -> float:
    """FPIR over the first sample of each of four people, the second samples searched."""
    highest = [
        max(float(matrix[2 * person + 1, 2 * other]) for other in range(4) if other != person)
        for person in range(4)
    ]
    return sum(score >= threshold for score in highest) / 4


def test_false_positives_over_the_whole_gallery_are_what_counting_gives() -> None:
    for seed in range(6):
        matrix = symmetric(8, seed)
        gallery = measured(WHOSE, matrix).galleries[-1]
        assert (gallery.size, gallery.draws) == (3, 1)
        for threshold, fpir in zip(gallery.thresholds.tolist(), gallery.fpir.tolist(), strict=True):
            assert fpir == pytest.approx(false_positives_by_hand(matrix, threshold))


def test_the_mate_of_rank_one_is_found_where_it_is_the_likest() -> None:
    matrix = np.ones((8, 8), dtype=np.float32)
    for first in range(0, 8, 2):
        matrix[first, first + 1] = matrix[first + 1, first] = 9.0
    gallery = measured(WHOSE, matrix).galleries[-1]
    assert gallery.cmc.tolist() == [1.0, 1.0, 1.0]
    assert dict(zip(gallery.thresholds.tolist(), gallery.fpir.tolist(), strict=True)) == {
        1.0: 1.0,
        9.0: 0.0,
        np.inf: 0.0,
    }
    assert gallery.fnir[0].tolist() == [0.0, 0.0, 1.0]


def test_a_tie_goes_to_the_stranger() -> None:
    gallery = measured(WHOSE, np.ones((8, 8), dtype=np.float32)).galleries[-1]
    assert gallery.cmc.tolist() == [0.0, 0.0, 1.0]


def test_a_failure_to_extract_is_a_miss_at_any_rank_and_no_false_positive() -> None:
    matrix = np.full((8, 8), 1.0, dtype=np.float32)
    for first in range(0, 8, 2):
        matrix[first, first + 1] = matrix[first + 1, first] = 9.0
    gallery = measured(WHOSE, matrix, failed=(1, 2)).galleries[-1]
    # Probe a failed, and so did the reference of b.
    assert gallery.cmc.tolist() == [0.5, 0.5, 0.5]
    assert gallery.fnir[-1, 0] == 0.5
    assert gallery.fpir[0] == 0.75


def test_a_smaller_gallery_gives_fewer_false_positives_and_better_ranks() -> None:
    rng = np.random.default_rng(3)
    whose = [str(at // 2) for at in range(80)]
    matrix = rng.normal(size=(80, 80)).astype(np.float32)
    matrix = np.maximum(matrix, matrix.T)
    for first in range(0, 80, 2):
        matrix[first, first + 1] = matrix[first + 1, first] = rng.normal() + 2
    found = measured(whose, matrix, sizes=(5,))
    small, whole = found.galleries
    assert (small.size, small.draws, whole.size) == (5, 10, 39)
    assert np.interp(2.0, small.thresholds[:-1], small.fpir[:-1]) < np.interp(
        2.0, whole.thresholds[:-1], whole.fpir[:-1]
    )
    assert (small.cmc >= whole.cmc).all()
    assert (np.diff(whole.fnir, axis=0) <= 0).all()
    assert (np.diff(whole.fnir, axis=1) >= 0).all()


def test_halves_and_quarters_of_the_gallery_are_told_unless_asked_otherwise() -> None:
    whose = [str(at // 2) for at in range(34)]
    assert [one.size for one in measured(whose, symmetric(34, 1)).galleries] == [4, 8, 16]
    assert [one.size for one in measured(WHOSE, symmetric(8, 1)).galleries] == [1, 3]


def test_a_gallery_of_one_holds_only_the_mate() -> None:
    gallery = measured(WHOSE, np.ones((8, 8), dtype=np.float32), sizes=(1,)).galleries[0]
    assert gallery.cmc.tolist() == [1.0, 1.0, 1.0]


def test_pairs_in_doubt_are_not_searched() -> None:
    matrix = np.ones((8, 8), dtype=np.float32)
    matrix[1, 2] = matrix[2, 1] = 50.0
    assert measured(WHOSE, matrix).galleries[-1].fpir[-2] == 0.25
    for pair in ([1, 2], [2, 1]):
        assert measured(WHOSE, matrix, left_out=[pair]).galleries[-1].fpir[-2] == 1.0


def test_limits_are_told_only_where_so_many_searches_can_show_them() -> None:
    assert measured(WHOSE, symmetric(8, 2)).points == ()
    whose = [str(at // 11) for at in range(330)]
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(330, 330)).astype(np.float32)
    loose, point = measured(whose, np.maximum(matrix, matrix.T)).points
    assert (loose.max_fpir, point.max_fpir) == (0.1, 0.01)
    assert loose.threshold < point.threshold
    assert point.fpir.trials == point.fnir.trials == 300
    assert point.fpir.value <= 0.01
    assert point.fpir.interval.high > 0.01
    assert point.fnir.value > 0.9


def test_sets_without_mates_or_with_two_people_are_not_searched() -> None:
    rows = np.arange(4, dtype=np.int32)
    for whose in (["a", "b", "c", "d"], ["a", "a", "b", "b"]):
        found = measure_identification(entries_of(whose), symmetric(4, 0), rows, rng=np.random.default_rng(0))
        assert found is None


@pytest.mark.parametrize("size", [0, 4])
def test_galleries_that_cannot_be_drawn_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=r"must lie in 1..3"):
        measured(WHOSE, symmetric(8, 0), sizes=(size,))


def test_a_rank_below_the_first_is_refused() -> None:
    with pytest.raises(ValueError, match="ranks must be at least 1, got 0"):
        measured(WHOSE, symmetric(8, 0), ranks=0)
