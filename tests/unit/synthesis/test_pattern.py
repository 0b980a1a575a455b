from collections import Counter

import numpy as np
import pytest

from biocapil.synthesis.pattern import FREQUENCIES, Pattern, draw_pattern, place_singularities


def test_frequencies_cover_all_classes_and_sum_to_one() -> None:
    assert set(FREQUENCIES) == set(Pattern)
    assert sum(FREQUENCIES.values()) == pytest.approx(1)


def test_classes_come_at_their_natural_frequencies() -> None:
    rng, draws = np.random.default_rng(1), 4000
    counts = Counter(draw_pattern(rng) for _ in range(draws))
    for pattern, share in FREQUENCIES.items():
        tolerance = 4 * np.sqrt(share * (1 - share) / draws)
        assert counts[pattern] / draws == pytest.approx(share, abs=tolerance)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        (Pattern.ARCH, 0),
        (Pattern.TENTED_ARCH, 1),
        (Pattern.LEFT_LOOP, 1),
        (Pattern.RIGHT_LOOP, 1),
        (Pattern.WHORL, 2),
        (Pattern.DOUBLE_LOOP, 2),
    ],
)
def test_every_class_has_as_many_cores_as_deltas(pattern: Pattern, count: int) -> None:
    places = place_singularities(np.random.default_rng(2), pattern)
    assert len(places.cores) == len(places.deltas) == count


def test_loops_open_away_from_their_delta() -> None:
    for seed in range(20):
        left = place_singularities(np.random.default_rng(seed), Pattern.LEFT_LOOP)
        right = place_singularities(np.random.default_rng(seed), Pattern.RIGHT_LOOP)
        assert left.deltas[0][0] > left.cores[0][0]
        assert right.deltas[0][0] < right.cores[0][0]
