from __future__ import annotations

from collections.abc import Callable

import pytest

from biocapil import FingerprintTemplate
from biocapil.comparison.explanation import Explanation
from biocapil.deduplication import DuplicateReport
from biocapil.quality_report import QualityReport
from biocapil.reporting.figures import FigureMaker
from biocapil.vocabulary import ModelId


@pytest.fixture
def maker(template: FingerprintTemplate, explanation: Explanation) -> Callable[..., FigureMaker]:
    def make(
        allowance: int, *, without: str = "", qualities: dict[str, QualityReport] | None = None
    ) -> FigureMaker:
        return FigureMaker(
            images=lambda _: None,
            templates=lambda entry: None if entry.subject == without else template,
            explain=lambda _probe, _reference: explanation,
            allowance=allowance,
            qualities=qualities,
        )

    return make


def test_the_allowance_is_kept_and_the_rest_counted(
    maker: Callable[..., FigureMaker], report: DuplicateReport
) -> None:
    finding = report.person_pairs[0].fingers[0]
    drawing = maker(2)

    figures = [drawing.figure(finding) for _ in range(3)]

    assert [bool(figure.svg) for figure in figures] == [True, True, False]
    assert (drawing.drawn, drawing.undrawn) == (2, 1)
    assert [term.name for term in figures[0].terms] == ["matched mass", "pairs"]
    assert figures[2].finding is finding


def test_reserved_pictures_are_kept_back(maker: Callable[..., FigureMaker], report: DuplicateReport) -> None:
    finding = report.person_pairs[0].fingers[0]
    drawing = maker(2)
    drawing.reserved = 1

    figures = [drawing.figure(finding) for _ in range(2)]

    assert [bool(figure.svg) for figure in figures] == [True, False]


@pytest.mark.parametrize("missing", ["a<1>", "b"])
def test_a_pair_without_both_templates_is_named_only(
    maker: Callable[..., FigureMaker], report: DuplicateReport, missing: str
) -> None:
    drawing = maker(2, without=missing)

    assert drawing.figure(report.person_pairs[0].fingers[0]).svg == ""
    assert (drawing.drawn, drawing.undrawn) == (0, 1)


def test_the_quality_of_both_prints_is_told_where_one_was_measured(
    maker: Callable[..., FigureMaker], report: DuplicateReport
) -> None:
    finding = report.person_pairs[0].fingers[0]
    poor = QualityReport(score=7, components=(), reasons=(), model_id=ModelId("fit@0"))

    assert maker(1).figure(finding).qualities == ""
    assert maker(0, qualities={finding.second.name: poor}).figure(finding).qualities == "not measured, 7"
    assert maker(1, qualities={finding.first.name: poor}).figure(finding).qualities == "7, not measured"
