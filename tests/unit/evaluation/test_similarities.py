import numpy as np

from biocapil.evaluation.similarities import pair_similarities, template_rows


def test_samples_without_a_template_take_no_row() -> None:
    assert template_rows([True, False, True, True]).tolist() == [0, -1, 1, 2]
    assert template_rows([]).tolist() == []


def test_each_pair_reads_its_cell_and_failed_sides_read_minus_infinity() -> None:
    matrix = np.array([[0, 5, 7], [5, 0, 9], [7, 9, 0]], dtype=np.float32)
    rows = template_rows([True, False, True, True])
    pairs = np.array([[0, 1], [0, 2], [2, 3], [1, 3]], dtype=np.int32)
    found = pair_similarities(matrix, rows, pairs)
    assert found.tolist() == [-np.inf, 5.0, 9.0, -np.inf]
    assert found.dtype == np.float32


def test_no_pairs_have_no_similarities() -> None:
    empty = np.empty((0, 2), dtype=np.int32)
    assert pair_similarities(np.empty((0, 0), np.float32), template_rows([False]), empty).shape == (0,)
