"""A comparison room made of a table: who is alike is said by the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil import (
    DecisionPolicy,
    FailureToExtract,
    FingerprintTemplate,
    ModelId,
    SampleEntry,
    SubjectId,
)
from biocapil.deduplication import DuplicateReport, find_duplicates


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


class TableComparison:
    """Gives the similarities of a table of row pairs; all other pairs are 1 alike."""

    def __init__(self, table: Mapping[tuple[int, int], float]) -> None:
        self.table = table
        self.thresholds: list[float] = []

    def __call__(
        self,
        templates: Sequence[FingerprintTemplate],
        *,
        threshold: float,
        on_progress: Callable[[int, int], None] | None,
    ) -> Compared:
        self.thresholds.append(threshold)
        total = len(templates) * (len(templates) - 1) // 2
        if on_progress:
            on_progress(total, total)
        edges = np.linspace(0, 100, 11)
        everything = [*self.table.values(), *[1.0] * (total - len(self.table))]
        pairs = [Row(a, b, s) for (a, b), s in self.table.items() if s >= threshold]
        return Compared(pairs, total, np.histogram(everything, edges)[0].astype(np.int64), edges)


@pytest.fixture
def policy() -> DecisionPolicy:
    return DecisionPolicy(review_similarity=10.0, duplicate_similarity=20.0, basis="set for a test")


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
def table_comparison() -> type[TableComparison]:
    return TableComparison


@pytest.fixture
def search(
    policy: DecisionPolicy, template: Callable[..., FingerprintTemplate]
) -> Callable[..., DuplicateReport]:
    """Search among entries, given the similarities of rows that have a template."""

    def run(
        entries: Sequence[SampleEntry],
        table: Mapping[tuple[int, int], float],
        *,
        failed: Mapping[int, FailureToExtract | None] | None = None,
    ) -> DuplicateReport:
        outcomes = failed or {}
        templates = [outcomes[row] if row in outcomes else template() for row in range(len(entries))]
        return find_duplicates(templates, entries, policy, compare_all=TableComparison(table), fuse=sum)

    return run
