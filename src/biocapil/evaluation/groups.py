"""Error rates of parts of a set: by finger, by quality, or by any column of the manifest.

All groups are told at the threshold of the whole set, as a registry has one threshold for all. A pair
belongs to a group where both of its samples do.

Reference: ISO/IEC 19795-10:2024 (performance variation across demographic groups).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate
from biocapil.evaluation.quality import sample_qualities
from biocapil.evaluation.score_set import ScoreSet
from biocapil.extraction import ExtractedSample
from biocapil.uncertainty import (
    Dependence,
    PairClusters,
    measure_dependence,
    rate_with_interval,
    rule_of_thirty,
    rule_of_three,
)

QUALITY_BORDERS = (40, 60, 80)
MOST_LABELS = 20
"""Columns with more distinct values than this are names or numbers, not groups."""
ENOUGH_ERRORS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """A way to part a set.

    Attributes:
        name: What it goes by.
        labels: Label of each sample; empty where it has none, which belongs to no group.
    """

    name: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """Error rates of one group at the common threshold.

    Attributes:
        grouping: What the set was parted by.
        label: Label of the group.
        mated: Mated pairs of the group.
        nonmated: Non-mated pairs of the group.
        fnmr: False non-match rate; None where there is no mated pair.
        fmr: False match rate; None where there is no non-mated pair.
        too_small: Whether the group has too few pairs to show the rates of the whole set.
        warning: What the group cannot show; empty where it can.
    """

    grouping: str
    label: str
    mated: int
    nonmated: int
    fnmr: ErrorRate | None
    fmr: ErrorRate | None
    too_small: bool
    warning: str


def offered_groupings(
    samples: Sequence[ExtractedSample], *, columns: Sequence[str] | None = None
) -> tuple[Grouping, ...]:
    """Dataset, finger position, quality band, and columns of the manifest; what parts the set into several.

    Args:
        samples: What extraction made of each sample.
        columns: Columns to part by; None takes every one that has few enough values.

    Raises:
        ValueError: No sample has a column that was named, or it has too many values for groups.
    """
    known = dict.fromkeys(name for sample in samples for name, _ in sample.entry.attributes)
    for column in columns or ():
        _require_groups(column, samples, tuple(known))
    columns = tuple(known) if columns is None else columns
    quality = sample_qualities(samples)
    found = [
        Grouping(name="dataset", labels=tuple(sample.entry.dataset for sample in samples)),
        Grouping(
            name="finger position", labels=tuple(sample.entry.position.name.lower() for sample in samples)
        ),
        Grouping(name=quality.name, labels=tuple(_quality_band(value) for value in quality.values.tolist())),
        *(
            Grouping(name=name, labels=tuple(sample.entry.attribute(name) for sample in samples))
            for name in columns
        ),
    ]
    return tuple(grouping for grouping in found if 2 <= len(set(grouping.labels) - {""}) <= MOST_LABELS)


def _require_groups(column: str, samples: Sequence[ExtractedSample], known: tuple[str, ...]) -> None:
    """Refuse a column that cannot part the set."""
    if column not in known:
        there = ", ".join(known) or "none"
        raise ValueError(f"the manifest has no column {column!r} to group by; further columns: {there}")
    values = {sample.entry.attribute(column) for sample in samples} - {""}
    if len(values) > MOST_LABELS:
        raise ValueError(
            f"column {column!r} has {len(values)} different values, groups can be at most {MOST_LABELS}"
        )


def group_figures(
    scores: ScoreSet, groupings: Sequence[Grouping], *, threshold: float
) -> tuple[GroupFigures, ...]:
    """Error rates of every group of every grouping, labels in alphabetical order.

    Args:
        scores: The set; it holds mated and non-mated pairs.
        groupings: Ways to part it, each with one label per sample.
        threshold: Smallest similarity that matches, for all groups.

    Raises:
        ValueError: A grouping has not one label per sample.
    """
    sides = (
        _Side.of(~(scores.mated >= threshold), scores.mated, scores.mated_clusters),
        _Side.of(scores.nonmated >= threshold, scores.nonmated, scores.nonmated_clusters),
    )
    figures: list[GroupFigures] = []
    for grouping in groupings:
        if len(grouping.labels) != len(scores.people):
            raise ValueError(
                f"grouping {grouping.name!r} must have one label per sample, "
                f"got {len(grouping.labels)} for {len(scores.people)} samples"
            )
        labels = np.array(grouping.labels)
        for label in sorted(set(grouping.labels) - {""}):
            inside = labels == label
            mated = sides[0].rate(inside[scores.mated_pairs].all(axis=1))
            nonmated = sides[1].rate(inside[scores.nonmated_pairs].all(axis=1))
            figures.append(_figures(grouping.name, label, sides, mated, nonmated))
    return tuple(figures)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Side:
    """Errors of all pairs of a kind, and how the pairs depend on each other."""

    events: NDArray[np.bool_]
    clusters: PairClusters
    dependence: Dependence
    whole: ErrorRate

    @staticmethod
    def of(events: NDArray[np.bool_], similarities: NDArray[np.float32], clusters: PairClusters) -> _Side:
        dependence = measure_dependence(similarities, clusters)
        return _Side(
            events=events,
            clusters=clusters,
            dependence=dependence,
            whole=rate_with_interval(events, clusters, dependence=dependence),
        )

    def rate(self, rows: NDArray[np.bool_]) -> ErrorRate | None:
        if not rows.any():
            return None
        clusters = self.clusters.take(rows)
        return rate_with_interval(self.events[rows], clusters, dependence=self.dependence.among(clusters))

    def lack(self, name: str, found: ErrorRate | None) -> str:
        """What a group is too small for; empty where it is not."""
        expected = self.whole.value or self.whole.interval.high
        if found is None:
            return f"no pairs to tell {name} by"
        if found.errors >= ENOUGH_ERRORS or rule_of_three(found.trials) <= expected:
            return ""
        return (
            f"{found.trials:,} pairs cannot show {name} {expected * 100:.2g} %: "
            f"{rule_of_thirty(expected):,} would give 30 errors"
        )


def _figures(
    grouping: str,
    label: str,
    sides: tuple[_Side, _Side],
    fnmr: ErrorRate | None,
    fmr: ErrorRate | None,
) -> GroupFigures:
    lacks = [lack for lack in (sides[0].lack("FNMR", fnmr), sides[1].lack("FMR", fmr)) if lack]
    return GroupFigures(
        grouping=grouping,
        label=label,
        mated=0 if fnmr is None else fnmr.trials,
        nonmated=0 if fmr is None else fmr.trials,
        fnmr=fnmr,
        fmr=fmr,
        too_small=bool(lacks),
        warning="; ".join(lacks),
    )


def _quality_band(quality: float) -> str:
    """Band of a quality; empty where there is none."""
    if math.isnan(quality):
        return ""
    borders = (0, *QUALITY_BORDERS, 100)
    place = sum(quality >= border for border in QUALITY_BORDERS)
    return f"{borders[place]} to {borders[place + 1]}"
