"""The cylinder index as a stage before the scan: recall beside speed, with the exact scan as reference.

    python benchmarks/bench_finger_index.py [--data FOLDER] [--store FILE] [--people N] [--probes P]

Drawn people with four fingers, some of whom are captured anew and searched by one, two and four fingers. A
probe counts where an exact scan would show its mate: some finger's similarity reaches 8. Recall is the share
of those whose mate is among the references that the index lets through; each such share of the gallery
stands beside the time of scoring and of comparing what is let through, and the gated scan of the same
fingers beside all. The lent sets follow, put together to people of five fingers: too few to speak of shares
below a per cent. Figures go to benchmarks/results/finger_index.json.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict
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
    compare_pairs,
    join_packed,
    pack,
    strongest_rows,
)
from biocapil.comparison.probe import Probe, probe_from_rows
from biocapil.comparison.search import scan
from biocapil.vocabulary import FingerPosition
from kernel_race import setting, write_results
from lent_sets import DATA, fvc_samples
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
    "8 tables, 24 rows": IndexSettings(rows=24),
}
Scores = NDArray[np.float32]


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    result: dict[str, Any] = {"setting": setting(MODEL), "drawn": drawn(arguments)}
    if (arguments.data / "manifest.csv").exists():
        result["lent"] = lent(arguments)
    write_results(RESULTS, result)


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--store", type=Path, default=HERE.parent / "out" / "bench" / "templates.db")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--probes", type=int, default=400)
    parser.add_argument("--timed", type=int, default=12, help="probes whose searches are timed")
    return parser.parse_args()


def drawn(arguments: argparse.Namespace) -> dict[str, Any]:
    """Figures of drawn people."""
    people, probes = arguments.people, arguments.probes
    chosen = np.random.default_rng(SEED).choice(people, probes, replace=False)
    galleries = [drawn_fingers(np.arange(people), position, impression=0) for position in POSITIONS]
    again = [drawn_fingers(np.sort(chosen), position, impression=1) for position in POSITIONS]
    mates = np.sort(chosen)
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
    ranks = {fingers: np.zeros(len(mates), np.int64) for fingers in (1, 2, 4)}
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
    """People of five fingers, one of each set, every finger with every number of another set."""
    fingers: list[list[list[Any]]] = []
    for samples in fvc_samples(arguments.data, arguments.store).values():
        by_source: dict[Any, list[Any]] = {}
        for sample in samples:
            by_source.setdefault(sample.entry.source, []).append(sample.template)
        fingers.append(list(by_source.values()))
    count = len(fingers[0])
    who = np.array(
        [[(p + k * f) % count for f in range(len(fingers))] for k in range(count) for p in range(count)]
    )
    ranks: dict[int, list[int]] = {1: [], 2: [], 5: []}
    for enrolled in range(4):
        indexes = [build_index(pack([f[enrolled] for f in each])) for each in fingers]
        for probe in range(4, 8):
            scores = [
                np.stack(
                    [index.scores(probe_from_rows(pack([f[probe]]).rows(0), index.model_id)) for f in each]
                )
                for index, each in zip(indexes, fingers, strict=True)
            ]
            for p, person in enumerate(who):
                total = np.zeros(len(who), np.float32)
                for f, number in enumerate(person):
                    total += scores[f][number][who[:, f]]
                    if f + 1 in ranks:
                        ranks[f + 1].append(int((total > total[p]).sum()))
    found = {
        f"{number} fingers": {
            "probes": len(each),
            **{
                f"{share:g}": float((np.array(each) < share * len(who)).mean())
                for share in (0.01, 0.03, 0.1, 0.3)
            },
        }
        for number, each in ranks.items()
    }
    print("lent", found)
    return {"people": len(who), "recall": found}


if __name__ == "__main__":
    main()
