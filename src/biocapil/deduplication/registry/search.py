"""`deduplicate_gallery`: everybody of a gallery against everybody, one line a step.

snapshot ─► everybody, who is new ─► tiles ─► compared on the pool ─► journal ─► report, finished state
▲                    │
└── killed: goes on ─┘
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from biocapil.deduplication.registry.counts import count_people
from biocapil.deduplication.registry.finished import (
    Finished,
    carried_over,
    read_finished,
    require_continuable,
    who_is_new,
    write_finished,
)
from biocapil.deduplication.registry.journal import Journal, found_pairs, open_journal
from biocapil.deduplication.registry.pair_policy import Bar, PairPolicy
from biocapil.deduplication.registry.people import Everybody, Part, everybody_of
from biocapil.deduplication.registry.report import REPORT_FILE, ReportCounts, write_report
from biocapil.deduplication.registry.run_terms import compared_modalities, run_terms
from biocapil.deduplication.registry.second_look import Found, in_order, joined, look_again
from biocapil.deduplication.registry.tile_scan import PAIR_BYTES, Comparing, compare_tile
from biocapil.deduplication.registry.tiles import BLOCK_ROWS, all_comparisons, tiles_of
from biocapil.errors import StoreError
from biocapil.gallery import GallerySnapshot
from biocapil.gallery.durable import PRIVATE_FILE, make_folder
from biocapil.threads import map_in_order, thread_budget
from biocapil.vocabulary import Instance, Modality

LOCK_FILE = "lock"
MIB = 1 << 20
MEMORY_MIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanProgress:
    """How far all against all has come.

    Attributes:
        done: Pairs of templates that are compared, also by runs that were killed.
        total: All that have to be.
        resumed: Those that were compared before this run began.
        elapsed_s: Seconds that this run compares.
    """

    done: int
    total: int
    resumed: int
    elapsed_s: float

    @property
    def per_s(self) -> float:
        """Comparisons in a second of this run; 0 at its beginning."""
        return (self.done - self.resumed) / self.elapsed_s if self.elapsed_s > 0 else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds that the rest takes at this rate; None where nothing is known yet."""
        return (self.total - self.done) / self.per_s if self.per_s > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryDuplicates:
    """What a run did; what it found stands in its report.

    Attributes:
        report: The report.
        people: People of the gallery.
        new: Those who were compared with everybody; all, unless the run went on from a finished one.
        comparisons: Pairs of templates of different people of the scanned instances.
        compared: Those that this run and the killed ones before it compared.
        resumed: Those among these that were compared before this run began.
        looked_at: Pairs of people whose instances were all compared.
        carried_over: Findings of the finished run that still hold.
        counts: What the report holds.
        scan_s: Seconds of comparing.
        report_s: Seconds of writing the report.
    """

    report: Path
    people: int
    new: int
    comparisons: int
    compared: int
    resumed: int
    looked_at: int
    carried_over: int
    counts: ReportCounts
    scan_s: float
    report_s: float


