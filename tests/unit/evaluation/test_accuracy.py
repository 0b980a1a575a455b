import numpy as np

from biocapil.evaluation.accuracy import FMR_LIMITS, measure_accuracy


def test_figures_of_a_small_set() -> None:
    mated = np.array([1, 3, 4, 5], dtype=np.float32)
    nonmated = np.array([0, 1, 2, 3], dtype=np.float32)
    accuracy = measure_accuracy(mated, nonmated)
    assert accuracy is not None
    assert accuracy.eer == 0.25
    assert [point.fnmr for point in accuracy.points] == [0.5] * len(FMR_LIMITS)
    assert accuracy.zero_fmr_threshold == 4.0
    assert accuracy.smallest_provable_fmr == 0.75


def test_limits_part_where_there_are_pairs_enough() -> None:
    nonmated = np.zeros(1000, dtype=np.float32)
    nonmated[:10] = np.arange(1, 11)
    accuracy = measure_accuracy(np.array([1, 9, 10, 11], dtype=np.float32), nonmated)
    assert accuracy is not None
    assert [point.fnmr for point in accuracy.points] == [0.0, 0.5, 0.75]


def test_a_set_without_mated_or_without_non_mated_pairs_has_no_error_rates() -> None:
    some, none = np.ones(2, dtype=np.float32), np.empty(0, dtype=np.float32)
    assert measure_accuracy(none, some) is None
    assert measure_accuracy(some, none) is None
