"""Galleries filled, opened, verified and killed, and the memory that a search takes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.gallery import Gallery, search_people, verify_gallery
from biocapil.vocabulary import Modality
from drawn_gallery import calibration_of, captured, fill, policy_for_people, probes_of
from scale.measuring import BENCHMARKS, SCRIPT, seconds, status_bytes, told

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

WRITING = f"""
import sys
sys.path.insert(0, {str(BENCHMARKS)!r})
from drawn_gallery import newcomers
from biocapil.gallery import Gallery
people = int(sys.argv[2])
with Gallery(sys.argv[1], writable=True) as gallery:
    for first in range(people, people + 100_000, 20):
        gallery.add(newcomers(first, 20))
        print(len(gallery), flush=True)
"""


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


def opened(folder: Path) -> dict[str, float]:
    """Opening in a process of its own: seconds, and memory that is no map of a file."""
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", OPENING, str(folder)], check=True, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def memory_of_searching(folder: Path) -> dict[str, int]:
    """Memory of a process of its own that has searched."""
    words = [sys.executable, str(SCRIPT), "--search-once", str(folder)]
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
