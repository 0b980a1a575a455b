from __future__ import annotations

from collections.abc import Callable

from biocapil import FingerprintTemplate, SampleEntry
from biocapil.comparison.explanation import Explanation
from biocapil.reporting.drawn_pair import draw_pair


def test_a_pair_is_drawn_with_its_terms(
    entry: Callable[..., SampleEntry], template: FingerprintTemplate, explanation: Explanation
) -> None:
    drawn = draw_pair(
        entry("a"),
        entry("b"),
        images=lambda _: None,
        templates=lambda _: template,
        explain=lambda _probe, _reference: explanation,
    )
    assert drawn is not None
    assert drawn.svg.startswith("<svg")
    assert "a_thumb_1.png compared with b_thumb_1.png" in drawn.svg
    assert [term.name for term in drawn.terms] == ["matched mass", "pairs"]


def test_a_pair_without_a_template_is_not_drawn(
    entry: Callable[..., SampleEntry], template: FingerprintTemplate, explanation: Explanation
) -> None:
    for without in ("a", "b"):
        drawn = draw_pair(
            entry("a"),
            entry("b"),
            images=lambda _: None,
            templates=lambda one, without=without: None if one.subject == without else template,
            explain=lambda _probe, _reference: explanation,
        )
        assert drawn is None
