"""What a gallery of fingers, irises and faces costs: bytes, filling, opening, changes, compaction, export.

    python benchmarks/bench_gallery_modalities.py [--people 10000 100000] [--folder DIR]

Everybody has one finger of 37 minutiae, two iris codes of 2,048 bits and a face of 512 dimensions kept in
bytes; all of it noise from a pool, which is fair for reading and writing and says nothing about accuracy.
Files are warm in the page cache. Memory is what a process of its own that does one thing holds beside
maps of files, at most, looked at fifty times a second. Figures go to
benchmarks/results/gallery_modalities.json.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.comparison import PackedTemplates
from biocapil.embedding import Embedding
from biocapil.evaluation.setting import describe_setting
from biocapil.gallery import (
    FaceModel,
    Gallery,
    GalleryModels,
    IrisModel,
    PersonRecord,
    gallery_info,
    rebuild_gallery,
    verify_gallery,
)
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.vocabulary import EyePosition, FingerPosition, ModelId, SubjectId

RESULTS = Path(__file__).resolve().parent / "results" / "gallery_modalities.json"
MODEL = ModelId("random@0")
GEOMETRY = CodeGeometry(columns=256, column_bits=8)
MODELS = GalleryModels(
    finger=MODEL,
    iris=IrisModel(model_id=MODEL, geometry=GEOMETRY, turns=8, every=4),
    face=FaceModel(model_id=MODEL, dimensions=512),
)
POOL = 2000
MINUTIAE = 37
RUNS = 11
MEASURED = """
import json, sys, threading, time
from pathlib import Path
from biocapil.gallery import Gallery, PeopleFile, export_people, rebuild_gallery
folder, file = Path(sys.argv[1]), Path(sys.argv[2])
seen, done = [], threading.Event()
def watch():
    while True:
        with open("/proc/self/status") as status:
            seen.append(int(next(line.split()[1] for line in status if line.startswith("RssAnon"))) * 1024)
        if done.wait(0.02):
            return
watcher = threading.Thread(target=watch)
watcher.start()
start = time.perf_counter()
{action}
spent = time.perf_counter() - start
done.set()
watcher.join()
print(json.dumps({{"s": spent, "most_anonymous_bytes": max(seen)}}))
"""
OPENING = "gallery = Gallery(folder); persons = len(gallery)"
EXPORTING = "export_people(Gallery(folder).snapshot(), file)"
CHECKING = "people = PeopleFile(file); people.require_sound()"
REBUILDING = "people = PeopleFile(file); rebuild_gallery(folder, people.records(), models=people.models)"


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where galleries are made; by default a temporary folder")
    words = parser.parse_args()
    pool = made_pool()
    result: dict[str, Any] = {
        "source": "noise: a finger, two irises and a face a person",
        "setting": asdict(describe_setting(MODEL)),
        "empty_process": by_another(Path(), Path(), "pass"),
        "galleries": [],
    }
    with tempfile.TemporaryDirectory(dir=words.folder) as scratch:
        for people in words.people:
            figures = measured(Path(scratch) / "gallery", people, pool)
            shutil.rmtree(Path(scratch) / "gallery")
            print(json.dumps(figures))
            result["galleries"].append(figures)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measured(folder: Path, people: int, pool: list[PersonRecord]) -> dict[str, Any]:
    """All figures of one size."""
    Gallery.create(folder, models=MODELS).close()
    filling_s = seconds(lambda: rebuild_gallery(folder, made_up(0, people, pool), models=MODELS))
    file = folder.with_suffix(".parquet")
    opening = by_another(folder, file, OPENING)
    with Gallery(folder, writable=True) as gallery:
        newcomers = [list(made_up(people + number, 1, pool)) for number in range(RUNS)]
        adding = [seconds(partial(gallery.add, each)) for each in newcomers]
        deleting = [seconds(partial(gallery.delete, [f"person-{number}"])) for number in range(RUNS)]
        verify_s = seconds(lambda: sound(gallery))
        compact_s = seconds(gallery.compact)
        info = gallery_info(gallery)
    exporting = by_another(folder, file, EXPORTING)
    return {
        "people": people,
        "modalities": [asdict(each) for each in info.modalities],
        "overhead_per_template": info.overhead_per_template,
        "file_bytes": info.file_bytes,
        "filling_people_per_s": people / filling_s,
        "open": opening,
        "add_one_s": spread(adding),
        "delete_one_s": spread(deleting),
        "verify_s": verify_s,
        "compact_s": compact_s,
        "export": exporting | {"file_bytes": file.stat().st_size},
        "check_export": by_another(folder, file, CHECKING),
        "rebuild_from_export": by_another(folder, file, REBUILDING),
    }


def sound(gallery: Gallery) -> None:
    """Verify, and insist."""
    assert verify_gallery(gallery).sound


def by_another(folder: Path, file: Path, action: str) -> dict[str, float]:
    """One thing in a process of its own: seconds, and the most memory that was no map of a file."""
    code = MEASURED.format(action=action)
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, str(folder), str(file)], check=True, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def made_pool() -> list[PersonRecord]:
    """People of noise."""
    rng = np.random.default_rng(1)
    words = rng.integers(0, 1 << 63, (POOL, MINUTIAE, 8)).astype(np.uint64)
    faces = rng.normal(size=(POOL, 512)).astype(np.float32)
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    bits = rng.integers(0, 1 << 63, (POOL, 2, 2, GEOMETRY.words)).astype(np.uint64)
    return [
        PersonRecord(
            person_id=SubjectId(f"person-{number}"),
            fingers=PackedTemplates(
                words=words[number], offsets=np.array([0, MINUTIAE], np.int64), model_id=MODEL
            ),
            finger_positions=(FingerPosition.RIGHT_INDEX,),
            irises=tuple(
                IrisCode(code=code, mask=mask, geometry=GEOMETRY, model_id=MODEL)
                for code, mask in bits[number]
            ),
            eyes=(EyePosition.RIGHT, EyePosition.LEFT),
            faces=(Embedding(values=faces[number], model_id=MODEL),),
        )
        for number in range(POOL)
    ]


def made_up(first: int, people: int, pool: list[PersonRecord]) -> Iterator[PersonRecord]:
    """People with templates from the pool."""
    for number in range(first, first + people):
        one = pool[number % POOL]
        yield PersonRecord(
            person_id=SubjectId(f"person-{number}"),
            fingers=one.fingers,
            finger_positions=one.finger_positions,
            irises=one.irises,
            eyes=one.eyes,
            faces=one.faces,
            region=f"region {number % 20}",
            birth_year=1930 + number % 90,
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
