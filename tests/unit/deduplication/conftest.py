"""A comparison room made of a table: who is alike is said by the test, and evidence equals similarity."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil import (
    DecisionPolicy,
    EvidenceRates,
    FailureToExtract,
    FingerprintTemplate,
    ModelId,
    PolicyTarget,
    SampleEntry,
    SubjectId,
)
from biocapil.calibration import Calibration, CalibrationTable, FittedSet
from biocapil.deduplication import DuplicateReport, find_duplicates
from biocapil.deduplication.all_pairs import Progress
from biocapil.vocabulary import Modality

FULL_SIZE = 40
REACH = 400
"""Largest similarity that the calibrations of these tests speak of."""


@dataclass(frozen=True)
class Row:
    first_row: int
    second_row: int
    similarity: float


@dataclass(frozen=True)
class Compared:
    pairs: Sequence[Row]
    compared: int
    histogram: NDArray[np.int64]
    bin_edges: NDArray[np.float64]


class TableRoom:
    """Templates that are as alike as a table of row pairs says; all other pairs have nothing in common."""

    comparator = "table/1"

    def __init__(
        self, table: Mapping[tuple[int, int], float], *, empty: Sequence[int] = (), everything: bool = False
    ) -> None:
        self.table = {(min(pair), max(pair)): similarity for pair, similarity in table.items()}
        self.empty = empty
        self.everything = everything
        self.thresholds: list[float] = []
        self.looked_again: list[tuple[int, int]] = []
        self._number = 0

    def __call__(self, templates: Sequence[FingerprintTemplate]) -> TableRoom:
        self._number = len(templates)
        return self

    def sizes(self) -> NDArray[np.int16]:
        return np.array([0 if row in self.empty else FULL_SIZE for row in range(self._number)], np.int16)

    def above(
        self,
        threshold: float,
        on_progress: Progress | None,
        *,
        fingers: NDArray[np.int64],
        across: float,
    ) -> Compared:
        self.thresholds.append(threshold)
        rows = [(a, b) for b in range(self._number) for a in range(b)]
        if on_progress:
            on_progress(len(rows), len(rows))
        edges = np.linspace(0, 100, 11)
        similarities = [self.table.get(pair, 0.0) for pair in rows]
        pairs = [
            Row(a, b, similarity)
            for (a, b), similarity in zip(rows, similarities, strict=True)
            if self.everything or similarity >= (threshold if fingers[a] == fingers[b] else across)
        ]
        return Compared(pairs, len(rows), np.histogram(similarities, edges)[0].astype(np.int64), edges)

    def similarities(self, pairs: NDArray[np.int32]) -> NDArray[np.float32]:
        rows = [(min(pair), max(pair)) for pair in pairs.tolist()]
        self.looked_again += rows
        return np.array([self.table.get(pair, 0.0) for pair in rows], np.float32)


def linear_calibration(*, at_zero: float = 0.0, model: str = "made@1") -> Calibration:
    """Evidence is the similarity, plus `at_zero`, at every whole similarity."""
    similarities = np.arange(REACH + 1, dtype=np.float64)
    fmr = np.exp(-similarities / 8)
    return Calibration(
        calibration_id=f"linear{at_zero:+g}@test",
        model_id=ModelId(model),
        comparator="table/1",
        modality=Modality.FINGER,
        units=(1.0, 1.0, 1.0, 1.0),
        table=CalibrationTable(
            roots=np.sqrt(similarities),
            fmr=fmr,
            fmr_low=fmr / 2,
            fmr_high=np.minimum(fmr * 2, 1.0),
            fnmr=similarities / REACH,
            llr=similarities + at_zero,
            measured_to=10.0,
        ),
        dependence=0.0,
        fitted_on=(FittedSet(dataset="", subjects=10, mated=20, nonmated=90),),
    )


def policy_of(
    calibration: Calibration,
    *,
    review: float = 10.0,
    duplicate: float = 20.0,
    dependence: float = 0.0,
    shortfall: str = "",
) -> DecisionPolicy:
    """Thresholds as the test wants them; evidence t is reached by one pair of persons in exp(t)."""
    llr = np.arange(-10.0, 101.0)
    rate = np.minimum(np.exp(-llr), 1.0)
    return DecisionPolicy(
        review_llr=review,
        duplicate_llr=duplicate,
        target=PolicyTarget(people=1000, instances=10, comparisons=16),
        calibration_id=calibration.calibration_id,
        rates=EvidenceRates(
            llr=llr, rate=rate, low=rate / 2, high=np.minimum(rate * 2, 1.0), measured_to=15.0
        ),
        dependence=dependence,
        shortfall=shortfall,
    )


@pytest.fixture
def calibration() -> Calibration:
    return linear_calibration()


@pytest.fixture
def policy(calibration: Calibration) -> DecisionPolicy:
    return policy_of(calibration)


@pytest.fixture
def hopeless(calibration: Calibration) -> DecisionPolicy:
    """A policy whose target no evidence can keep: it calls nobody a duplicate."""
    return policy_of(calibration, duplicate=math.inf, shortfall="ten instances would")


@pytest.fixture
def entry() -> Callable[..., SampleEntry]:
    """Make an entry: subject, finger name, impression label, dataset."""

    def make(subject: str, instance: str = "", sample: str = "1", *, dataset: str = "") -> SampleEntry:
        name = f"{dataset}{subject}_{instance}_{sample}.png"
        return SampleEntry(
            name=name,
            file=Path(name),
            subject=SubjectId(subject),
            instance=instance,
            sample=sample,
            dataset=dataset,
        )

    return make


@pytest.fixture
def template() -> Callable[..., FingerprintTemplate]:
    """Make a template of one minutia."""

    def make(model: str = "made@1") -> FingerprintTemplate:
        return FingerprintTemplate(
            positions_um=np.zeros((1, 2), np.float32),
            angles_rad=np.zeros(1, np.float32),
            kinds=np.ones(1, np.uint8),
            qualities=np.zeros(1, np.uint8),
            extent_um=(1000.0, 1000.0),
            model_id=ModelId(model),
        )

    return make


@pytest.fixture
def table_room() -> type[TableRoom]:
    return TableRoom


@pytest.fixture
def make_calibration() -> Callable[..., Calibration]:
    return linear_calibration


@pytest.fixture
def make_policy() -> Callable[..., DecisionPolicy]:
    return policy_of


@pytest.fixture
def search(
    calibration: Calibration, policy: DecisionPolicy, template: Callable[..., FingerprintTemplate]
) -> Callable[..., DuplicateReport]:
    """Search among entries, given the similarities of rows that have a template."""

    def run(
        entries: Sequence[SampleEntry],
        table: Mapping[tuple[int, int], float],
        *,
        failed: Mapping[int, FailureToExtract | None] | None = None,
        empty: Sequence[int] = (),
        at_zero: float = 0.0,
        using: DecisionPolicy | None = None,
    ) -> DuplicateReport:
        outcomes = failed or {}
        templates = [outcomes[row] if row in outcomes else template() for row in range(len(entries))]
        meaning = linear_calibration(at_zero=at_zero) if at_zero else calibration
        chosen = using or (policy_of(meaning) if at_zero else policy)
        return find_duplicates(templates, entries, meaning, chosen, compare=TableRoom(table, empty=empty))

    return run
