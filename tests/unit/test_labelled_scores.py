from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biocapil.labelled_scores import DTYPES, LabelledScores
from biocapil.vocabulary import ModelId


def scores() -> LabelledScores:
    """Person 0 twice with finger 1; persons 0, 3 and 7 with the same and with different fingers."""
    return LabelledScores(
        dataset="set",
        model_id=ModelId("model@0123456789ab"),
        similarities=np.array([30.0, 1.0, 2.0, 0.0], dtype=np.float32),
        mated=np.array([True, False, False, False]),
        first_subject=np.array([0, 0, 0, 3], dtype=np.int32),
        second_subject=np.array([0, 3, 7, 3], dtype=np.int32),
        sizes=np.array([40, 30, 20, 0], dtype=np.int16),
        first_instance=np.array([1, 1, 1, 1], dtype=np.int16),
        second_instance=np.array([1, 1, 2, 2], dtype=np.int16),
    )


def test_non_mated_pairs_are_those_of_the_same_finger_of_different_persons() -> None:
    np.testing.assert_array_equal(scores().nonmated, [False, True, False, False])


def test_persons_are_counted_not_their_numbers() -> None:
    assert scores().subjects == 3


def test_a_set_may_be_empty() -> None:
    empty = replace(scores(), **{name: np.zeros(0, dtype) for name, dtype in DTYPES.items()})
    assert empty.subjects == 0
    assert not empty.nonmated.any()


def test_a_set_is_shown_without_its_scores() -> None:
    assert repr(scores()) == "LabelledScores('set', 1 mated, 1 non-mated pairs)"


@pytest.mark.parametrize("name", list(DTYPES))
def test_arrays_are_read_only_and_the_caller_s_own_stay_as_they_are(name: str) -> None:
    own = getattr(scores(), name).copy()
    held = replace(scores(), **{name: own})
    with pytest.raises(ValueError, match="read-only"):
        getattr(held, name)[0] = 1
    assert own.flags.writeable


@pytest.mark.parametrize("name", list(DTYPES))
def test_an_array_of_another_length_or_type_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"must be \w+ of shape"):
        replace(scores(), **{name: np.zeros(3, DTYPES[name])})
    with pytest.raises(ValueError, match=f"{name} must be .* got complex128"):
        replace(scores(), **{name: np.zeros(4, np.complex128)})


def test_similarities_must_be_one_row() -> None:
    with pytest.raises(ValueError, match=r"similarities must have the shape \(P,\), got \(2, 2\)"):
        replace(scores(), similarities=np.zeros((2, 2), np.float32))


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_a_similarity_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="similarities must be finite and at least 0"):
        replace(scores(), similarities=np.array([0, 1, 2, value], np.float32))


@pytest.mark.parametrize("name", ["first_subject", "second_subject", "sizes"])
def test_numbers_below_zero_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be at least 0, got -1"):
        replace(scores(), **{name: np.array([-1, 0, 0, 0], DTYPES[name])})


def test_a_mated_pair_of_two_persons_is_refused() -> None:
    with pytest.raises(ValueError, match="a mated pair must have the same person on both sides"):
        replace(scores(), mated=np.array([True, True, False, False]))
