"""Kills all against all again and again until it ends, and looks whether the report is that of one run.

    python -m tests.unit.deduplication.registry.kill_rounds FOLDER --kills 200 --seed 1

Each run is forked and killed with SIGKILL, either at its n-th write (half of which is done), fsync or rename,
or from outside after some milliseconds; the next goes on from its folder. Every other run goes on from a
finished one, too.
The last line on standard output is the count, as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from tests.unit.deduplication.registry.made_galleries import deduplicated, gallery_in, registered
from tests.unit.gallery.crash_rounds import Doom

from biocapil.deduplication.registry import journal
from biocapil.gallery import Gallery

PEOPLE = 150
TWICE = 20
LONGEST_S = 0.2
MOST_STEPS = 40


def filled(folder: Path) -> tuple[Gallery, Path]:
    """A gallery, and a finished run on what it held before the last people came."""
    gallery = gallery_in(folder, [registered(f"p{number}", number) for number in range(PEOPLE)])
    gallery.compact()
    gallery.add([registered(f"again{number}", number, again=1) for number in range(TWICE // 2)])
    deduplicated(gallery, folder / "before", exact=False)
    gallery.add([registered(f"again{number}", number, again=1) for number in range(TWICE // 2, TWICE)])
    gallery.delete(["p0"])
    return gallery, folder / "before"


def run_until_killed(gallery: Gallery, folder: Path, since: Path | None, rng: np.random.Generator) -> bool:
    """Fork a run and kill it.

    Returns:
        Whether it was killed before its end.
    """
    doom = int(rng.integers(1, MOST_STEPS)) if rng.random() < 0.7 else 0
    reading, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            journal.SAFE_EVERY_S = float(rng.choice([0.0, 0.02]))
            if doom:
                Doom(doom).arm()
            deduplicated(gallery, folder, since=since, exact=False, workers=2)
        finally:
            os._exit(0)
    os.close(pipe)
    wait_s = 60.0 if doom else float(rng.uniform(0, LONGEST_S))
    if not select.select([reading], [], [], wait_s)[0]:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(reading)
    return os.WIFSIGNALED(status)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    gallery, before = filled(words.folder)
    expected, whole = deduplicated(gallery, words.folder / "whole", exact=False)
    counts: Counter[str] = Counter(
        kills=0, runs=0, ended=0, resumed=0, other_reports=0, other_states=0, too_many=0
    )
    killed = True
    while killed or counts["kills"] < words.kills:
        rng = np.random.default_rng([words.seed, counts["runs"]])
        since = before if counts["ended"] % 2 else None
        folder = words.folder / f"run{counts['ended']}"
        killed = counts["kills"] < words.kills and run_until_killed(gallery, folder, since, rng)
        counts["runs"] += 1
        counts["kills"] += killed
        if not killed:
            report, done = deduplicated(gallery, folder, since=since, exact=False)
            counts["ended"] += 1
            counts["resumed"] += done.resumed > 0
            counts["other_reports"] += report != expected
            counts["too_many"] += done.compared > whole.compared
            counts["other_states"] += any(
                (folder / name).read_bytes() != (words.folder / "whole" / name).read_bytes()
                for name in ("people.u64", "findings.u64")
            )
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()
