"""Open-set identification: how often a search misses the person, or returns somebody who is not there.

    similarities ─► one reference a body part, the other samples as probes
                     └─► highest non-mate, rank of the mate ─► FPIR(N, T), FNIR(N, R, T), CMC

A search returns the references at or above a threshold, the R likest of them at most. In a mated search the
probe's mate is among the N references; in a non-mated one it is left out. A probe or reference without a
template is never found, so a failure to extract counts as a miss.

Reference: ISO/IEC 19795-1:2021, 9.5 (identification error rates).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate
from biocapil.evaluation.similarities import NO_TEMPLATE
from biocapil.subject import SampleEntry
from biocapil.uncertainty import (
    Dependence,
    PairClusters,
    measure_dependence,
    rate_with_interval,
    rule_of_three,
    single_clusters,
)

FPIR_LIMITS = (0.1, 0.01, 0.001)
RANKS = 10
DRAWS = 10
"""Sub-galleries of each size over which the rates are averaged."""
CURVE_POINTS = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GalleryFigures:
    """Error rates of searches in galleries of one size.

    Attributes:
        size: References searched, N.
        draws: Galleries over which the rates are averaged.
        thresholds: Rising, the last inf. Shape (T,), float64.
        fpir: Share of non-mated searches that return anybody. Shape (T,), float64.
        fnir: Share of mated searches that do not return the mate among the first 1 to R. Shape (R, T),
            float64.
        cmc: Share of mated searches with the mate among the first 1 to R, whatever the threshold. Shape (R,).
    """

    size: int
    draws: int
    thresholds: NDArray[np.float64]
    fpir: NDArray[np.float64]
    fnir: NDArray[np.float64]
    cmc: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentificationPoint:
    """Error rates of searches in the whole gallery at one threshold.

    Attributes:
        max_fpir: Limit of FPIR that set the threshold.
        threshold: Lowest similarity with no more than that.
        fpir: False positive identification rate.
        fnir: False negative identification rate, the mate at any rank.
    """

    max_fpir: float
    threshold: float
    fpir: ErrorRate
    fnir: ErrorRate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdentificationFigures:
    """Identification over a set.

    Attributes:
        mated_searches: Probes whose mate is in the gallery.
        nonmated_searches: Probes searched without their mate.
        galleries: Rates by size of the gallery, smallest first; the last is the whole one.
        points: Rates at each limit of FPIR that so many searches can show.
    """

    mated_searches: int
    nonmated_searches: int
    galleries: tuple[GalleryFigures, ...]
    points: tuple[IdentificationPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Searches:
    """Similarities of the probes to the references, the mate apart.

    Attributes:
        others: To each reference; -inf at the mate and where a side failed. Shape (P, G), float32.
        mate: To the mate; -inf where a side failed. Shape (P,), float32.
        own: Reference of each probe's own body part. Shape (P,), int64.
        has_mate: Whether the probe is another sample than that reference. Shape (P,), bool.
        people: Clusters of the probes.
    """

    others: NDArray[np.float32]
    mate: NDArray[np.float32]
    own: NDArray[np.int64]
    has_mate: NDArray[np.bool_]
    people: PairClusters


def measure_identification(
    entries: Sequence[SampleEntry],
    matrix: NDArray[np.float32],
    rows: NDArray[np.int32],
    *,
    rng: np.random.Generator,
    left_out: NDArray[np.int32] | None = None,
    sizes: Sequence[int] = (),
    ranks: int = RANKS,
) -> IdentificationFigures | None:
    """Search every sample among one reference of each body part, its first sample.

    Args:
        entries: Samples of the set.
        matrix: Similarities of all templates. Shape (T, T), float32, symmetric.
        rows: Row of each sample in the matrix, or `NO_TEMPLATE`. Shape (N,), int32.
        rng: Source of the sub-galleries.
        left_out: Pairs of samples that are not compared. Shape (D, 2), int32.
        sizes: Sizes of sub-galleries, below that of the whole; by default a half and a quarter of it.
        ranks: Highest rank told, at least 1.

    Returns:
        The figures, or None where there are fewer than three body parts or no probe has a mate.

    Raises:
        ValueError: A size does not lie between 1 and the whole gallery, or `ranks` is below 1.
    """
    if ranks < 1:
        raise ValueError(f"ranks must be at least 1, got {ranks}")
    searches = _searches(entries, matrix, rows, left_out)
    whole = searches.others.shape[1] - 1
    if whole < 2 or not searches.has_mate.any():
        return None
    wanted = sorted({*(sizes or (whole // 4, whole // 2)), whole} - ({0} if not sizes else set()))
    if wanted[0] < 1 or wanted[-1] > whole:
        raise ValueError(f"gallery sizes must lie in 1..{whole}, got {list(sizes)}")
    return IdentificationFigures(
        mated_searches=int(searches.has_mate.sum()),
        nonmated_searches=len(searches.own),
        galleries=tuple(_gallery_figures(searches, size, whole, ranks, rng) for size in wanted),
        points=_points(searches),
    )


def _searches(
    entries: Sequence[SampleEntry],
    matrix: NDArray[np.float32],
    rows: NDArray[np.int32],
    left_out: NDArray[np.int32] | None,
) -> _Searches:
    sources = _numbered([entry.source for entry in entries])
    _, reference = np.unique(sources, return_index=True)
    is_probe = np.ones(len(entries), dtype=np.bool_)
    is_probe[reference] = False
    if not is_probe.any():
        is_probe[:] = True  # one sample each: every sample is searched among the others
    probes = np.flatnonzero(is_probe)
    others = _similarities(matrix, rows, probes, reference)
    if left_out is not None:
        _leave_out(others, probes, reference, left_out)
    own = sources[probes]
    each = np.arange(len(probes))
    mate = others[each, own].copy()
    others[each, own] = -np.inf
    people = _numbered([entries[int(probe)].person for probe in probes])
    return _Searches(
        others=others,
        mate=mate,
        own=own,
        has_mate=reference[own] != probes,
        people=single_clusters(people.astype(np.int32), int(people.max(initial=0)) + 1),
    )


def _similarities(
    matrix: NDArray[np.float32],
    rows: NDArray[np.int32],
    probes: NDArray[np.int64],
    references: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Similarity of probes to references; -inf where a side failed. Shape (P, G), float32."""
    found = np.full((len(probes), len(references)), -np.inf, dtype=np.float32)
    has_probe, has_reference = rows[probes] != NO_TEMPLATE, rows[references] != NO_TEMPLATE
    found[np.ix_(has_probe, has_reference)] = matrix[
        np.ix_(rows[probes[has_probe]], rows[references[has_reference]])
    ]
    return found


