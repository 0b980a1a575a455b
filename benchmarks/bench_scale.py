"""The proof of scale: galleries of drawn people, filled, opened, searched, killed, compared all against all.

    python benchmarks/bench_scale.py [--people 3000 10000 100000 1000000] [--folder DIR] [--fill-only]

Each record has two fingers, both irises and a face, drawn from models that were fitted to the scores of real
samples (`population`); one person in a thousand is registered twice, or fifty people. Galleries are kept in
the folder where one is named, and used again. Calibrations are fitted on other drawn
people, so that rates speak of drawn people only. The files are warm. Costs are seconds on the wall with all
threads. Figures go to benchmarks/results/scale.json, pictures beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.deduplication.registry import JointPairPolicy, deduplicate_gallery
from biocapil.evaluation.setting import describe_setting
from biocapil.gallery import Gallery, PersonSearch, gallery_info, search_people, verify_gallery
from biocapil.vocabulary import Decision, Instance, Modality
from drawn_gallery import (
    MODELS,
    SEED,
    calibration_of,
    captured,
    fill,
    policy_for_people,
    probes_of,
)
from growth_picture import growth_svg
from population import EVERYTHING, planted_duplicates

RESULTS = Path(__file__).resolve().parent / "results"
PROBES = 20
ALONE = {
    "fingers": frozenset({Modality.FINGER}),
    "irises": frozenset({Modality.IRIS}),
    "face": frozenset({Modality.FACE}),
}
MOST_OF_ALL = 3_000
"""People up to which everything is compared with everything in full, fingers and irises too."""

MOST_TWICE = 100_000
"""People up to which faces are compared a second time, cheaply."""

FACE = Instance(modality=Modality.FACE)
HEAD_BYTES = 4096
"""Length of a journal from which tiles stand in it."""

FEWEST_KILLED = 100_000
"""People from which a run takes long enough to be killed on its way."""

LEAST_OF_FACES = 7.0
"""Evidence of a face, in nats, from which two people are looked at where only faces are scanned."""

OPENING = """
import json, sys, time
from biocapil.gallery import Gallery
start = time.perf_counter()
persons = len(Gallery(sys.argv[1]))
opened = time.perf_counter() - start
with open("/proc/self/status") as file:
    status = dict(line.split(":", 1) for line in file)
