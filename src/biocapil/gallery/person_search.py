"""Search for people: who of a gallery may be the one whose fingers, eyes and face these are.

    probes ─► scan of each instance ─► evidence ─► people who stand out ─► second look ─► decision
                    (deadline)                                      (all common instances, in full)

Together, instances reach the review threshold only if one of them reaches its share of it, so the second look
misses nobody whom the scan lets through; and it sees also the instances that speak against.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from biocapil.calibration import Calibration
from biocapil.comparison import ProbeSet
from biocapil.errors import IncompatibleTemplates
from biocapil.gallery.person_filter import PersonFilter
from biocapil.gallery.person_probe import PersonProbe, ProbeBatch, batch_of
from biocapil.gallery.scanning import BlockScan, Wish, blocks_of, scan_blocks
from biocapil.gallery.search_result import PersonCandidate, PersonSearch, SearchTimes
from biocapil.gallery.searched_part import SearchedPart
from biocapil.gallery.snapshot import EVERYBODY, GallerySnapshot
from biocapil.gallery.weighing import Weighing, rows_of_person
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Instance, Modality

Row = tuple[int, int]
"""Part, and row of a person in it."""

Outstanding = Mapping[Row, float]
"""People who stand out for one probe, and the most evidence of one comparison with each."""


def search_person(
    snapshot: GallerySnapshot,
    probe: PersonProbe,
    calibrations: Mapping[Modality, Calibration],
    policy: JointPolicy,
    *,
    limit: int = 10,
    least_llr: float = -math.inf,
    where: PersonFilter = EVERYBODY,
    exact: bool = False,
    deadline_s: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> PersonSearch:
    """Find the people most like one probe; see `search_people`."""
    return search_people(
        snapshot,
        [probe],
        calibrations,
        policy,
        limit=limit,
        least_llr=least_llr,
        where=where,
        exact=exact,
        deadline_s=deadline_s,
        on_progress=on_progress,
        workers=workers,
        clock=clock,
    )[0]


def search_people(
    snapshot: GallerySnapshot,
    probes: Sequence[PersonProbe],
    calibrations: Mapping[Modality, Calibration],
    policy: JointPolicy,
    *,
    limit: int = 10,
    least_llr: float = -math.inf,
    where: PersonFilter = EVERYBODY,
    exact: bool = False,
    deadline_s: float | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[PersonSearch, ...]:
    """Find the people most like each probe; like is compared with like only: an eye with the same eye.

    Probes of faces cost far less together than one by one: the gallery is read once for all of them. The
    answers depend neither on that nor on the number of threads, unless the time was up.

    Args:
        snapshot: Gallery.
        probes: Whom to search for.
        calibrations: Turn similarity into evidence, by modality; those of the policy's modalities are used.
        policy: Thresholds, whose targets cover the gallery: see `GallerySnapshot.targets`.
        limit: Longest candidate list, at least 1.
        least_llr: Least evidence of a candidate, in nats; the policy's `review_llr` leaves out who is unique.
        where: Who is searched.
        exact: Compare each pair in full, in place of leaving out what a cheaper comparison rules out.
        deadline_s: Seconds after which no further block is begun; None for no end.
        on_progress: Called with blocks done and their number.
        workers: Threads; by default the budget of the process.
        clock: Seconds that never go back.

    Returns:
        Candidates of each probe, and how much was searched.

    Raises:
        IncompatibleTemplates: Probes, gallery and calibrations are not of one model and comparator.
        ValueError: A number is out of its range, the gallery has no such modality, or two people share more
            instances or impressions than the policy's target is for.
    """
    _check_numbers(limit, least_llr)
    start = clock()
    until = math.inf if deadline_s is None else start + deadline_s
    batch = batch_of(probes)
    parts = snapshot.parts(where)
    weighing = Weighing(calibrations=calibrations, policy=policy)
    _check_fitting(batch, parts, snapshot, weighing)
    blocks = blocks_of(batch, parts)
    prepared = clock()
    scans = scan_blocks(
        blocks,
        batch,
        parts,
        Wish(least=_least(batch, weighing), limit=limit, exact=exact),
        in_time=lambda: clock() < until,
        workers=workers,
    )
    found = list(_reporting(scans, len(blocks), on_progress))
    scanned = clock()
    outstanding = _standing_out(found, batch, parts, weighing, people=len(probes), limit=limit)
    ready = {instance: each.probes for instance, each in batch.items()}
    answers: list[PersonSearch] = []
    for number, probe in enumerate(probes):
        begun = clock()
        candidates = [
            each
            for each in _weighed(number, outstanding[number], batch, ready, parts, weighing)
            if each.decision.llr >= least_llr
        ]
        candidates.sort(key=lambda each: (-each.decision.llr, each.person_id))
        wanted, searched = _extent(number, found, batch)
        answers.append(
            PersonSearch(
                candidates=tuple(candidates[:limit]),
                persons=sum(part.persons for part in parts),
                comparable=sum(part.comparable(tuple(probe.templates)) for part in parts),
                wanted=wanted,
                searched=searched,
                weighed=len(outstanding[number]),
                generation=snapshot.generation,
                policy_id=policy.policy_id,
                calibration_id=policy.calibration_id,
                times=SearchTimes(
                    prepare_s=prepared - start, scan_s=scanned - prepared, weigh_s=clock() - begun
                ),
            )
        )
    return tuple(answers)


def _check_numbers(limit: int, least_llr: float) -> None:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    if math.isnan(least_llr):
        raise ValueError("least_llr must be a number, got nan")


def _check_fitting(
    batch: ProbeBatch, parts: Sequence[SearchedPart], snapshot: GallerySnapshot, weighing: Weighing
) -> None:
    """Refuse what cannot be compared or weighed, before any time is spent on it."""
    for instance, each in batch.items():
        modality = instance.modality
        model_id, comparator = snapshot.compared_by(modality)
        if each.probes.model_id != model_id:
            raise IncompatibleTemplates(
                f"the probe was made by {each.probes.model_id}, the gallery by {model_id}; "
                "templates of different models never compare: extract both with one model"
            )
        policy = weighing.policy.parts.get(modality)
        if policy is None or modality not in weighing.calibrations:
            raise ValueError(f"the policy says nothing about {modality.value}: leave it out, or calibrate it")
        calibration = weighing.calibrations[modality]
        if policy.calibration_id != calibration.calibration_id:
            raise ValueError(
                f"the policy rests on calibration {policy.calibration_id}, got {calibration.calibration_id}"
            )
        calibration.require(model_id, comparator)


def _least(batch: ProbeBatch, weighing: Weighing) -> dict[Instance, float]:
    """Similarity of each instance from which a person can reach the review threshold."""
    counts: dict[Modality, int] = defaultdict(int)
    for instance in batch:
        counts[instance.modality] += 1
    return {
        instance: weighing.calibrations[instance.modality].least_similarity(
            weighing.policy.least_of_one(instance.modality, instances=counts[instance.modality])
        )
        for instance in batch
    }


def _reporting(
    scans: Iterator[BlockScan], total: int, on_progress: Callable[[int, int], None] | None
) -> Iterator[BlockScan]:
    for done, each in enumerate(scans, start=1):
        if on_progress is not None:
            on_progress(done, total)
        yield each


def _standing_out(
    found: Sequence[BlockScan],
    batch: ProbeBatch,
    parts: Sequence[SearchedPart],
    weighing: Weighing,
    *,
    people: int,
    limit: int,
) -> list[Outstanding]:
    """Of each probe the people who can reach the review threshold, and the `limit` most alike in any case."""
    best: list[dict[Row, float]] = [{} for _ in range(people)]
    reaching: list[set[Row]] = [set() for _ in range(people)]
    counts: dict[Modality, int] = defaultdict(int)
    for instance in batch:
        counts[instance.modality] += 1
    for each in found:
        instance, pairs = each.block.instance, each.found
        if not len(pairs):
            continue
        probes, part = batch[instance], parts[each.block.part]
        sizes = np.minimum(probes.probes.sizes()[pairs.probes], part.references(instance).sizes()[pairs.rows])
        llrs = weighing.evidence(instance.modality, pairs.similarities, sizes)
        share = weighing.policy.least_of_one(instance.modality, instances=counts[instance.modality])
        owners = part.owners(instance)[pairs.rows].tolist()
        people_of = probes.owners[pairs.probes].tolist()
        for number, owner, llr in zip(people_of, owners, llrs.tolist(), strict=True):
            row = (each.block.part, owner)
            best[number][row] = max(best[number].get(row, -math.inf), llr)
            if llr >= share:
                reaching[number].add(row)
    return [_chosen(best[number], reaching[number], limit) for number in range(people)]


def _chosen(best: Mapping[Row, float], reaching: set[Row], limit: int) -> Outstanding:
    ranked = sorted(best, key=lambda row: (-best[row], row))
    return {row: best[row] for rank, row in enumerate(ranked) if rank < limit or row in reaching}


def _weighed(
    number: int,
    outstanding: Outstanding,
    batch: ProbeBatch,
    ready: Mapping[Instance, ProbeSet],
    parts: Sequence[SearchedPart],
    weighing: Weighing,
) -> Iterator[PersonCandidate]:
    """Decisions about the people who stand out for one probe."""
    have = {instance for instance, each in batch.items() if number in each.owners}
    filled = {instance: each.of(number) for instance, each in batch.items()}
    own = {instance: rows for instance, rows in filled.items() if len(rows)}
    for part_number, person in outstanding:
        part = parts[part_number]
        theirs = rows_of_person(part, person, part.instances())
        held = {instance for instance in part.instances() if part.holds(instance, person)}
        yield PersonCandidate(
            person_id=part.columns.person_id(person),
            decision=weighing.weighed(ready, own, part, theirs),
            only_probe=tuple(sorted(have - held)),
            only_reference=tuple(sorted(held - have)),
        )


def _extent(number: int, found: Sequence[BlockScan], batch: ProbeBatch) -> tuple[int, int]:
    """Comparisons with the references that one probe's search consists of, and those that were made."""
    shares = {instance: int((each.owners == number).sum()) for instance, each in batch.items()}
    wanted = searched = 0
    for each in found:
        probes = len(batch[each.block.instance].probes)
        wanted += each.wanted // probes * shares[each.block.instance]
        searched += each.searched // probes * shares[each.block.instance]
    return wanted, searched