def _leave_out(
    similarities: NDArray[np.float32],
    probes: NDArray[np.int64],
    references: NDArray[np.int64],
    pairs: NDArray[np.int32],
) -> None:
    """Set the similarity of pairs to -inf in place, whichever side is the probe."""
    row_of = {int(probe): row for row, probe in enumerate(probes)}
    column_of = {int(reference): column for column, reference in enumerate(references)}
    for first, second in [*pairs.tolist(), *pairs[:, ::-1].tolist()]:
        if first in row_of and second in column_of:
            similarities[row_of[first], column_of[second]] = -np.inf


def _numbered(names: Sequence[Hashable]) -> NDArray[np.int64]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def _gallery_figures(
    searches: _Searches, size: int, whole: int, ranks: int, rng: np.random.Generator
) -> GalleryFigures:
    draws = DRAWS if size < whole else 1
    mated = np.flatnonzero(searches.has_mate)
    highest: list[NDArray[np.float32]] = []
    rank: list[NDArray[np.int64]] = []
    for _ in range(draws):
        order = rng.permutation(whole + 1)
        place = np.argsort(order)[searches.own]
        highest.append(_highest(searches, order, place, size))
        rank.append(_rank(searches, order, place, size)[mated])
    tops, placed = np.concatenate(highest), np.concatenate(rank)
    mates = np.tile(searches.mate[mated], draws)
    thresholds = _thresholds(tops, mates)
    fnir = np.array([_missed(mates, placed <= top, thresholds) for top in range(1, ranks + 1)])
    found = np.isfinite(mates)
    return GalleryFigures(
        size=size,
        draws=draws,
        thresholds=thresholds,
        fpir=1.0 - np.searchsorted(np.sort(tops), thresholds) / len(tops),
        fnir=fnir,
        cmc=np.array([(found & (placed <= top)).mean() for top in range(1, ranks + 1)]),
    )


