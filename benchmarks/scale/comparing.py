"""Everybody against everybody: how long it takes, killed on the way, and who is found."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.deduplication.registry import JointPairPolicy, deduplicate_gallery
from biocapil.gallery import Gallery
from biocapil.vocabulary import Decision, Instance, Modality
from drawn_gallery import SEED, calibration_of, policy_for_people
from population import planted_duplicates
from scale.keeping import planted_in
from scale.measuring import SCRIPT, status_bytes, told

FACE = Instance(modality=Modality.FACE)
MOST_OF_ALL = 3_000
"""People up to which everything is compared with everything in full, fingers and irises too."""

MOST_TWICE = 100_000
"""People up to which faces are compared a second time, cheaply."""

HEAD_BYTES = 4096
"""Length of a journal from which tiles stand in it."""

FEWEST_KILLED = 100_000
"""People from which a run takes long enough to be killed on its way."""

LEAST_OF_FACES = 7.0
"""Evidence of a face, in nats, from which two people are looked at where only faces are scanned."""


def scans_for(people: int) -> Sequence[str]:
    """What is scanned of everybody: the face, in full and cheaply; everything where that is affordable."""
    if people <= MOST_OF_ALL:
        return ("face", "face gated", "all")
    return ("face", "face gated") if people <= MOST_TWICE else ("face",)


def in_a_process(folder: Path, journal: Path, scan: str, *, kill: bool) -> dict[str, Any]:
    """All against all in a process of its own; killed once on its way where that is asked for."""
    words = [sys.executable, str(SCRIPT), "--run", str(folder), str(journal), scan]
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
