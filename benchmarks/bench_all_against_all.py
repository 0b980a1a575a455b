"""What everybody against everybody costs, straight from a gallery: rate, memory, going on, what is found.

    python benchmarks/bench_all_against_all.py [--faces 50000] [--irises 10000] [--fingers 4800]

People are made up, and so is the evidence: a similarity that no two strangers reach is a duplicate. One
person in a hundred is registered twice. That is fair for the cost of comparing and for what the cheaper
comparison leaves out among easy duplicates; it says nothing about error rates. The map is warm. Each run is a
process of its own; its rate is comparisons by seconds of comparing, on the wall and of the processor. Figures
go to benchmarks/results/all_against_all.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.calibration import Calibration, CalibrationTable, FittedSet, joint_policy_for
from biocapil.comparison import EmbeddingPrecision
from biocapil.decision import PolicyTarget
from biocapil.deduplication.registry import JointPairPolicy, deduplicate_gallery, gallery_people
from biocapil.embedding import Embedding
from biocapil.evaluation.setting import describe_setting
from biocapil.gallery import FaceModel, Gallery, GalleryModels, IrisModel, PersonRecord, person_record
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, ModelId

RESULTS = Path(__file__).resolve().parent / "results" / "all_against_all.json"
MODEL = ModelId("random@0")
GEOMETRY = CodeGeometry(columns=256, column_bits=8)
DIMENSIONS = 512
MODELS = GalleryModels(
    finger=MODEL,
    iris=IrisModel(model_id=MODEL, geometry=GEOMETRY, turns=8, every=4),
    face=FaceModel(model_id=MODEL, dimensions=DIMENSIONS, precision=EmbeddingPrecision.INT8),
)
ALIKE = {Modality.FINGER: 12.0, Modality.IRIS: 30.0, Modality.FACE: 45.0}
"""Similarity from which evidence speaks for one person."""

TWICE = 100
"""One person in so many is registered twice."""

ALIKE_COLUMNS = 4
"""Neighbouring columns of a code that hold the same bits, as those of an iris nearly do."""

SLOW = 6
"""Fingers are compared in full in a gallery that is so many times smaller."""

BATCH = 5000
SHARE_NEW = 0.01


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=int, default=50_000)
    parser.add_argument("--fingers", type=int, default=4_800)
    parser.add_argument("--irises", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where galleries are made; by default a temporary folder")
    parser.add_argument("--one-run", nargs=4, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.one_run is not None:
        print(json.dumps(one_run(*words.one_run)))
        return
    people = {Modality.FACE: words.faces, Modality.IRIS: words.irises, Modality.FINGER: words.fingers}
    folders = (str(number) for number in count())
    result: dict[str, Any] = {
        "source": "made-up people, one in a hundred registered twice",
        "setting": asdict(describe_setting(MODEL)),
        "runs": [],
    }
    with tempfile.TemporaryDirectory(dir=words.folder) as scratch:
        for modality, number in people.items():
            exact = min(number, words.fingers // SLOW) if modality is Modality.FINGER else number
            for figures in (
                *exact_run(Path(scratch) / next(folders), modality, exact),
                *gated_runs(Path(scratch) / next(folders), modality, number),
            ):
                print(json.dumps(figures))
                result["runs"].append(figures)
                RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def exact_run(folder: Path, modality: Modality, people: int) -> Iterator[dict[str, Any]]:
    """Every pair compared in full."""
    folder.mkdir()
    with Gallery.create(folder / "gallery", models=MODELS) as gallery:
        fill(gallery, modality, 0, people)
        gallery.compact()
        run = in_a_process(folder, "exact", "exact", 1024, since="")
        yield {"modality": modality.value, "run": "exact", "planted": people // TWICE, **run}


def gated_runs(folder: Path, modality: Modality, people: int) -> Iterator[dict[str, Any]]:
    """Pairs ruled out cheaply; the same with little memory; and what is new."""
    folder.mkdir()
    with Gallery.create(folder / "gallery", models=MODELS) as gallery:
        fill(gallery, modality, 0, people)
        gallery.compact()
        for name, memory in (("gated", 1024), ("gated, little memory", 64)):
            run = in_a_process(folder, name, "gated", memory, since="")
            yield {"modality": modality.value, "run": name, "planted": people // TWICE, **run}
        new = int(people * SHARE_NEW)
        fill(gallery, modality, people, new)
        run = in_a_process(folder, "what is new", "gated", 1024, since="gated")
        yield {"modality": modality.value, "run": "what is new", "planted": (people + new) // TWICE, **run}


def in_a_process(folder: Path, name: str, scan: str, memory_mib: int, *, since: str) -> dict[str, Any]:
    """One run in a process of its own."""
    words = [str(folder), name, f"{scan}:{since}", str(memory_mib)]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, __file__, "--one-run", *words], check=True, capture_output=True, text=True
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def one_run(folder: str, name: str, how: str, memory_mib: str) -> dict[str, Any]:
    """A run after one that compiles everything, on a gallery of a few."""
    scan, since = how.split(":")
    snapshot = Gallery(Path(folder) / "gallery").snapshot()
    policy = policy_of([each.modality for each in gallery_people(snapshot).instances])
    with tempfile.TemporaryDirectory() as scratch, Gallery.create(f"{scratch}/few", models=MODELS) as few:
        for modality in policy.policy.parts:
            fill(few, modality, 0, 2 * TWICE)
        deduplicate_gallery(few.snapshot(), policy, folder=Path(scratch) / "run", exact=scan == "exact")
    before, begun = anonymous_bytes("RssAnon"), time.process_time()
    done = deduplicate_gallery(
        snapshot,
        policy,
        folder=Path(folder) / name,
        since=Path(folder) / since if since else None,
        exact=scan == "exact",
        memory_mib=int(memory_mib),
    )
    return {
        "people": done.people,
        "new": done.new,
        "compared": done.compared,
        "comparisons_per_s": done.compared / done.scan_s,
        "comparisons_per_processor_s": done.compared / (time.process_time() - begun),
        "scan_s": done.scan_s,
        "report_s": done.report_s,
        "looked_at": done.looked_at,
        "found": done.counts.duplicate,
        "memory_mib": int(memory_mib),
        "anonymous_bytes": {"before": before, "after": anonymous_bytes("RssAnon")},
        "most_resident_bytes": anonymous_bytes("VmHWM"),
    }


def policy_of(modalities: list[Modality]) -> JointPairPolicy:
    """Evidence rises with similarity, from 0 where two begin to be alike."""
    calibrations = {modality: made_up_calibration(modality) for modality in modalities}
    targets = {modality: PolicyTarget(people=10**6) for modality in modalities}
    return JointPairPolicy(calibrations=calibrations, policy=joint_policy_for(targets, calibrations))


def made_up_calibration(modality: Modality) -> Calibration:
    """Two nats for each unit of similarity."""
    similarities = np.linspace(0.0, 100.0, 401)
    llr = np.clip(2 * (similarities - ALIKE[modality]), -10, 40)
    fmr = np.exp(-np.maximum(llr, 0) - np.linspace(0, 1e-3, 401))
    comparator = {Modality.FINGER: "cascade/2", Modality.IRIS: "hamming/2/8", Modality.FACE: "cosine/1"}
    return Calibration(
        calibration_id=f"made-up@{modality.value}",
        model_id=MODEL,
        comparator=comparator[modality],
        modality=modality,
        units=(1.0, 1.0, 1.0, 1.0),
        table=CalibrationTable(
            roots=np.sqrt(similarities), fmr=fmr, fmr_low=fmr, fmr_high=fmr,
            fnmr=similarities / 100, llr=llr, measured_to=10.0,
        ),
        dependence=0.0,
        fitted_on=(FittedSet(dataset="made-up", subjects=1, mated=1, nonmated=1),),
    )  # fmt: skip


def fill(gallery: Gallery, modality: Modality, first: int, count: int) -> None:
    """Add people of one modality."""
    for start in range(first, first + count, BATCH):
        gallery.add([made_up(modality, each) for each in range(start, min(start + BATCH, first + count))])


def made_up(modality: Modality, number: int) -> PersonRecord:
    """A person; the last of each hundred is the one before again."""
    again = number % TWICE == TWICE - 1
    source, noise = np.random.default_rng(number - again), np.random.default_rng([number, 1])
    name = f"person-{number}"
    if modality is Modality.FACE:
        values = source.standard_normal(DIMENSIONS) + 0.4 * noise.standard_normal(DIMENSIONS)
        unit = (values / np.linalg.norm(values)).astype(np.float32)
        return person_record(name, faces=[Embedding(values=unit, model_id=MODEL)])
    if modality is Modality.IRIS:
        shape = (GEOMETRY.columns // ALIKE_COLUMNS, GEOMETRY.column_bits)
        bits = np.repeat((source.random(shape) < 0.5) ^ (noise.random(shape) < 0.1), ALIKE_COLUMNS, axis=0)
        code = IrisCode.from_bits(bits, noise.random(bits.shape) < 0.9, model_id=MODEL)
        return person_record(name, irises=[(EyePosition.RIGHT, code)])
    return person_record(name, fingers=[finger(source, noise)])


def finger(source: np.random.Generator, noise: np.random.Generator) -> FingerprintTemplate:
    """Minutiae at random, moved a little."""
    count = 40
    points = source.uniform(500, 14_500, (count, 2)) + noise.uniform(-60, 60, (count, 2))
    angles = source.uniform(0, 6.28, count) + noise.uniform(-0.05, 0.05, count)
    return FingerprintTemplate(
        positions_um=points.astype(np.float32),
        angles_rad=(angles % 6.28).astype(np.float32),
        kinds=np.ones(count, np.uint8),
        qualities=np.full(count, 80, np.uint8),
        extent_um=(15_000.0, 15_000.0),
        model_id=MODEL,
        position=FingerPosition.RIGHT_INDEX,
    )


def anonymous_bytes(name: str) -> int:
    """A number of bytes from the kernel's account of this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kib) * 1024


if __name__ == "__main__":
    main()
