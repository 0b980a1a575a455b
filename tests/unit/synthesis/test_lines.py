import numpy as np

from biocapil.synthesis.lines import draw_creases, draw_scratches

SHAPE = (300, 240)


def test_lines_have_depths_between_none_and_full() -> None:
    layers = [draw_creases(np.random.default_rng(seed), SHAPE) for seed in range(20)]
    assert all(layer.shape == SHAPE and layer.dtype == np.float32 for layer in layers)
    assert min(layer.min() for layer in layers) >= 0
    assert 0.5 < max(layer.max() for layer in layers) <= 1.25


def test_some_fingers_have_creases_and_some_have_none() -> None:
    creased = [bool(draw_creases(np.random.default_rng(seed), SHAPE).any()) for seed in range(40)]
    assert 5 < sum(creased) < 40


def test_lines_cover_little_of_the_print() -> None:
    covered = [(draw_creases(np.random.default_rng(seed), SHAPE) > 0.1).mean() for seed in range(20)]
    assert max(covered) < 0.15


def test_easy_impressions_have_no_scratches_and_hard_ones_many() -> None:
    def share(difficulty: float) -> float:
        seeds = range(30)
        return float(np.mean([draw_scratches(np.random.default_rng(seed), SHAPE, difficulty=difficulty)
                              for seed in seeds]))  # fmt: skip

    assert share(0) == 0
    assert share(1) > share(0.3) > 0