resident = int(status["RssAnon"].split()[0]) * 1024
print(json.dumps({"open_s": opened, "persons": persons, "resident": resident}))
"""


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[3_000, 10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--folder", type=Path, help="where galleries are made and kept; else a temporary folder"
    )
    parser.add_argument("--fill-only", action="store_true", help="make the galleries and no more")
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--search-once", type=Path, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.search_once is not None:
        print(json.dumps(searched_once(words.search_once)))
        return
    if words.run is not None:
        folder, journal, scan = words.run
        print(json.dumps(all_against_all(Path(folder), Path(journal), scan, Path(folder).parent.parent)))
        return
    result: dict[str, Any] = {
        "source": "drawn people: two fingers, both irises, a face; one in a thousand registered twice",
        "setting": asdict(describe_setting(MODELS.model_of(Modality.FINGER))),
        "galleries": [],
    }
    with tempfile.TemporaryDirectory() as temporary:
        scratch = words.folder or Path(temporary)
        for people in words.people:
            filled(scratch / str(people), people)
            if words.fill_only:
                continue
            result["galleries"].append(measured(scratch / str(people), people))
            print(json.dumps(result["galleries"][-1]), flush=True)
            (RESULTS / "scale.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
            draw(result["galleries"])


def measured(scratch: Path, people: int) -> dict[str, Any]:
    """All figures of one size."""
    folder, duplicates = scratch / "gallery", planted_in(people)
    runs: dict[str, Any] = {}
    filling = json.loads((scratch / "filling.json").read_text(encoding="utf-8"))
    with Gallery(folder) as gallery:
        info = asdict(gallery_info(gallery))
        verify_s = seconds(lambda: sound(gallery))
        found: dict[str, Any] = {
            "people": people,
            "planted": duplicates,
            "filling": filling,
            "info": info,
            "open": opened(folder),
            "verify_s": verify_s,
            "search": searches(gallery, people, scratch.parent),
            "all_against_all": runs,
        }
    told(f"searched: {found['search']}")
    found["searching"] = memory_of_searching(folder)
    found["killed"] = killed_while_adding(folder, people)
    for scan in scans_for(people):
        kill = scan == "face" and people >= FEWEST_KILLED
        runs[scan] = in_a_process(folder, scratch / scan, scan, kill=kill)
    return found


def filled(scratch: Path, people: int) -> None:
    """Fill a gallery, unless it is there."""
    note = scratch / "filling.json"
    if note.exists():
        return
    scratch.mkdir(parents=True, exist_ok=True)
    processor = time.process_time()
    wall_s = seconds(lambda: fill(scratch / "gallery", people, duplicates=planted_in(people)))
    spent = {"wall_s": wall_s, "processor_s": time.process_time() - processor}
    note.write_text(json.dumps(spent), encoding="utf-8")
    told(f"{people:,} records filled: {spent}")


def planted_in(people: int) -> int:
    """How many people have two records."""
    return max(people // 1000, 50)


def scans_for(people: int) -> Sequence[str]:
    """What is scanned of everybody: the face, in full and cheaply; everything where that is affordable."""
    if people <= MOST_OF_ALL:
        return ("face", "face gated", "all")
    return ("face", "face gated") if people <= MOST_TWICE else ("face",)


def searches(gallery: Gallery, people: int, kept: Path | None = None) -> dict[str, Any]:
    """Seconds a search, and who is found, with everything and with one modality; in full and cheaply."""
    rng = np.random.default_rng(people)
    planted = planted_duplicates(people, duplicates=planted_in(people), seed=SEED).ravel()
    once = np.setdiff1d(np.arange(people), planted)
    mates = captured(rng.choice(once, PROBES, replace=False), 4 * 10**6)
    strangers = captured(np.arange(5 * 10**6, 5 * 10**6 + PROBES), 5 * 10**6)
    found: dict[str, Any] = {}
    for name, modalities in {"everything": EVERYTHING, **ALONE}.items():
        policy = policy_for_people(people, modalities, kept)
        calibrations = {each: calibration_of(each, kept) for each in modalities}
        wanted = [f"p{source:09d}" for source in mates.sources.tolist()]
        for exact in (False, True):
            if exact and Modality.FINGER in modalities and people > MOST_OF_ALL:
                continue

            def search(batch: Any, *, at_once: int, exact: bool = exact) -> list[PersonSearch]:
                probes = probes_of(batch, modalities)  # noqa: B023  # called within the loop
                snapshot = gallery.snapshot()
                return [
                    answer
                    for first in range(0, len(probes), at_once)
                    for answer in search_people(
                        snapshot,
                        probes[first : first + at_once],
                        calibrations,  # noqa: B023  # called within the loop
                        policy,  # noqa: B023  # called within the loop
                        exact=exact,
                    )
                ]

            search(captured(mates.sources[:1], 6 * 10**6), at_once=1)
            start = time.perf_counter()
            answers = search(mates, at_once=1)
            one_s = (time.perf_counter() - start) / PROBES
            start = time.perf_counter()
            search(mates, at_once=PROBES)
            together_s = (time.perf_counter() - start) / PROBES
            others = search(strangers, at_once=PROBES)
            found[f"{name}{', exact' if exact else ''}"] = {
                "one_s": one_s,
                "in_a_batch_s": together_s,
                "probes": PROBES,
                "first_is_mate": sum(
                    bool(answer.candidates) and answer.candidates[0].person_id == mate
                    for answer, mate in zip(answers, wanted, strict=True)
                ),
                "duplicate": sum(answer.outcome is Decision.DUPLICATE for answer in answers),
                "review": sum(answer.outcome is Decision.REVIEW for answer in answers),
                "strangers_duplicate": sum(answer.outcome is Decision.DUPLICATE for answer in others),
                "strangers_review": sum(answer.outcome is Decision.REVIEW for answer in others),
            }
    return found


def killed_while_adding(folder: Path, people: int) -> dict[str, Any]:
    """Kill a writer with SIGKILL while it adds; whatever it said is there is there, and the rest is not."""
    words = [sys.executable, "-c", WRITING, str(folder), str(people)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:  # noqa: S603  # our own
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(5)]
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.read().splitlines()
    committed = max(int(line) for line in said if line.strip())
    reopening_s = seconds(lambda: Gallery(folder, writable=True).close())
    with Gallery(folder, writable=True) as gallery:
        there = len(gallery)
        ids = [f"p{number:09d}" for number in range(people, there)]
        gallery.delete(ids)
        gallery.compact()
        assert len(gallery) == people
    return {
        "said_committed": committed,
        "there": there,
        "lost": max(0, committed - there),
        "open_s": reopening_s,
    }


WRITING = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from drawn_gallery import newcomers
from biocapil.gallery import Gallery
people = int(sys.argv[2])
with Gallery(sys.argv[1], writable=True) as gallery:
    for first in range(people, people + 100_000, 20):
        gallery.add(newcomers(first, 20))
        print(len(gallery), flush=True)
"""


def in_a_process(folder: Path, journal: Path, scan: str, *, kill: bool) -> dict[str, Any]:
    """All against all in a process of its own; killed once on its way where that is asked for."""
    words = [sys.executable, __file__, "--run", str(folder), str(journal), scan]
    resumed_at = None
    if kill:
        first = subprocess.Popen(words, stdout=subprocess.DEVNULL)  # noqa: S603  # our own interpreter
        file = journal / "journal"
        while first.poll() is None and not (file.exists() and file.stat().st_size > HEAD_BYTES):
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        first.wait()
        resumed_at = file.stat().st_size if file.exists() else 0
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    told(f"{scan}: {figures}")
    return {**figures, "journal_bytes_when_killed": resumed_at}


