import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.uncertainty.clusters import (
    PairClusters,
    Shared,
    shared_counts,
    shared_products,
    single_clusters,
)

SUBJECTS = 5
sides = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25)


def clusters_of(pairs: list[tuple[int, int]]) -> PairClusters:
    first, second = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    return PairClusters(first=first, second=second, subjects=SUBJECTS)


def counted_by_hand(pairs: list[tuple[int, int]], values: list[float]) -> Shared:
    sums = {"same_dyad": 0.0, "one_subject": 0.0, "disjoint": 0.0}
    for p, one in enumerate(pairs):
        for q, other in enumerate(pairs):
            if p != q:
                shared = len(set(one) & set(other))
                kind = "same_dyad" if set(one) == set(other) else "one_subject" if shared else "disjoint"
                sums[kind] += values[p] * values[q]
    return Shared(**sums)


@given(pairs=sides, seed=st.integers(0, 9))
def test_products_are_what_looking_at_every_pair_of_pairs_gives(
    pairs: list[tuple[int, int]], seed: int
) -> None:
    values = np.random.default_rng(seed).normal(size=len(pairs))
    found, expected = (
        shared_products(values, clusters_of(pairs)),
        counted_by_hand(pairs, values.tolist()),
    )
    for name in ("same_dyad", "one_subject", "disjoint"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-9)


def test_counts_of_a_full_cross_comparison() -> None:
    first, second = np.triu_indices(5, 1)
    counts = shared_counts(clusters_of(list(zip(first.tolist() * 2, second.tolist() * 2, strict=True))))
    # Ten dyads, two pairs each; each dyad touches six others and is disjoint to three.
    assert counts == Shared(same_dyad=20, one_subject=240, disjoint=120)


def test_mated_pairs_are_clusters_of_one_level() -> None:
    counts = shared_counts(single_clusters(np.array([0, 0, 0, 1, 2], dtype=np.int32), 4))
    assert counts == Shared(same_dyad=6, one_subject=0, disjoint=14)


def test_the_order_of_the_sides_does_not_matter() -> None:
    clusters = clusters_of([(0, 1), (1, 0), (0, 2)])
    assert clusters.dyad[0] == clusters.dyad[1] != clusters.dyad[2]


def test_subjects_without_a_pair_do_not_occur() -> None:
    clusters = clusters_of([(0, 1), (1, 3)])
    assert (clusters.occurring, clusters.subjects, len(clusters)) == (3, 5, 2)


def test_some_of_the_pairs_can_be_taken() -> None:
    taken = clusters_of([(0, 1), (1, 3), (2, 4)]).take(np.array([True, False, True]))
    assert (taken.first.tolist(), taken.second.tolist(), taken.subjects) == ([0, 2], [1, 4], 5)


def test_sides_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        clusters_of([(0, 1)]).first[0] = 3


def test_sides_of_a_wrong_shape_type_or_number_are_refused() -> None:
    good = np.zeros(2, dtype=np.int32)
    with pytest.raises(ValueError, match="second must be int32 of shape"):
        PairClusters(first=good, second=good[:1], subjects=1)
    with pytest.raises(ValueError, match="first must be int32 of shape"):
        PairClusters(first=good.astype(np.int64), second=good, subjects=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"first must lie in 0..0, got 0 to 1"):
        PairClusters(first=np.array([0, 1], dtype=np.int32), second=good, subjects=1)


def test_no_pairs_have_clusters_too() -> None:
    empty = np.empty(0, dtype=np.int32)
    assert shared_counts(single_clusters(empty, 3)) == Shared(same_dyad=0, one_subject=0, disjoint=0)
