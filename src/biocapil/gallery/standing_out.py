"""From pairs of templates to people worth a second look.

found pairs of one instance ─► evidence ─┬─► reaches its share of the review threshold ─┐
└─► among the most alike of its probe ─────────┴─► people
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.gallery.person_probe import ProbeBatch
from biocapil.gallery.scanning import BlockScan
from biocapil.gallery.searched_part import SearchedPart
from biocapil.gallery.weighing import Weighing
from biocapil.vocabulary import Instance, Modality

Row = tuple[int, int]
"""Part, and row of a person in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchTask:
    """What is searched for, where, and how evidence is weighed.

    Attributes:
        batch: Probes of all people searched for.
        people: How many people.
        parts: What is searched.
        weighing: Evidence and decisions.
        limit: People of each candidate list.
    """

    batch: ProbeBatch
    people: int
    parts: Sequence[SearchedPart]
    weighing: Weighing
    limit: int

    def least_similarities(self) -> dict[Instance, float]:
        """Similarity of each instance from which somebody can reach the review threshold."""
        return {
            instance: self.weighing.calibrations[instance.modality].least_similarity(
                float(self.shares(instance.modality).min())
            )
            for instance in self.batch
        }

    def shares(self, modality: Modality) -> NDArray[np.float64]:
        """Evidence that one instance of each person must reach at least. Shape (people,), float64."""
        counts = np.zeros(self.people, np.int64)
        for instance, each in self.batch.items():
            if instance.modality is modality:
                counts[np.unique(each.owners)] += 1
        policy = self.weighing.policy
        return np.array([policy.least_of_one(modality, instances=max(count, 1)) for count in counts.tolist()])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Pairs of one instance; each of shape (n,)."""

    probes: NDArray[np.int64]
    parts: NDArray[np.int64]
    rows: NDArray[np.int64]
    owners: NDArray[np.int64]
    similarities: NDArray[np.float32]
    llrs: NDArray[np.float64]


def standing_out(scans: Sequence[BlockScan], task: SearchTask) -> list[tuple[Row, ...]]:
    """Of each person searched for: who can reach the review threshold, and the most alike in any case.

    Args:
        scans: What all blocks gave.
        task: What was searched for.

    Returns:
        People of the gallery, those with the most evidence first.
    """
    best: list[dict[Row, float]] = [{} for _ in range(task.people)]
    reaching: list[set[Row]] = [set[Row]() for _ in range(task.people)]
    for instance, probes in task.batch.items():
        found = _evidence(instance, [each for each in scans if each.block.instance == instance], task)
        person = probes.owners[found.probes]
        reaches = found.llrs >= task.shares(instance.modality)[person]
        chosen = np.flatnonzero(reaches | _listed(found, task.limit))
        numbers: list[int] = person[chosen].tolist()
        rows: list[list[int]] = np.stack([found.parts[chosen], found.owners[chosen]], axis=1).tolist()
        llrs: list[float] = found.llrs[chosen].tolist()
        for number, (part, owner), llr, reached in zip(numbers, rows, llrs, reaches[chosen], strict=True):
            row = (part, owner)
            best[number][row] = max(best[number].get(row, -math.inf), llr)
            if reached:
                reaching[number].add(row)
    return [_chosen(best[number], reaching[number], task.limit) for number in range(task.people)]


def _evidence(instance: Instance, scans: Sequence[BlockScan], task: SearchTask) -> Evidence:
    """All pairs of an instance with their evidence."""
    columns: dict[str, list[NDArray[np.int64]]] = defaultdict(list)
    similarities: list[NDArray[np.float32]] = [np.empty(0, np.float32)]
    llrs: list[NDArray[np.float64]] = [np.empty(0, np.float64)]
    probe_sizes = task.batch[instance].probes.sizes()
    for each in scans:
        pairs, part = each.found, task.parts[each.block.part]
        if not len(pairs):
            continue
        sizes = np.minimum(probe_sizes[pairs.probes], part.references(instance).sizes()[pairs.rows])
        similarities.append(pairs.similarities)
        llrs.append(task.weighing.evidence(instance.modality, pairs.similarities, sizes))
        columns["probes"].append(pairs.probes)
        columns["parts"].append(np.full(len(pairs), each.block.part, np.int64))
        columns["rows"].append(pairs.rows)
        columns["owners"].append(part.owners(instance)[pairs.rows].astype(np.int64))
    joined = {
        name: np.concatenate([np.empty(0, np.int64), *columns[name]])
        for name in ("probes", "parts", "rows", "owners")
    }
    return Evidence(similarities=np.concatenate(similarities), llrs=np.concatenate(llrs), **joined)


def _listed(found: Evidence, limit: int) -> NDArray[np.bool_]:
    """Whether each pair is among the most alike of its probe. Shape (n,), bool."""
    order = np.lexsort((found.rows, found.parts, -found.similarities, found.probes))
    ordered = found.probes[order]
    listed = np.zeros(len(order), np.bool_)
    listed[order[np.arange(len(order)) - np.searchsorted(ordered, ordered) < limit]] = True
    return listed


def _chosen(best: Mapping[Row, float], reaching: set[Row], limit: int) -> tuple[Row, ...]:
    ranked = sorted(best, key=lambda row: (-best[row], row))
    return tuple(row for rank, row in enumerate(ranked) if rank < limit or row in reaching)
