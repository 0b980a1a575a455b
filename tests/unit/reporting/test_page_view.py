from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from biocapil import FingerprintTemplate
from biocapil.comparison.explanation import Explanation
from biocapil.deduplication import DuplicateReport
from biocapil.reporting import page_view
from biocapil.reporting.figures import FigureMaker
from biocapil.reporting.page_view import PageView, arrange


def arranged(
    report: DuplicateReport, template: FingerprintTemplate, explanation: Explanation, allowance: int
) -> PageView:
    maker = FigureMaker(
        images=lambda _: None,
        templates=lambda _: template,
        explain=lambda _probe, _reference: explanation,
        allowance=allowance,
    )
    return arrange(report, maker)


def test_half_of_the_pictures_are_kept_for_what_comes_after_the_clusters(
    report: DuplicateReport, template: Callable[..., FingerprintTemplate], explanation: Explanation
) -> None:
    view = arranged(report, template, explanation, 2)

    assert [bool(pair.figures[0].svg) for pair in view.clusters[0].pairs] == [True, False]
    assert view.review[0].figures[0].svg
    assert not view.filed_twice[0].figure.svg
    assert (view.drawn, view.undrawn) == (2, 2)


def test_nothing_is_kept_back_where_nothing_comes_after(
    report: DuplicateReport, template: Callable[..., FingerprintTemplate], explanation: Explanation
) -> None:
    only_clusters = replace(report, person_pairs=report.duplicate_pairs, fingers_filed_twice=())

    view = arranged(only_clusters, template, explanation, 2)

    assert (view.drawn, view.undrawn) == (2, 0)


def test_a_full_page_counts_what_it_leaves_out(
    report: DuplicateReport,
    template: Callable[..., FingerprintTemplate],
    explanation: Explanation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_view, "MAX_ROWS", 1)

    view = arranged(report, template, explanation, 0)

    assert len(view.clusters[0].pairs) == 1
    assert view.clusters[0].unlisted == 1
    assert view.review == ()
    assert len(view.failures) == 1


def test_reasons_are_counted_in_words(
    report: DuplicateReport, template: Callable[..., FingerprintTemplate], explanation: Explanation
) -> None:
    view = arranged(report, template, explanation, 0)

    assert view.failure_reasons == (("no contrast", 1), ("reason not given", 1))
    assert view.clustered_persons == 3