def all_against_all(folder: Path, journal: Path, scan: str, kept: Path | None = None) -> dict[str, Any]:
    """Everybody against everybody."""
    with Gallery(folder) as gallery:
        snapshot = gallery.snapshot()
        people = len(snapshot)
        only_faces = scan.startswith("face")
        policy = JointPairPolicy(
            calibrations={each: calibration_of(each, kept) for each in Modality},
            policy=policy_for_people(people, kept=kept),
            least_llr=LEAST_OF_FACES if only_faces else -np.inf,
        )
        start = time.perf_counter()
        done = deduplicate_gallery(
            snapshot,
            policy,
            folder=journal,
            scanned=[FACE] if only_faces else (),
            exact=not scan.endswith("gated"),
            on_progress=shown(scan),
        )
        took_s = time.perf_counter() - start
    pairs = [
        json.loads(line)
        for line in done.report.read_text(encoding="utf-8").splitlines()
        if '"type": "pair"' in line or '"type":"pair"' in line
    ]
    truth = {
        frozenset(f"p{record:09d}" for record in pair)
        for pair in planted_duplicates(people, duplicates=planted_in(people), seed=SEED).tolist()
    }
    duplicate = {
        frozenset((each["first"], each["second"]))
        for each in pairs
        if each["decision"]["outcome"] == Decision.DUPLICATE.value
    }
    told_of = {frozenset((each["first"], each["second"])) for each in pairs}
    return {
        "took_s": took_s,
        "scan_s": done.scan_s,
        "comparisons": done.comparisons,
        "compared_here": done.compared - done.resumed,
        "resumed": done.resumed,
        "comparisons_per_s": (done.compared - done.resumed) / done.scan_s,
        "looked_at": done.looked_at,
        "planted": len(truth),
        "planted_duplicate": len(truth & duplicate),
        "planted_told": len(truth & told_of),
        "false_duplicate": len(duplicate - truth),
        "to_review": len(told_of - duplicate),
        "most_resident_bytes": status_bytes("VmHWM"),
        "anonymous_bytes": status_bytes("RssAnon"),
    }


def shown(scan: str) -> Callable[[Any], None]:
    """Tell how far a run is, seldom."""
    last = [0.0]

    def tell(progress: Any) -> None:
        if progress.elapsed_s - last[0] > 60:
            last[0] = progress.elapsed_s
            share, rate = progress.done / progress.total, progress.per_s / 1e6
            told(f"{scan}: {share:.0%}, {rate:.0f} M/s, {progress.left_s:.0f} s left")

    return tell


def draw(galleries: Sequence[dict[str, Any]]) -> None:
    """Costs against the number of people."""
    if len(galleries) < 2:
        return
    names = {name for each in galleries for name in each["search"] if "exact" not in name}
    searching = {
        name: [
            (each["people"], each["search"][name]["one_s"]) for each in galleries if name in each["search"]
        ]
        for name in sorted(names)
    }
    scans = {scan for each in galleries for scan in each["all_against_all"]}
    comparing = {
        scan: [
            (
                each["people"],
                each["all_against_all"][scan]["comparisons"]
                / each["all_against_all"][scan]["comparisons_per_s"],
            )
            for each in galleries
            if each["all_against_all"].get(scan, {}).get("compared_here")
        ]
        for scan in sorted(scans)
    }
    for name, series, label in (
        ("scale_search", searching, "seconds a search, one at a time"),
        ("scale_all_against_all", comparing, "seconds for all against all"),
    ):
        (RESULTS / f"{name}.svg").write_text(growth_svg(series, y_label=label, title=label), encoding="utf-8")


def opened(folder: Path) -> dict[str, float]:
    """Opening in a process of its own: seconds, and memory that is no map of a file."""
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", OPENING, str(folder)], check=True, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def memory_of_searching(folder: Path) -> dict[str, int]:
    """Memory of a process of its own that has searched."""
    words = [sys.executable, __file__, "--search-once", str(folder)]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own
    figures: dict[str, int] = json.loads(done.stdout)
    return figures


def searched_once(folder: Path) -> dict[str, int]:
    """Search for one person with everything; what memory the search itself takes, and the whole process."""
    kept = folder.parent.parent
    probes = probes_of(captured(np.arange(1), 7 * 10**6))
    with Gallery(folder) as gallery:
        snapshot = gallery.snapshot()
        policy = policy_for_people(len(snapshot), kept=kept)
        calibrations = {each: calibration_of(each, kept) for each in Modality}
        before = status_bytes("RssAnon")
        search_people(snapshot, probes, calibrations, policy)
        return {"before": before, "resident": status_bytes("RssAnon")}


def sound(gallery: Gallery) -> None:
    """Verify, and insist."""
    assert verify_gallery(gallery).sound


def seconds(action: Callable[[], object]) -> float:
    """Time of one call, on the wall."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def status_bytes(name: str) -> int:
    """A number of bytes from the kernel's account of this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kib) * 1024


def told(words: str) -> None:
    """Tell whoever waits."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
