"""What a gallery costs: filling, opening, memory, scanning from the map, adding, deleting, compacting, kills.

    python benchmarks/bench_gallery.py [--people 10000 100000] [--folder DIR] [--kills 500]

People are made up: one finger each, random minutiae packed as any template is, drawn from a pool. That is
fair for reading and writing, and for the gates as long as nobody is the mate of a probe; it says nothing
about accuracy. The map is warm unless said otherwise. Figures go to benchmarks/results/gallery.json.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.comparison.packed import PackedTemplates, pack
from biocapil.evaluation.setting import describe_setting
from biocapil.gallery import (
    Gallery,
    GalleryModels,
    PersonProbe,
    PersonRecord,
    SearchedPart,
    gallery_info,
    person_probe,
    rebuild_gallery,
    verify_gallery,
)
from biocapil.gallery.person_probe import batch_of
from biocapil.gallery.scanning import Wish, blocks_of, scan_blocks
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, Instance, Modality, ModelId, SubjectId

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "gallery.json"
CRASHES = HERE.parent / "tests" / "unit" / "gallery" / "crash_rounds.py"
MODEL = ModelId("random@0")
MODELS = GalleryModels(finger=MODEL)
FINGER = FingerPosition.RIGHT_INDEX
POOL = 2000
RUNS = 11
OPENING = """
import json, sys, time
import biocapil.gallery
start = time.perf_counter()
gallery = biocapil.gallery.Gallery(sys.argv[1])
persons = len(gallery)
opened = time.perf_counter() - start
with open("/proc/self/status") as file:
    status = dict(line.split(":", 1) for line in file)
