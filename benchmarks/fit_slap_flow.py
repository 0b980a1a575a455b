"""Fit what ridge flow says of a finger's turn and hand, on synthetic slaps only.

    biocapil synth slaps out/slaps_a --people 80 --seed 73 --difficulty 0.6
    biocapil synth slaps out/slaps_b --people 40 --seed 72 --difficulty 0.9 --missing 0.15
    python benchmarks/fit_slap_flow.py out/slaps_a out/slaps_b

A quarter of the people is left out for the figures that it prints. Every finger is seen at many turns, and as
its mirror image on the other hand.
"""

from __future__ import annotations

import csv
import json
import math
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.formats import read_sample
from biocapil.segmentation.flow import Flow, flow_of, ridge_flow
from biocapil.segmentation.pointing import FIT_FILE, flow_features
from biocapil.segmentation.regions import find_regions
from biocapil.segmentation.skin import find_skin

TARGET = Path(__file__).resolve().parents[1] / "src" / "biocapil" / "segmentation" / FIT_FILE
TURNS_RAD = np.radians(np.arange(-40, 41, 4.0))
UPRIGHT_RAD = math.radians(9)
TURN_RIDGE, HAND_RIDGE = 300.0, 30.0
NEAR_MM = 3.0
MM_PER_PX = 25.4 / 500
NEWTON_STEPS = 30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeenFinger:
    """Flow of one finger at one turn.

    Attributes:
        flow: As `flow_of` gives it.
        left_rad: Turn that is left, counter-clockwise.
        right: Whether it is of a right hand.
        held_out: Whether its person is left out of the fit.
    """

    flow: Flow
    left_rad: float
    right: bool
    held_out: bool


def main() -> None:
    """Fit, print, write."""
    seen = [
        each
        for folder in sys.argv[1:]
        for finger in fingers(Path(folder))
        for each in (finger, mirrored(finger))
    ]
    features = np.array([flow_features(each.flow) for each in seen])
    left = np.array([each.left_rad for each in seen])
    right = np.array([each.right for each in seen], np.float64)
    out = np.array([each.held_out for each in seen])
    upright = np.abs(left) <= UPRIGHT_RAD
    turn = fit_turn(features[~out], left[~out])
    hand = fit_hand(features[upright & ~out], right[upright & ~out])
    small = out & (np.abs(left) <= math.radians(24))
    error = math.degrees(float(np.std(features[small] @ turn - left[small])))
    evidence = features[upright & out] @ hand
    correct = float(((evidence > 0) == (right[upright & out] > 0.5)).mean())
    print(
        f"{len(seen)} sights; held out: turn to {error:.1f} degrees, hand of one finger right {correct:.1%}"
    )
    weights = {"turn": turn.round(5).tolist(), "right": hand.round(4).tolist()}
    TARGET.write_text(json.dumps(weights) + "\n", encoding="utf-8")


def fingers(folder: Path) -> Iterator[SeenFinger]:
    """Every finger of a folder of slaps at every turn."""
    rows: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    with (folder / "slaps.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            rows[row["path"]].append(row)
    for path, truths in rows.items():
        sample = read_sample(folder / path, resolution_ppi=500)
        regions = find_regions(find_skin(sample).mask, wanted=len(truths))
        field = ridge_flow(sample)
        for truth in truths:
            x = (int(truth["left_px"]) + int(truth["width_px"]) / 2) * MM_PER_PX
            y = (int(truth["top_px"]) + int(truth["height_px"]) / 2) * MM_PER_PX
            here = [each for each in regions if math.hypot(each.x_mm - x, each.y_mm - y) < NEAR_MM]
            turn = math.radians(float(truth["rotation_deg"]))
            held_out = zlib.crc32(f"{folder.name}/{truth['subject']}".encode()) % 4 == 0
            for region in here[:1]:
                for more in TURNS_RAD.tolist():
                    yield SeenFinger(
                        flow=flow_of(field, region, turn_rad=turn + more),
                        left_rad=-more,
                        right=truth["hand"] == "right",
                        held_out=held_out,
                    )


def mirrored(finger: SeenFinger) -> SeenFinger:
    """The same finger on the other hand."""
    return SeenFinger(
        flow=np.conj(finger.flow[:, ::-1]),
        left_rad=-finger.left_rad,
        right=not finger.right,
        held_out=finger.held_out,
    )


def fit_turn(features: NDArray[np.float64], left: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ridge regression."""
    normal = features.T @ features + TURN_RIDGE * np.eye(features.shape[1])
    return np.asarray(np.linalg.solve(normal, features.T @ left), np.float64)


def fit_hand(features: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression by Newton's method, with a ridge."""
    weights = np.zeros(features.shape[1])
    for _ in range(NEWTON_STEPS):
        share = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (share - right) + HAND_RIDGE * weights
        bend = (features * (share * (1 - share))[:, None]).T @ features + HAND_RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return weights


if __name__ == "__main__":
    main()
