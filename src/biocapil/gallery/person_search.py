"""Search for a person: which people of a gallery may be the one whose fingers these are.

    fingers ─► scan of each finger's run ─► evidence ─► people who stand out ─► second look ─► decision
                     (gates, deadline)                                     (all common fingers, no gates)

Together, fingers reach the review threshold only if one of them reaches its share of it, so the second look
misses nobody whom the gates let through; and it sees also the fingers that speak against.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, decide
from biocapil.comparison import COMPARATOR, Probe, prepare_probe
from biocapil.decision import DecisionPolicy, InstanceEvidence, shared_among
from biocapil.errors import IncompatibleTemplates
from biocapil.gallery.person_filter import PersonFilter
from biocapil.gallery.scanning import BlockScan, blocks_of, scan_blocks, similarities_of
from biocapil.gallery.search_result import PersonCandidate, PersonSearch, SearchTimes
from biocapil.gallery.searched_part import SearchedPart
from biocapil.gallery.snapshot import EVERYBODY, GallerySnapshot
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, Instance, Modality

Row = tuple[int, int]
"""Part, and row of a person in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighing:
    """What is needed to weigh evidence.

    Attributes:
        probes: Templates of the probe, ready.
        positions: Finger of each.
        parts: What is searched.
        calibration: Turns similarity into evidence.
        policy: Thresholds.
    """

    probes: tuple[Probe, ...]
    positions: tuple[FingerPosition, ...]
    parts: tuple[SearchedPart, ...]
    calibration: Calibration
    policy: DecisionPolicy