anonymous = int(status["RssAnon"].split()[0]) * 1024
print(json.dumps({"open_s": opened, "persons": persons, "resident_bytes": anonymous}))
"""


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where galleries are made; by default a temporary folder")
    parser.add_argument("--kills", type=int, default=500)
    words = parser.parse_args()
    pool = pack([scattered(seed) for seed in range(POOL)])
    probe = person_probe(fingers=[scattered(POOL)])
    result: dict[str, Any] = {
        "source": "random minutiae, one finger a person",
        "setting": asdict(describe_setting(MODEL)),
        "empty_process": opened_by_another(None),
        "galleries": [],
    }
    with tempfile.TemporaryDirectory(dir=words.folder) as scratch:
        result["kills"] = killed(Path(scratch) / "kills", words.kills)
        print(json.dumps(result["kills"]))
        for people in words.people:
            figures = measured(Path(scratch) / "gallery", people, pool, probe)
            shutil.rmtree(Path(scratch) / "gallery")
            print(json.dumps(figures))
            result["galleries"].append(figures)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measured(folder: Path, people: int, pool: PackedTemplates, probe: PersonProbe) -> dict[str, Any]:
    """All figures of one size."""
    Gallery.create(folder, models=MODELS).close()
    filling_s = seconds(lambda: rebuild_gallery(folder, made_up(0, people, pool), models=MODELS))
    opening = opened_by_another(folder)
    with Gallery(folder, writable=True) as gallery:
        scans = map_against_memory(gallery, probe)
        newcomers = [list(made_up(people + number, 1, pool)) for number in range(RUNS)]
        adding = [seconds(partial(gallery.add, each)) for each in newcomers]
        batch_s = seconds(lambda: gallery.add(list(made_up(people + RUNS, 1000, pool))))
        deleting = [seconds(partial(gallery.delete, [f"person-{number}"])) for number in range(RUNS)]
        verify_s = seconds(lambda: sound(gallery))
        info = gallery_info(gallery)
        compact_s = seconds(gallery.compact)
        reopened = opened_by_another(folder)
        return {
            "people": people,
            "bytes_per_template": info.bytes_per_template,
            "overhead_per_template": info.overhead_per_template,
            "file_bytes": info.file_bytes,
            "filling_people_per_s": people / filling_s,
            "open": opening,
            "open_compacted": reopened,
            "scan": scans,
            "add_one_s": spread(adding),
            "add_1000_people_per_s": 1000 / batch_s,
            "delete_one_s": spread(deleting),
            "verify_s": verify_s,
            "compact_s": compact_s,
        }


def map_against_memory(gallery: Gallery, probe: PersonProbe) -> dict[str, Any]:
    """One probe on one thread against everybody, from the map and from copies in memory, in turns."""
    mapped = gallery.snapshot().parts()
    copied = tuple(map(in_memory, mapped))
    first_s = seconds(lambda: scanned(mapped, probe))
    scanned(copied, probe)
    from_map: list[float] = []
    from_memory: list[float] = []
    for _ in range(RUNS):
        from_map.append(seconds(lambda: scanned(mapped, probe)))
        from_memory.append(seconds(lambda: scanned(copied, probe)))
    return {
        "first_s": first_s,
        "map_s": spread(from_map),
        "memory_s": spread(from_memory),
        "map_against_memory": float(np.median(from_memory) / np.median(from_map)),
        "references_per_s": len(gallery) / float(np.median(from_map)),
    }


def in_memory(part: SearchedPart) -> SearchedPart:
    """The same people with copies of their minutiae."""
    shelf = part.columns.shelves[Modality.FINGER]
    copied = replace(shelf, payload={**shelf.payload, "words": np.array(shelf.payload["words"])})
    return replace(part, columns=replace(part.columns, shelves={Modality.FINGER: copied}))


def scanned(parts: tuple[SearchedPart, ...], probe: PersonProbe) -> None:
    """Scan all of them."""
    instance = Instance(modality=Modality.FINGER, position=FINGER)
    batch = batch_of([probe])
    wish = Wish(least={instance: math.inf}, limit=10, exact=False)
    scans = scan_blocks(blocks_of(batch, parts), batch, parts, wish, in_time=lambda: True, workers=1)
    assert sum(scan.searched for scan in scans) == sum(int(part.wanted.sum()) for part in parts)


def sound(gallery: Gallery) -> None:
    """Verify, and insist."""
    assert verify_gallery(gallery).sound


def killed(folder: Path, kills: int) -> dict[str, int]:
    """Kill a writer so often; what must not happen must not have."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, str(CRASHES), str(folder), "--rounds", str(kills)],
        check=True,
        capture_output=True,
        text=True,
    )
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    assert not any(counts[name] for name in ("lost", "returned", "wrong", "unreadable", "unsound"))
    return counts


def opened_by_another(folder: Path | None) -> dict[str, float]:
    """Opening in a process of its own: seconds, and memory that is no map of a file."""
    code = OPENING if folder else OPENING.replace("biocapil.gallery.Gallery(sys.argv[1])", "()")
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, str(folder)], check=True, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def made_up(first: int, people: int, pool: PackedTemplates) -> Iterator[PersonRecord]:
    """People with templates from the pool; those of one place in the pool are the same."""
    for number in range(first, first + people):
        template = pool.take(np.array([number % POOL]))
        yield PersonRecord(
            person_id=SubjectId(f"person-{number}"),
            fingers=template,
            finger_positions=(FINGER,),
            region=f"region {number % 20}",
            birth_year=1930 + number % 90,
        )


def scattered(seed: int) -> FingerprintTemplate:
    """Forty minutiae at random."""
    rng = np.random.default_rng(seed)
    return FingerprintTemplate(
        positions_um=rng.uniform(0, 16_000, (40, 2)).astype(np.float32),
        angles_rad=rng.uniform(0, 6.28, 40).astype(np.float32),
        kinds=np.ones(40, np.uint8),
        qualities=rng.integers(1, 101, 40).astype(np.uint8),
        extent_um=(16_000.0, 16_000.0),
        model_id=MODEL,
        position=FINGER,
    )


def seconds(action: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def spread(values: list[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    return {"median": float(np.median(values)), "p99": float(np.quantile(values, 0.99)), "runs": len(values)}


if __name__ == "__main__":
    main()
