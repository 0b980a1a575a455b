from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from biocapil.evaluation.speed import SearchSpeed, measure_speed
from biocapil.template import FingerprintTemplate


def ticking() -> Callable[[], float]:
    """Clock of which two neighbouring readings always lie a quarter of a second apart."""
    ticks = count()
    return lambda: next(ticks) * 0.25


def speed_of(templates: list[FingerprintTemplate], **options: Any) -> SearchSpeed:
    """Speed of templates that each come from a body part of their own."""
    speed = measure_speed(templates, range(len(templates)), **options)
    assert speed is not None
    return speed


def test_the_mates_of_a_probe_are_not_searched(templates: list[FingerprintTemplate]) -> None:
    copies = [templates[0]] * 3
    speed = measure_speed([*copies, templates[3]], "aaab", gallery_size=50, probes=1, clock=ticking())
    assert speed is not None
    assert speed.gates is not None
    assert (speed.gallery, speed.gates.passed_second) == (50, 0)


def test_a_set_of_one_source_has_no_speed(templates: list[FingerprintTemplate]) -> None:
    assert measure_speed(templates[:2], "aa", gallery_size=10) is None


def test_speed_is_comparisons_over_the_time_of_one_search(
    templates: list[FingerprintTemplate],
) -> None:
    speed = speed_of(templates, gallery_size=100, probes=3, clock=ticking())
    assert (speed.gallery, speed.probes) == (110, 3)
    assert speed.gates is not None
    assert speed.gates.per_s == speed.exact_per_s == 110 / 0.25


def test_gates_let_through_no_more_than_came(templates: list[FingerprintTemplate]) -> None:
    speed = speed_of(templates, gallery_size=50, probes=4)
    assert speed.gates is not None
    assert 0 < speed.gates.passed_second <= speed.gates.passed_first <= 1
    assert speed.gates.per_s > 0


def test_a_set_smaller_than_the_probes_asked_for_gives_each_template_once(
    templates: list[FingerprintTemplate],
) -> None:
    assert speed_of(templates[:2], gallery_size=10, probes=20).probes == 2


def test_a_clock_too_coarse_to_see_a_search_does_not_divide_by_zero(
    templates: list[FingerprintTemplate],
) -> None:
    assert speed_of(templates, gallery_size=12, probes=1, clock=lambda: 0.0).exact_per_s > 0


def test_the_same_seed_searches_the_same_gallery(templates: list[FingerprintTemplate]) -> None:
    first, again = (speed_of(templates, gallery_size=60, probes=3, seed=4) for _ in range(2))
    assert first.gates is not None
    assert again.gates is not None
    assert first.gates.passed_first == pytest.approx(again.gates.passed_first)