def search_person(
    snapshot: GallerySnapshot,
    templates: Sequence[FingerprintTemplate],
    calibration: Calibration,
    policy: DecisionPolicy,
    *,
    limit: int = 10,
    least_llr: float = -math.inf,
    where: PersonFilter = EVERYBODY,
    deadline_s: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> PersonSearch:
    """Find the people whose fingers are most like those of a probe; like is compared with like only.

    The answer does not depend on the number of threads, unless the time was up.

    Args:
        snapshot: Gallery.
        templates: The probe's fingers, several impressions allowed.
        calibration: Turns similarity into evidence.
        policy: Thresholds, whose target covers the gallery: see `GallerySnapshot.target`.
        limit: Longest candidate list, at least 1.
        least_llr: Least evidence of a candidate, in nats; the policy's `review_llr` leaves out who is unique.
        where: Who is searched.
        deadline_s: Seconds after which no further block is begun; None for no end.
        on_progress: Called with blocks done and their number.
        workers: Threads; by default the budget of the process.
        clock: Seconds that never go back.

    Returns:
        Candidates, and how much was searched.

    Raises:
        IncompatibleTemplates: Probe, gallery and calibration are not of one model and comparator.
        ValueError: The probe has no template, a number is out of its range, or two people share more
            fingers or impressions than the policy's target is for.
    """
    _check(snapshot, templates, calibration, policy, limit=limit, least_llr=least_llr)
    start = clock()
    until = math.inf if deadline_s is None else start + deadline_s
    weighing = Weighing(
        probes=tuple(map(prepare_probe, templates)),
        positions=tuple(template.position for template in templates),
        parts=snapshot.parts(where),
        calibration=calibration,
        policy=policy,
    )
    blocks = blocks_of(weighing.positions, weighing.parts)
    instances = [Instance(modality=Modality.FINGER, position=each) for each in weighing.positions]
    prepared = clock()
    scans = scan_blocks(
        blocks, weighing.probes, weighing.parts, in_time=lambda: clock() < until, workers=workers
    )
    found = list(_reporting(scans, len(blocks), on_progress))
    scanned = clock()
    outstanding = _standing_out(found, weighing, limit=limit)
    candidates = [each for each in _weighed(outstanding, weighing) if each.decision.llr >= least_llr]
    candidates.sort(key=lambda each: (-each.decision.llr, each.person_id))
    return PersonSearch(
        candidates=tuple(candidates[:limit]),
        persons=sum(int(part.wanted.sum()) for part in weighing.parts),
        comparable=sum(part.comparable(instances) for part in weighing.parts),
        wanted=sum(each.wanted for each in found),
        searched=sum(each.searched for each in found),
        weighed=len(outstanding),
        generation=snapshot.generation,
        policy_id=policy.policy_id,
        calibration_id=calibration.calibration_id,
        times=SearchTimes(prepare_s=prepared - start, scan_s=scanned - prepared, weigh_s=clock() - scanned),
    )


def _check(
    snapshot: GallerySnapshot,
    templates: Sequence[FingerprintTemplate],
    calibration: Calibration,
    policy: DecisionPolicy,
    *,
    limit: int,
    least_llr: float,
) -> None:
    if not templates:
        raise ValueError("the probe has no template: a search needs at least one finger")
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    if math.isnan(least_llr):
        raise ValueError("least_llr must be a number, got nan")
    if policy.calibration_id != calibration.calibration_id:
        raise ValueError(
            f"the policy rests on calibration {policy.calibration_id}, got {calibration.calibration_id}"
        )
    model_id = snapshot.models.model_of(Modality.FINGER)
    calibration.require(model_id, COMPARATOR)
    for template in templates:
        if template.model_id != model_id:
            raise IncompatibleTemplates(
                f"the probe was made by {template.model_id}, the gallery by {model_id}; "
                "templates of different models never compare: extract both with one model"
            )


def _reporting(
    scans: Iterator[BlockScan], total: int, on_progress: Callable[[int, int], None] | None
) -> Iterator[BlockScan]:
    for done, each in enumerate(scans, start=1):
        if on_progress is not None:
            on_progress(done, total)
        yield each


def _standing_out(found: Sequence[BlockScan], weighing: Weighing, *, limit: int) -> list[Row]:
    """People who can reach the review threshold, and the `limit` most alike whatever they reach."""
    best: dict[Row, float] = {}
    for scanned in found:
        shelf = weighing.parts[scanned.block.part].columns.shelves[Modality.FINGER]
        block = scanned.block
        evidence = _evidence(scanned.similarities, scanned.templates, block.probe, block.part, weighing)
        for row, llr in zip(shelf.owners[scanned.templates].tolist(), evidence.tolist(), strict=True):
            place = (scanned.block.part, row)
            best[place] = max(best.get(place, -math.inf), llr)
    ranked = sorted(best, key=lambda place: (-best[place], place))
    share = _share_of_review(weighing)
    return [place for rank, place in enumerate(ranked) if rank < limit or best[place] >= share]


def _share_of_review(weighing: Weighing) -> float:
    """Evidence that one finger at least must reach where all of them reach the review threshold."""
    policy = weighing.policy
    fingers = len(set(weighing.positions))
    together = policy.review_llr * shared_among(fingers, policy.dependence) / fingers
    return min(policy.review_llr, together)


def _weighed(rows: Sequence[Row], weighing: Weighing) -> Iterator[PersonCandidate]:
    """Decisions about people, from every common finger, compared without gates."""
    by_part: dict[int, list[int]] = defaultdict(list)
    for part, row in rows:
        by_part[part].append(row)
    for number, persons in by_part.items():
        owners = weighing.parts[number].columns.shelves[Modality.FINGER].owners
        templates = np.flatnonzero(np.isin(owners, persons))
        templates_of: dict[int, list[int]] = defaultdict(list)
        for template, owner in zip(templates.tolist(), owners[templates].tolist(), strict=True):
            templates_of[owner].append(template)
        for row in persons:
            yield _decided(number, row, templates_of[row], weighing)


def _decided(part: int, row: int, templates: Sequence[int], weighing: Weighing) -> PersonCandidate:
    columns = weighing.parts[part].columns
    reference: dict[FingerPosition, list[int]] = defaultdict(list)
    for template in templates:
        reference[FingerPosition(int(columns.shelves[Modality.FINGER].positions[template]))].append(template)
    probe: dict[FingerPosition, list[int]] = defaultdict(list)
    for number, position in enumerate(weighing.positions):
        probe[position].append(number)
    return PersonCandidate(
        person_id=columns.person_id(row),
        decision=decide(list(_instances(part, probe, reference, weighing)), weighing.policy),
        only_probe=tuple(sorted(probe.keys() - reference.keys())),
        only_reference=tuple(sorted(reference.keys() - probe.keys())),
    )


def _instances(
    part: int,
    probe: Mapping[FingerPosition, Sequence[int]],
    reference: Mapping[FingerPosition, Sequence[int]],
    weighing: Weighing,
) -> Iterator[InstanceEvidence]:
    """Evidence of each common finger: the best of its comparisons, lessened for having been the best."""
    offsets = weighing.parts[part].columns.shelves[Modality.FINGER].payload["offsets"]
    for position in sorted(probe.keys() & reference.keys()):
        filled = [each for each in reference[position] if offsets[each + 1] > offsets[each]]
        templates = np.array(filled, np.int64)
        ready = [number for number in probe[position] if len(weighing.probes[number].rows)]
        compared = [_compared(number, part, templates, weighing) for number in ready]
        if not compared or not len(templates):  # an empty template is alike to nothing, which says nothing
            continue
        similarities = np.concatenate([each for each, _ in compared])
        evidence = np.concatenate([each for _, each in compared])
        best = int(np.lexsort((similarities, evidence))[-1])
        yield InstanceEvidence(
            instance=position.name.lower(),
            similarity=float(similarities[best]),
            llr=float(evidence[best]) - math.log(len(evidence)),
            comparisons=len(evidence),
        )


def _compared(
    probe: int, part: int, templates: NDArray[np.int64], weighing: Weighing
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Similarity and evidence of one impression of the probe and each of the reference."""
    ready = weighing.probes[probe]
    similarities = similarities_of(
        ready, weighing.parts[part], templates, exact=True, model_id=ready.model_id
    )
    return similarities, _evidence(similarities, templates, probe, part, weighing)


def _evidence(
    similarities: NDArray[np.float32],
    templates: NDArray[np.int64],
    probe: int,
    part: int,
    weighing: Weighing,
) -> NDArray[np.float64]:
    offsets = weighing.parts[part].columns.shelves[Modality.FINGER].payload["offsets"]
    sizes = np.minimum(offsets[templates + 1] - offsets[templates], len(weighing.probes[probe].rows))
    return weighing.calibration.evidence(similarities, sizes)
