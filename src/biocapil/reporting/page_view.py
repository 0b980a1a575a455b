"""What the HTML page shows, arranged for its template: no markup here, no arithmetic there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from biocapil.deduplication import (
    Cluster,
    DuplicateReport,
    FailedSample,
    FingerFiledTwice,
    PersonPair,
    UnconfirmedSample,
)
from biocapil.reporting.figures import Figure, FigureMaker

MAX_ROWS = 1000
"""Rows of one table; the page says how many more stand in the JSON result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """One pair of persons.

    Attributes:
        pair: The pair.
        figures: Best pair of samples of each finger.
    """

    pair: PersonPair
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """One cluster of one person.

    Attributes:
        number: Place in the report, from 1.
        cluster: The cluster.
        pairs: Its pairs, best first, as many as have room.
    """

    number: int
    cluster: Cluster[PersonPair]
    pairs: tuple[PairView, ...]

    @property
    def unlisted(self) -> int:
        """Pairs of the cluster that have no room on the page."""
        return len(self.cluster.pairs) - len(self.pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledTwiceView:
    """One finger under two names.

    Attributes:
        found: The finding.
        figure: Its best pair.
    """

    found: FingerFiledTwice
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """All parts of the page.

    Attributes:
        report: The report.
        clusters: Clusters of one person, as many as have room.
        review: Pairs for a person to settle, as many as have room.
        filed_twice: Fingers under two names, as many as have room.
        unconfirmed: Samples that matched none of their mates, as many as have room.
        failures: Samples without a template, as many as have room.
        failure_reasons: Reason to number of samples, most frequent first.
        clustered_persons: Claimed persons in all clusters.
        drawn: Pairs with a picture.
        undrawn: Pairs without one.
    """

    report: DuplicateReport
    clusters: tuple[ClusterView, ...]
    review: tuple[PairView, ...]
    filed_twice: tuple[FiledTwiceView, ...]
    unconfirmed: tuple[UnconfirmedSample, ...]
    failures: tuple[FailedSample, ...]
    failure_reasons: tuple[tuple[str, int], ...]
    clustered_persons: int
    drawn: int
    undrawn: int


def arrange(report: DuplicateReport, maker: FigureMaker) -> PageView:
    """Arrange a report for the page.

    Pictures go to the clusters first, but half of them are kept for the later parts where needed.
    """
    later = sum(len(pair.fingers) for pair in report.review_pairs) + len(report.fingers_filed_twice)
    maker.reserved = min(later, maker.allowance // 2)
    clusters = tuple(
        ClusterView(number=number, cluster=cluster, pairs=_pairs(cluster.pairs, maker))
        for number, cluster in enumerate(report.clusters[:MAX_ROWS], start=1)
    )
    maker.reserved = 0
    review = _pairs(report.review_pairs, maker)
    filed_twice = tuple(
        FiledTwiceView(found=found, figure=maker.figure(found.best))
        for found in report.fingers_filed_twice[:MAX_ROWS]
    )
    return PageView(
        report=report,
        clusters=clusters,
        review=review,
        filed_twice=filed_twice,
        unconfirmed=report.unconfirmed[:MAX_ROWS],
        failures=report.failures[:MAX_ROWS],
        failure_reasons=_reasons(report.failures),
        clustered_persons=sum(len(cluster.persons) for cluster in report.clusters),
        drawn=maker.drawn,
        undrawn=maker.undrawn,
    )


def reason_words(failed: FailedSample) -> str:
    """Why a sample has no template, in words."""
    if failed.failure is None:
        return "reason not given"
    return failed.failure.reason.value.replace("_", " ")


def _pairs(pairs: Iterable[PersonPair], maker: FigureMaker) -> tuple[PairView, ...]:
    """Views of pairs, until the page has named as many without a picture as it has room for."""
    views: list[PairView] = []
    for pair in pairs:
        if maker.undrawn >= MAX_ROWS:
            break
        figures = tuple(maker.figure(finding) for finding in pair.fingers)
        views.append(PairView(pair=pair, figures=figures))
    return tuple(views)


def _reasons(failures: Sequence[FailedSample]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(reason_words(failed) for failed in failures).most_common())
