import numpy as np

from biocapil.evaluation.gates import measure_gate_cost


def test_only_pairs_that_would_have_matched_can_be_lost() -> None:
    exact = np.array([9, 8, 5, 2, -np.inf], dtype=np.float32)
    gated = np.array([9, 0, 5, 0, -np.inf], dtype=np.float32)
    cost = measure_gate_cost(exact, gated, threshold=5.0)
    assert (cost.accepted, cost.lost, cost.lost_share) == (3, 1, 1 / 3)


def test_gates_lose_nothing_where_nothing_matches() -> None:
    exact = np.array([1.0], dtype=np.float32)
    cost = measure_gate_cost(exact, np.zeros(1, dtype=np.float32), threshold=np.inf)
    assert (cost.accepted, cost.lost_share) == (0, 0.0)