def _highest(
    searches: _Searches, order: NDArray[np.int64], place: NDArray[np.int64], size: int
) -> NDArray[np.float32]:
    """Highest similarity to the first `size` references of an order, the mate not counted. Shape (P,)."""
    drawn: NDArray[np.float32] = searches.others[:, order[:size]].max(axis=1)
    in_place_of_mate = np.where(place < size, searches.others[:, order[size]], -np.inf)
    return np.maximum(drawn, in_place_of_mate.astype(np.float32))


def _rank(
    searches: _Searches, order: NDArray[np.int64], place: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """Rank of the mate among `size` references, itself one of them; a tie goes to the other. Shape (P,)."""
    others = size - 1
    ahead = (searches.others[:, order[:others]] >= searches.mate[:, None]).sum(axis=1)
    in_place_of_mate = (place < others) & (searches.others[:, order[others]] >= searches.mate)
    ranks: NDArray[np.int64] = 1 + ahead + in_place_of_mate
    return ranks


def _missed(
    mates: NDArray[np.float32], in_time: NDArray[np.bool_], thresholds: NDArray[np.float64]
) -> NDArray[np.float64]:
    found = np.sort(mates[in_time & np.isfinite(mates)])
    missed: NDArray[np.float64] = 1.0 - (len(found) - np.searchsorted(found, thresholds)) / len(mates)
    return missed


def _thresholds(tops: NDArray[np.float32], mates: NDArray[np.float32]) -> NDArray[np.float64]:
    """Some of the similarities that occur, evenly spread over both kinds of search, then inf."""
    shares = np.linspace(0, 1, CURVE_POINTS // 2)
    parts = [
        np.quantile(values[np.isfinite(values)].astype(np.float64), shares, method="lower")
        for values in (tops, mates)
        if np.isfinite(values).any()
    ]
    return np.append(np.unique(np.concatenate([*parts, np.empty(0)])), np.inf)


def _points(searches: _Searches) -> tuple[IdentificationPoint, ...]:
    """Rates at the limits of FPIR that the searches can show, over the whole gallery."""
    tops = searches.others.max(axis=1)
    candidates = np.append(np.unique(tops[np.isfinite(tops)]).astype(np.float64), np.inf)
    fpir = 1.0 - np.searchsorted(np.sort(tops), candidates) / len(tops)
    mated = searches.has_mate
    mated_people = searches.people.take(mated)
    of_tops = measure_dependence(tops, searches.people)
    of_mates = measure_dependence(searches.mate[mated], mated_people)
    return tuple(
        _point(searches, limit, float(candidates[np.argmax(fpir <= limit)]), of_tops, of_mates)
        for limit in FPIR_LIMITS
        if rule_of_three(len(tops)) <= limit
    )


def _point(
    searches: _Searches, limit: float, threshold: float, of_tops: Dependence, of_mates: Dependence
) -> IdentificationPoint:
    mated = searches.has_mate
    returned = searches.others.max(axis=1) >= threshold
    missed = ~(searches.mate[mated] >= threshold)
    return IdentificationPoint(
        max_fpir=limit,
        threshold=threshold,
        fpir=rate_with_interval(returned, searches.people, dependence=of_tops),
        fnir=rate_with_interval(missed, searches.people.take(mated), dependence=of_mates),
    )
