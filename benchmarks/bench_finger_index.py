"""The cylinder index as a stage before the scan: recall beside speed, with the exact scan as reference.

    python benchmarks/bench_finger_index.py [--data FOLDER] [--store FILE] [--people N] [--probes P]

Drawn people with four fingers, some of whom are captured anew and searched by one, two and four fingers. A
probe counts where an exact scan would show its mate: some finger's similarity reaches 8. Recall is the share
of those whose mate is among the references that the index lets through; each such share of the gallery
stands beside the time of scoring and of comparing what is let through, and the gated scan of the same
fingers beside all.

Then real prints: people put together of the fingers of four FVC sets, among the people of the ten-print set.
Figures go to benchmarks/results/finger_index.json.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import (
    CylinderIndex,
    IndexSettings,
    PackedTemplates,
    build_index,
    compare,
    compare_pairs,
    join_packed,
    pack,
    prepare_probe,
    strongest_rows,
)
from biocapil.comparison.probe import Probe, probe_from_rows
from biocapil.comparison.search import scan
from biocapil.extraction import ExtractedSample, load_extractor
from biocapil.formats import read_manifest
from biocapil.intake import extract_images
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition
from kernel_race import setting, write_results
from lent_sets import DATA, TEN_PRINTS, TEN_PRINTS_PPI, fvc_samples
from population.fingers import MODEL, draw_fingers

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "finger_index.json"
SEED = 1302
POSITIONS = (
    FingerPosition.RIGHT_INDEX,
    FingerPosition.LEFT_INDEX,
    FingerPosition.RIGHT_THUMB,
    FingerPosition.LEFT_THUMB,
)
BATCH = 4096
SHARES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
SEEN_FROM = 8.0
SETTINGS = {
    "8 tables": IndexSettings(),
    "16 tables": IndexSettings(tables=16),
    "8 tables, larger buckets": IndexSettings(hashes=3, common=7),
}
COUNTS = (1, 2, 4)
LENT_SETS = ("fvc2002_db3_b", "fvc2004_db1_b", "fvc2002_db1_b", "fvc2004_db3_b")
Scores = NDArray[np.float32]


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    result: dict[str, Any] = {}
    if arguments.only != "lent":
        result |= {"setting": setting(MODEL), "drawn": drawn(arguments)}
    if arguments.only != "drawn" and (arguments.data / "manifest.csv").exists():
        result["lent"] = lent(arguments)
    write_results(RESULTS, result)


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--store", type=Path, default=HERE.parent / "out" / "bench" / "templates.db")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--probes", type=int, default=150)
    parser.add_argument("--only", choices=("drawn", "lent"))
    parser.add_argument("--timed", type=int, default=12, help="probes whose searches are timed")
    return parser.parse_args()


def drawn(arguments: argparse.Namespace) -> dict[str, Any]:
    """Figures of drawn people."""
    people: int = arguments.people
    probes: int = arguments.probes
    mates = np.sort(np.random.default_rng(SEED).permutation(np.arange(people))[:probes])
    galleries = [drawn_fingers(np.arange(people), position, impression=0) for position in POSITIONS]
    again = [drawn_fingers(mates, position, impression=1) for position in POSITIONS]
    seen = [
        compare_pairs(
            join_packed([new, gallery.take(mates)]),
            np.stack([np.arange(probes), np.arange(probes) + probes], 1),
        )
        for new, gallery in zip(again, galleries, strict=True)
    ]
    ready = [[probe_from_rows(new.rows(p), MODEL) for p in range(probes)] for new in again]
    scanned = [time_scans(ready[f][: arguments.timed], galleries[f]) for f in range(len(POSITIONS))]
    found: dict[str, Any] = {
        "people": people,
        "probes": probes,
        "template_bytes": float(galleries[0].template_bytes().mean()),
        "gated_scan_s_a_finger": median(scanned),
        "indexes": {},
    }
    print(f"gated scan {median(scanned):.3f} s a finger")
    for name, settings in SETTINGS.items():
        start = time.process_time()
        indexes = [build_index(gallery, settings) for gallery in galleries]
        built = time.process_time() - start
        found["indexes"][name] = {
            "settings": asdict(settings),
            "build_us_a_template": 1e6 * built / (people * len(POSITIONS)),
            "bytes_a_template": indexes[0].nbytes / people,
            **measured(indexes, galleries, ready, np.array(seen), mates, timed=arguments.timed),
        }
        print(name, found["indexes"][name], flush=True)
    return found


def measured(
    indexes: Sequence[CylinderIndex],
    galleries: Sequence[PackedTemplates],
    probes: Sequence[Sequence[Probe]],
    seen: Scores,
    mates: NDArray[np.int64],
    *,
    timed: int,
) -> dict[str, Any]:
    """Recall and times by number of fingers."""
    people = len(indexes[0])
    ranks = {fingers: np.zeros(len(mates), np.int64) for fingers in COUNTS}
    scoring: list[float] = []
    compared: dict[float, list[float]] = {share: [] for share in SHARES}
    for p, mate in enumerate(mates.tolist()):
        total = np.zeros(people, np.float32)
        for f, index in enumerate(indexes):
            start = time.process_time()
            total += index.scores(probes[f][p])
            scoring.append(time.process_time() - start)
            if f + 1 in ranks:
                ranks[f + 1][p] = int((total > total[mate]).sum()) + int((total[:mate] == total[mate]).sum())
        if p < timed:
            for share in SHARES:
                rows = strongest_rows(total, limit=max(1, round(share * people)))
                start = time.process_time()
                scan(probes[0][p], galleries[0].take(rows), exact=False, workers=1)
                compared[share].append(time.process_time() - start)
    shown = {fingers: (seen[:fingers] >= SEEN_FROM).any(axis=0) for fingers in ranks}
    return {
        "scoring_s_a_finger": median(scoring),
        "gated_comparison_s_a_finger": {f"{share:g}": median(times) for share, times in compared.items()},
        "recall": {
            f"{fingers} fingers": {
                "probes": int(shown[fingers].sum()),
                **{
                    f"{share:g}": float((each[shown[fingers]] < max(1, round(share * people))).mean())
                    for share in SHARES
                },
            }
            for fingers, each in ranks.items()
        },
    }


def time_scans(probes: Sequence[Probe], gallery: PackedTemplates) -> float:
    """Seconds of processor time that a gated scan of a gallery takes, the median."""
    scan(probes[0], gallery.stretch(0, 100), exact=False, workers=1)
    times: list[float] = []
    for probe in probes:
        start = time.process_time()
        scan(probe, gallery, exact=False, workers=1)
        times.append(time.process_time() - start)
    return median(times)


def drawn_fingers(people: NDArray[np.int64], position: FingerPosition, *, impression: int) -> PackedTemplates:
    """One impression of one finger of each person; numbers of impressions differ from person to person."""
    return join_packed(
        [
            draw_fingers(
                people[first : first + BATCH],
                2 * people[first : first + BATCH] + impression,
                position=position,
                seed=SEED,
            )
            for first in range(0, len(people), BATCH)
        ]
    )


def lent(arguments: argparse.Namespace) -> dict[str, Any]:
    """Recall of real prints, by the share of the ten-print people who score as high."""
    backgrounds = ten_print_fingers(arguments.data, arguments.store)
    sets = fvc_samples(arguments.data, arguments.store)
    fingers = [fingers_of(sets[name]) for name in LENT_SETS]
    strangers = len(backgrounds[0])
    found: dict[str, Any] = {
        "model_id": backgrounds[0].model_id,
        "strangers": strangers,
        "sets": LENT_SETS,
    }
    for name, settings in SETTINGS.items():
        passed: dict[int, list[float]] = {fingers: [] for fingers in COUNTS}
        for enrolled, probe in product(range(0, 8, 2), range(1, 8, 2)):
            indexes = [
                build_index(join_packed([background, pack([each[enrolled] for each in own])]), settings)
                for background, own in zip(backgrounds, fingers, strict=True)
            ]
            for person in range(len(fingers[0])):
                total = np.zeros(len(indexes[0]), np.float32)
                seen = False
                for number, (index, own) in enumerate(zip(indexes, fingers, strict=True), start=1):
                    total += index.scores(prepare_probe(own[person][probe]))
                    seen = seen or compare(own[person][probe], own[person][enrolled]) >= SEEN_FROM
                    if seen and number in COUNTS:
                        passed[number].append(float((total[:strangers] >= total[strangers + person]).mean()))
        found[name] = {
            f"{number} fingers": {
                "probes": len(each),
                **{f"{share:g}": float((np.array(each) <= share).mean()) for share in (0.0, 0.01, 0.03, 0.1)},
            }
            for number, each in passed.items()
        }
        print("lent", name, found[name], flush=True)
    return found


def ten_print_fingers(data: Path, store: Path) -> list[PackedTemplates]:
    """The four fingers of everybody of the ten-print set who has all of them."""
    entries = [
        entry
        for entry in read_manifest(data / "manifest.csv", dataset=TEN_PRINTS)
        if FingerPosition.parse(entry.instance) in POSITIONS
    ]
    samples = extract_images(entries, load_extractor(), resolution_ppi=TEN_PRINTS_PPI, store=store)
    by_person: dict[str, dict[FingerPosition, FingerprintTemplate]] = defaultdict(dict)
    for sample in samples:
        if sample.fingerprint is not None:
            by_person[sample.entry.subject][FingerPosition.parse(sample.entry.instance)] = sample.fingerprint
    whole = [fingers for fingers in by_person.values() if len(fingers) == len(POSITIONS)]
    return [pack([fingers[position] for fingers in whole]) for position in POSITIONS]


def fingers_of(samples: Sequence[ExtractedSample]) -> list[list[FingerprintTemplate]]:
    """Impressions of each finger of a set, in its order."""
    fingers: dict[Hashable, list[FingerprintTemplate]] = defaultdict(list)
    for sample in samples:
        if sample.fingerprint is not None:
            fingers[sample.entry.source].append(sample.fingerprint)
    return list(fingers.values())


if __name__ == "__main__":
    main()
