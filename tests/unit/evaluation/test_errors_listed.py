from pathlib import Path

import numpy as np
import pytest

from biocapil.evaluation.errors_listed import worst_errors
from biocapil.evaluation.score_set import ScoreSet, make_score_set
from biocapil.subject import SampleEntry
from biocapil.vocabulary import SubjectId

ENTRIES = [
    SampleEntry(name=name, file=Path(name), subject=SubjectId(name[0])) for name in ("a1", "a2", "a3", "b1")
]


def scores() -> ScoreSet:
    return make_score_set(
        ["a", "a", "a", "b"],
        mated=np.array([5, -np.inf, 3], dtype=np.float32),
        nonmated=np.array([2, 4, 4], dtype=np.float32),
        mated_pairs=np.array([[0, 1], [0, 2], [1, 2]], dtype=np.int32),
        nonmated_pairs=np.array([[0, 3], [1, 3], [2, 3]], dtype=np.int32),
    )


def test_the_likest_strangers_and_the_unlikest_mates_are_listed_ties_in_order() -> None:
    worst = worst_errors(scores(), ENTRIES, count=2)
    assert [(pair.first.name, pair.second.name, pair.similarity) for pair in worst.nonmated] == [
        ("a2", "b1", 4.0),
        ("a3", "b1", 4.0),
    ]
    assert [(pair.first.name, pair.second.name) for pair in worst.mated] == [("a2", "a3"), ("a1", "a2")]


def test_pairs_of_which_a_side_failed_are_not_listed() -> None:
    assert len(worst_errors(scores(), ENTRIES).mated) == 2


def test_none_may_be_asked_for_but_no_fewer() -> None:
    assert worst_errors(scores(), ENTRIES, count=0).nonmated == ()
    with pytest.raises(ValueError, match="count must be at least 0, got -1"):
        worst_errors(scores(), ENTRIES, count=-1)


def test_similarities_need_a_pair_each() -> None:
    with pytest.raises(ValueError, match=r"mated_pairs must have shape \(1, 2\)"):
        make_score_set(
            ["a", "a"],
            mated=np.ones(1, dtype=np.float32),
            nonmated=np.empty(0, dtype=np.float32),
            mated_pairs=np.empty((0, 2), dtype=np.int32),
            nonmated_pairs=np.empty((0, 2), dtype=np.int32),
        )
