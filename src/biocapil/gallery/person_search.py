"""Search for people: who of a gallery may be the one whose fingers, eyes and face these are.

    probes ─► scan of each instance ─► evidence ─► people who stand out ─► second look ─► decision
                    (deadline)                                      (all common instances, in full)

Together, instances reach the review threshold only if one of them reaches its share of it, so the second look
misses nobody whom the scan lets through; and it sees also the instances that speak against.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from biocapil.calibration import Calibration
from biocapil.errors import IncompatibleTemplates
from biocapil.gallery.person_filter import PersonFilter
from biocapil.gallery.person_probe import PersonProbe, ProbeBatch, batch_of
from biocapil.gallery.scanning import BlockScan, Wish, blocks_of, scan_blocks
from biocapil.gallery.search_result import PersonCandidate, PersonSearch, SearchTimes
from biocapil.gallery.snapshot import EVERYBODY, GallerySnapshot
from biocapil.gallery.standing_out import Row, SearchTask, standing_out
from biocapil.gallery.weighing import Weighing, rows_of_person
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Modality


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
    task = SearchTask(
        batch=batch_of(probes),
        people=len(probes),
        parts=snapshot.parts(where),
        weighing=Weighing(calibrations=calibrations, policy=policy),
        limit=limit,
    )
    _check_fitting(task, snapshot)
    blocks = blocks_of(task.batch, task.parts)
    wish = Wish(least=task.least_similarities(), limit=limit, exact=exact)
    prepared = clock()
    scans = scan_blocks(
        blocks, task.batch, task.parts, wish, in_time=lambda: clock() < until, workers=workers
    )
    found = list(_reporting(scans, len(blocks), on_progress))
    scanned = clock()
    answers: list[PersonSearch] = []
    for number, rows in enumerate(standing_out(found, task)):
        begun = clock()
        candidates = [each for each in _weighed(number, rows, task) if each.decision.llr >= least_llr]
        candidates.sort(key=lambda each: (-each.decision.llr, each.person_id))
        instances = tuple(probes[number].templates)
        wanted, searched = _extent(number, found, task.batch)
        answers.append(
            PersonSearch(
                candidates=tuple(candidates[:limit]),
                persons=sum(part.persons for part in task.parts),
                comparable=sum(part.comparable(instances) for part in task.parts),
                wanted=wanted,
                searched=searched,
                weighed=len(rows),
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


def _check_fitting(task: SearchTask, snapshot: GallerySnapshot) -> None:
    """Refuse what cannot be compared or weighed, before any time is spent on it."""
    weighing = task.weighing
    for instance, each in task.batch.items():
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


def _reporting(
    scans: Iterator[BlockScan], total: int, on_progress: Callable[[int, int], None] | None
) -> Iterator[BlockScan]:
    for done, each in enumerate(scans, start=1):
        if on_progress is not None:
            on_progress(done, total)
        yield each


def _weighed(number: int, rows: Sequence[Row], task: SearchTask) -> Iterator[PersonCandidate]:
    """Decisions about the people who stand out for one person searched for."""
    ready = {instance: each.probes for instance, each in task.batch.items()}
    have = {instance for instance, each in task.batch.items() if number in each.owners}
    filled = {instance: each.of(number) for instance, each in task.batch.items()}
    own = {instance: each for instance, each in filled.items() if len(each)}
    for part_number, person in rows:
        part = task.parts[part_number]
        there = part.instances()
        held = {instance for instance in there if part.holds(instance, person)}
        yield PersonCandidate(
            person_id=part.columns.person_id(person),
            decision=task.weighing.weighed(ready, own, part, rows_of_person(part, person, there)),
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
