from __future__ import annotations

from biocapil.reporting.axes import LogScale
from biocapil.reporting.whiskers import draw_whisker

ALONG = LogScale(low=0.01, high=1, start=0, end=100)


def test_an_interval_has_a_cap_at_both_ends() -> None:
    assert 'd="M50.0 20.0H100.0M50.0 16.5v7M100.0 16.5v7"' in draw_whisker(ALONG, 0.1, 1.0, 20, "red")
    assert 'd="M20.0 50.0V100.0M16.5 50.0h7M16.5 100.0h7"' in draw_whisker(
        ALONG, 0.1, 1.0, 20, "red", upright=True
    )


def test_an_end_beyond_the_axis_has_no_cap() -> None:
    assert 'd="M0.0 20.0H50.0M50.0 16.5v7"' in draw_whisker(ALONG, 0.0, 0.1, 20, "red")


def test_an_interval_without_an_end_is_not_drawn() -> None:
    assert draw_whisker(ALONG, float("nan"), 0.1, 20, "red") == ""
    assert draw_whisker(ALONG, 0.1, float("nan"), 20, "red") == ""
