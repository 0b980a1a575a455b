from __future__ import annotations

import pytest

from biocapil.comparison.explanation import ScoreTerm
from biocapil.reporting.score_terms import LINE, draw_terms, term_value


def test_long_meanings_are_wrapped_and_take_their_height() -> None:
    short = ScoreTerm(name="a", value=1.0, meaning="short")
    long = ScoreTerm(name="b", value=2.0, meaning="word " * 60)

    _, one = draw_terms([short], left=0, top=0, width=700)
    drawn, more = draw_terms([short, long], left=0, top=0, width=700)

    assert one == LINE
    assert more == LINE * (drawn.count("<text") - 4)


def test_no_terms_take_no_room() -> None:
    assert draw_terms([], left=0, top=0, width=700) == ("", 0)


@pytest.mark.parametrize(
    ("value", "written"), [(3.0, "3"), (0.83333, "0.833"), (1234.5, "1.23e+03"), (-2.0, "-2")]
)
def test_values_are_short(value: float, written: str) -> None:
    assert term_value(value) == written