def deduplicate_gallery(
    snapshot: GallerySnapshot,
    policy: PairPolicy,
    *,
    folder: Path,
    scanned: Sequence[Instance] = (),
    since: Path | None = None,
    exact: bool = True,
    memory_mib: int = MEMORY_MIB,
    on_progress: Callable[[ScanProgress], None] | None = None,
    workers: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> GalleryDuplicates:
    """Compare everybody of a gallery with everybody and report who is registered more than once.

    Killed and called again it goes on, and the report is the same byte for byte; so it is for any number of
    threads and any memory.

    Args:
        snapshot: Gallery; while a run is not finished, the gallery must not change.
        policy: Weighs evidence; modalities of which it says nothing are not looked at.
        folder: Where journal, report and finished state lie; made where it is missing.
        scanned: Instances of everybody that are compared; others are compared only where one of these stands
            out. By default all.
        since: Folder of a finished run: people who are there unchanged are not compared with each other
            again.
        exact: Compare every pair in full, in place of leaving out what a cheaper comparison rules out.
        memory_mib: Memory for what scans find at once, in MiB: at most `PAIR_BYTES` a pair of templates.
        on_progress: Called after each tile.
        workers: Threads; by default the budget of the process.
        clock: Seconds that never go back.

    Raises:
        StoreError: The folder is another run's or in use, the finished run cannot be gone on from, or a
            scanned instance is not there.
        IncompatibleTemplates: The policy is not for these templates.
        ValueError: The memory is too small, or two people share more than the policy's target is for.
    """
    threads = workers or thread_budget()
    strip_pairs = _strip_pairs(memory_mib, threads)
    finished = None if since is None else read_finished(since)
    parts: tuple[Part, ...] = snapshot.parts()
    everybody = everybody_of(
        parts,
        who_is_new(parts, finished),
        modalities=[Modality(name) for name in policy.terms.calibration_ids],
    )
    bars = _bars(scanned or everybody.instances, everybody, policy)
    terms = run_terms(
        snapshot,
        policy,
        bars,
        everybody,
        exact=exact,
        since="" if finished is None else finished.digest,
    )
    if finished is not None:
        require_continuable(finished, terms)
    comparing = Comparing(everybody=everybody, policy=policy, bars=bars, exact=exact, strip_pairs=strip_pairs)
    with _held(folder):
        start = clock()
        journal = open_journal(folder, terms, clock)
        resumed = journal.done.compared
        total = sum(all_comparisons(each, everybody, new_only=True) for each in bars)
        _scan(comparing, journal, on_progress, total=total, threads=threads, clock=clock)
        scanned_at = clock()
        found, carried = _everything_found(folder, comparing, finished)
        comparisons = sum(all_comparisons(each, everybody, new_only=False) for each in bars)
        counts = write_report(
            folder / REPORT_FILE,
            found,
            everybody,
            policy,
            terms=terms,
            people=count_people(tuple(bars), everybody),
            comparisons=comparisons,
            workers=threads,
        )
        write_finished(folder, terms, everybody, found)
    return GalleryDuplicates(
        report=folder / REPORT_FILE,
        people=everybody.persons,
        new=sum(int(each.sum()) for each in everybody.new),
        comparisons=comparisons,
        compared=journal.done.compared,
        resumed=resumed,
        looked_at=journal.done.looked_at,
        carried_over=carried,
        counts=counts,
        scan_s=scanned_at - start,
        report_s=clock() - scanned_at,
    )


def _strip_pairs(memory_mib: int, threads: int) -> int:
    pairs = memory_mib * MIB // PAIR_BYTES // threads
    least = max(BLOCK_ROWS.values())
    if pairs < least:
        needed = -(-least * PAIR_BYTES * threads // MIB)
        raise ValueError(f"{threads} threads need at least {needed} MiB of memory, got {memory_mib}")
    return pairs


def _bars(scanned: Sequence[Instance], everybody: Everybody, policy: PairPolicy) -> dict[Instance, Bar]:
    missing = [each.name for each in scanned if each not in everybody.instances]
    if missing:
        there = ", ".join(each.name for each in everybody.instances) or "nothing"
        raise StoreError(f"the gallery has no template of {', '.join(missing)}; it has {there}")
    models = compared_modalities(everybody)
    return {
        each: policy.bar(each, models[each.modality].model_id, models[each.modality].comparator)
        for each in everybody.instances
        if each in scanned
    }


def _scan(
    comparing: Comparing,
    journal: Journal,
    on_progress: Callable[[ScanProgress], None] | None,
    *,
    total: int,
    threads: int,
    clock: Callable[[], float],
) -> None:
    """Compare the tiles that are left; what is done is on the disk, however this ends."""
    start, resumed = clock(), journal.done.compared
    left = islice(tiles_of(tuple(comparing.bars), comparing.everybody), journal.done.tiles, None)
    compare = partial(compare_tile, comparing=comparing)
    try:
        with closing(map_in_order(compare, left, workers=threads)) as results:
            for result in results:
                journal.add(result)
                if on_progress is not None:
                    on_progress(
                        ScanProgress(
                            done=journal.done.compared,
                            total=total,
                            resumed=resumed,
                            elapsed_s=clock() - start,
                        )
                    )
    finally:
        journal.flush()


def _everything_found(folder: Path, comparing: Comparing, finished: Finished | None) -> tuple[Found, int]:
    """Findings of this run and those of the finished one that still hold, and the number of these."""
    found = found_pairs(folder)
    if finished is None:
        return joined(found), 0
    earlier = carried_over(finished, comparing.everybody)
    again = look_again(in_order(earlier, comparing.everybody), comparing.everybody, comparing.policy)
    return joined([*found, again]), len(again)


@contextmanager
def _held(folder: Path) -> Generator[None, None, None]:
    """Keep other processes away from a folder."""
    if not folder.exists():
        make_folder(folder)
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise StoreError(f"checkpoint {folder.name} is in use by another process") from exc
        yield
    finally:
        os.close(descriptor)
