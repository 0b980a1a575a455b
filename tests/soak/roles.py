"""One process of the soak test: the writer, or a reader; a script, started by `test_registry`.

    python -m tests.soak.roles writer FOLDER LOG --seed 1
    python -m tests.soak.roles reader FOLDER LOG --seed 2 --seconds 10 --threads 2

Each writes what it does as JSON lines, with the clock that all processes of a machine share. The writer goes
on until its standard input ends; `oracle` judges the logs.
"""

from __future__ import annotations

import argparse
import json
import select
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import numpy as np
from tests.soak import registry

from biocapil.gallery import Gallery, writing

SEAL_AT = 30_000
"""Bytes of log from which a segment is sealed here, so that it happens often."""

BATCH = 5
FEWEST_SEARCHES = 150
"""Searches of a thread at least, however slow the machine."""

EVERY_CONTENT = 40
"""One search in so many is followed by a look at everybody's content."""

REST_S = 0.01
"""Rest after each step, so that a long soak leaves the machine to others."""

Say = Callable[[dict[str, object]], None]


def main() -> None:
    """Play one role."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role", choices=["writer", "reader"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("log", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--threads", type=int, default=1)
    words = parser.parse_args()
    with words.log.open("w", encoding="utf-8") as log:
        if words.role == "writer":
            write(words.folder, words.seed, speaker(log))
        else:
            read(words.folder, words.seed, words.threads, words.seconds, speaker(log))


def speaker(log: TextIO) -> Say:
    """Writes one line a call, from any thread."""
    guard = threading.Lock()

    def say(what: dict[str, object]) -> None:
        line = json.dumps(what)
        with guard:
            log.write(line + "\n")

    return say


def write(folder: Path, seed: int, say: Say) -> None:
    """Add, update, delete, compact and open again until standard input ends."""
    writing.LOG_BYTES, writing.SMALL_SEGMENTS = SEAL_AT, 3
    rng = np.random.default_rng(seed)
    gallery = Gallery(folder, writable=True)
    there: dict[int, int] = {}
    while not select.select([sys.stdin], [], [], 0)[0]:
        kind = rng.choice(["add", "update", "delete", "compact", "open"], p=[0.4, 0.25, 0.325, 0.02, 0.005])
        people = rng.choice(registry.PEOPLE, rng.integers(1, BATCH), replace=False).tolist()
        chosen = [each for each in people if (each in there) != (kind == "add")]
        versions = rng.integers(registry.VERSIONS, size=len(chosen)).tolist()
        changes = dict(zip(chosen, [-1] * len(chosen) if kind == "delete" else versions, strict=True))
        begun = time.monotonic()
        if kind == "add":
            gallery.add([registry.record(*change) for change in changes.items()])
        elif kind == "update":
            gallery.update([registry.record(*change) for change in changes.items()])
        elif kind == "delete":
            gallery.delete([registry.record(person, 0).person_id for person in changes])
        elif kind == "compact":
            gallery.compact()
        else:
            gallery.close()
            gallery = Gallery(folder, writable=True)
        returned = time.monotonic()
        generation = gallery.snapshot().generation
        say(
            {
                "kind": str(kind),
                "begun": begun,
                "returned": returned,
                "generation": generation,
                "changes": changes if kind in {"add", "update", "delete"} else {},
            }
        )
        there |= changes
        there = {person: version for person, version in there.items() if version >= 0}
        time.sleep(REST_S)
    gallery.close()


def read(folder: Path, seed: int, threads: int, seconds: float, say: Say) -> None:
    """Search from some threads for so long."""
    registry.encodings()
    gallery = Gallery(folder)
    failed = Counter[str]()
    end = time.monotonic() + seconds

    def search(number: int) -> None:
        rng = np.random.default_rng([seed, number])
        step = 0
        failed["threads"] += 1
        while step < FEWEST_SEARCHES or time.monotonic() < end:
            person, version = int(rng.integers(registry.PEOPLE)), int(rng.integers(registry.VERSIONS))
            begun = time.monotonic()
            snapshot = gallery.snapshot()
            taken = time.monotonic()
            line: dict[str, object] = {
                "begun": begun,
                "taken": taken,
                "generation": snapshot.generation,
                "probe": [person, version],
                "found": registry.found(snapshot, person, version),
            }
            if step % EVERY_CONTENT == 0:
                line["contents"] = dict(registry.contents(snapshot))
            say(line)
            step += 1
            time.sleep(REST_S)
        failed["threads"] -= 1

    running = [threading.Thread(target=search, args=(number,)) for number in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    if failed["threads"]:
        sys.exit(f"{failed['threads']} of {threads} threads stopped early")


if __name__ == "__main__":
    main()
