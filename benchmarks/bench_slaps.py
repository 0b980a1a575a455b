"""Whose hand, which finger: slap segmentation on slaps laid together from lent prints.

    python benchmarks/bench_slaps.py [--data FOLDER] [--slaps N]

Two kinds of prints: ten named fingers of each of 205 people (small sensor, 195 ppi), and single fingers of
two optical sets at 500 ppi, any of which stands for any digit. Every setting of the segmentation was chosen
on synthetic slaps; nothing was chosen here. A slap is right when its hand is right and every finger that
lies on it has its own name, and no other has one. Figures go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from time import process_time

import cv2
import numpy as np
from numpy.typing import NDArray

from biocapil.segmentation import SlapSegmentation, segment_slap
from biocapil.uncertainty import rate_with_interval, single_clusters
from biocapil.vocabulary import FingerPosition, Hand
from laid_slaps import PX_PER_MM, LaidSlap, lay_slap
from lent_sets import DATA, TEN_PRINTS, TEN_PRINTS_PPI

RESULTS = Path(__file__).resolve().parent / "results"
WHITE_SETS = ("fvc2002_db1_b", "fvc2004_db1_b")
FRAME_PX = 4
"""The ten-print set's pictures have a drawn frame."""

SEED = 7_319
BAR = 0.98
NEAR_MM = 6.0
"""A finger has its own name when the middle of its box lies so near the middle of its print."""

Outcome = tuple[bool, bool, int]
"""Hand right, hand and positions right, number of the person."""

Prints = dict[FingerPosition, NDArray[np.uint8]]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--slaps", type=int, default=400, help="slaps of each kind")
    words = parser.parse_args()
    if not (words.data / "manifest.csv").is_file():
        raise SystemExit(f"no lent prints under {words.data}: set BIOCAPIL_DATA or --data")
    kinds = {"ten_prints": ten_prints(words.data), "single_fingers": single_fingers(words.data)}
    figures = {name: measure(people, words.slaps) for name, people in kinds.items()}
    report = {"slaps_of_each_kind": words.slaps, "seed": SEED, "bar": BAR, "kinds": figures}
    print(json.dumps(report, indent=2))
    (RESULTS / "slaps.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def ten_prints(data: Path) -> list[Prints]:
    """Ten fingers of each person of the ten-print set, at 500 ppi."""
    people: dict[str, Prints] = defaultdict(dict)
    for row in rows_of(data, TEN_PRINTS):
        pixels = picture(data / row["path"])
        inner = pixels[FRAME_PX:-FRAME_PX, FRAME_PX:-FRAME_PX]
        size = [round(length * 500 / TEN_PRINTS_PPI) for length in inner.shape[::-1]]
        large = np.asarray(cv2.resize(inner, size, interpolation=cv2.INTER_CUBIC), np.uint8)
        people[row["subject"]][FingerPosition.parse(row["instance"])] = large
    return [people[name] for name in sorted(people)]


def single_fingers(data: Path) -> list[Prints]:
    """People put together from prints of single fingers; the same draw every time."""
    rng = np.random.default_rng(SEED)
    prints = [trimmed(picture(data / row["path"])) for name in WHITE_SETS for row in rows_of(data, name)]
    fingers = [position for position in FingerPosition if position]
    return [
        {
            position: prints[at]
            for position, at in zip(fingers, rng.choice(len(prints), 10, replace=False), strict=True)
        }
        for _ in range(100)
    ]


def picture(file: Path) -> NDArray[np.uint8]:
    """Grey values of an image file."""
    pixels = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise FileNotFoundError(file)
    return np.asarray(pixels, np.uint8)


def trimmed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The part of a picture that is not white paper."""
    dark = cv2.blur((pixels < 160).astype(np.float32), (25, 25)) > 0.15
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def rows_of(data: Path, dataset: str) -> Iterator[Mapping[str, str]]:
    """Rows of the manifest."""
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        yield from (row for row in csv.DictReader(stream) if row["dataset"] == dataset)


def measure(people: list[Prints], count: int) -> dict[str, object]:
    """Figures of one kind: by the picture alone, and beside a request for this hand or the other one."""
    rng = np.random.default_rng(SEED)
    alone: dict[str, list[Outcome]] = defaultdict(list)
    asked: dict[str, list[Outcome]] = defaultdict(list)
    swapped: dict[str, list[Outcome]] = defaultdict(list)
    seconds: list[float] = []
    for number in range(count):
        person = number % len(people)
        slap = lay_slap(people[person], list(Hand)[(number // len(people) + number) % 2], rng)
        start = process_time()
        found = segment_slap(slap.sample, missing=slap.missing)
        seconds.append(process_time() - start)
        beside = segment_slap(slap.sample, missing=slap.missing, expected=slap.hand)
        against = segment_slap(slap.sample, missing=slap.missing, expected=slap.hand.other)
        for name in groups(slap):
            alone[name].append(outcome_of(slap, found, person))
            asked[name].append(outcome_of(slap, beside, person))
            swapped[name].append(outcome_of(slap, against, person))
    return {
        "picture_alone": {name: rates(found) for name, found in alone.items()},
        "asked_hand_shown": {name: rates(found) for name, found in asked.items()},
        "other_hand_shown": {name: rates(found) for name, found in swapped.items()},
        "ms_per_slap": round(1000 * median(seconds), 1),
    }


def outcome_of(slap: LaidSlap, found: SlapSegmentation, person: int) -> Outcome:
    """What came of one slap."""
    return found.hand is slap.hand, is_right(slap, found), person


def groups(slap: LaidSlap) -> Iterator[str]:
    """Groups that a slap belongs to."""
    yield "all"
    yield f"{len(slap.missing)}_missing"
    yield "over_border" if slap.over_border else "inside"
    yield "turned_10_to_20_degrees" if abs(slap.turn_rad) > np.radians(10) else "turned_0_to_10_degrees"


def is_right(slap: LaidSlap, found: SlapSegmentation) -> bool:
    """Whether hand and every finger are right."""
    if found.hand is not slap.hand or found.positions != frozenset(slap.middles_px):
        return False
    for segment in found.segments:
        if segment.position:
            left, top, width, height = segment.box_px
            x, y = slap.middles_px[FingerPosition(segment.position)]
            away = np.hypot(left + width / 2 - x, top + height / 2 - y) / PX_PER_MM
            if away > NEAR_MM and not segment.cut_off:
                return False
    return True


def rates(outcomes: list[Outcome]) -> dict[str, object]:
    """Shares with 95 % limits; slaps of one person stay together."""
    _, subjects = np.unique([person for _, _, person in outcomes], return_inverse=True)
    return {
        "slaps": len(outcomes),
        "hand_right": share([hand for hand, _, _ in outcomes], subjects.astype(np.int32)),
        "hand_and_positions_right": share([right for _, right, _ in outcomes], subjects.astype(np.int32)),
    }


def share(right: list[bool], subjects: NDArray[np.int32]) -> dict[str, float]:
    """Share that is right with its limits."""
    wrong = rate_with_interval(~np.array(right), single_clusters(subjects, int(subjects.max()) + 1))
    return {
        "share": round(1 - wrong.value, 4),
        "low": round(1 - wrong.interval.high, 4),
        "high": round(1 - wrong.interval.low, 4),
    }


if __name__ == "__main__":
    main()
