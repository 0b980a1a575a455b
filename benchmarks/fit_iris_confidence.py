"""Fit the confidence of an iris model on synthetic eyes, whose borders are known.

    python benchmarks/fit_iris_confidence.py [--model FOLDER] [--eyes N]

Prints the line for the model's manifest, and what limits of the confidence would refuse on other eyes.
One eye in ten is shut or nearly so. A border is grossly wrong if its centre or radius misses by 15 % of
the radius.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.iris.confidence import MEASURES
from biocapil.extraction.iris.contour import Disc
from biocapil.extraction.iris.network_maps import network_maps
from biocapil.extraction.iris.segment import find_discs
from biocapil.extraction.model_manifest import ModelManifest
from biocapil.extraction.registry import load_model
from biocapil.extraction.session import GraphSession
from biocapil.synthesis.iris import EyeTruth, draw_conditions, make_iris_master, render_eye

SHIPPED = Path(__file__).resolve().parents[1] / "models" / "biocapil_models" / "pelangi"
GROSS = 0.15
LEAST_SEEN = 0.05
SEEDS = {"fit": 7100, "check": 7200}
DIFFICULTY = (0.3, 1.0)
RIDGE = 1e-2
LIMITS = (0.3, 0.5, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Measures of eyes that were found, and which borders were right; and how many were not found."""

    measures: NDArray[np.float64]
    right: NDArray[np.bool_]
    errors: NDArray[np.float64]
    missed: int
    missed_open: int


def main() -> None:
    """Fit, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--eyes", type=int, default=1500)
    arguments = parser.parse_args()
    model = load_model(arguments.model)
    network = GraphSession(model)
    fitted = judged(model.manifest, network, seed=SEEDS["fit"], eyes=arguments.eyes)
    weights = logistic(fitted.measures, fitted.right)
    print("confidence = [" + ", ".join(f"{value:.3f}" for value in weights) + "]")
    checked = judged(model.manifest, network, seed=SEEDS["check"], eyes=arguments.eyes)
    report(checked, weights, arguments.eyes)


def judged(manifest: ModelManifest, network: GraphSession, *, seed: int, eyes: int) -> Judged:
    """Render eyes, find their borders and compare them with the truth."""
    assert manifest.iris is not None
    measures: list[tuple[float, ...]] = []
    errors: list[tuple[float, ...]] = []
    seen: list[float] = []
    missed = missed_open = 0
    for number in range(eyes):
        rng = np.random.default_rng((seed, number))
        visit = draw_conditions(rng, difficulty=float(rng.uniform(*DIFFICULTY)))
        if number % 10 == 0:
            visit = replace(visit, upper_lid=float(rng.uniform(-0.8, 0.3)))
        eye = render_eye(make_iris_master((seed, 1, number)), visit, rng)
        answers = network_maps(
            eye.sample.pixels,
            network,
            longest_px=manifest.iris.longest_px,
            stride_px=manifest.input.stride_px,
        )
        maps = dict(zip(manifest.output.channels, answers.maps, strict=True))
        found = find_discs(maps, rule=manifest.iris)
        ring = eye.truth.iris & ~eye.truth.pupil
        share = float(eye.truth.valid.sum()) / max(1, int(ring.sum()))
        if found is None:
            missed += 1
            missed_open += share > LEAST_SEEN
            continue
        measures.append(found.measures)
        errors.append(border_errors(found.pupil, found.iris, eye.truth, answers.px_per_cell))
        seen.append(share)
    error = np.array(errors)
    right = (error[:, :4].max(axis=1) < GROSS) & (np.array(seen) > LEAST_SEEN)
    return Judged(
        measures=np.array(measures), right=right, errors=error, missed=missed, missed_open=missed_open
    )


def border_errors(pupil: Disc, iris: Disc, truth: EyeTruth, px_per_cell: float) -> tuple[float, ...]:
    """Errors of centre and radius, then mean distance of the borders; all in radii of the iris."""
    whole: list[float] = []
    distances: list[float] = []
    unit = radius_of(truth.contours.limbus_px)
    for disc, known in ((pupil, truth.contours.pupil_px), (iris, truth.contours.limbus_px)):
        center = (np.array(disc.center) + 0.5) * px_per_cell - 0.5
        away = known - center
        angles = np.arctan2(away[:, 1], away[:, 0]) % (2 * np.pi)
        own = np.linspace(0, 2 * np.pi, len(disc.radii) + 1)
        radii = np.interp(angles, own, np.append(disc.radii, disc.radii[0])) * px_per_cell
        whole.append(float(np.hypot(*(known.mean(0) - center))) / unit)
        whole.append(abs(disc.radius * px_per_cell - radius_of(known)) / unit)
        distances.append(float(np.abs(np.hypot(away[:, 0], away[:, 1]) - radii).mean()) / unit)
    return (*whole, *distances)


def radius_of(points: NDArray[np.float32]) -> float:
    """Mean distance from the middle."""
    away = points - points.mean(0)
    return float(np.hypot(away[:, 0], away[:, 1]).mean())


def logistic(measures: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights of a logistic regression by Newton's steps, in the measures' own units."""
    middle, spread = measures.mean(0), measures.std(0) + 1e-6
    rows = np.column_stack([np.ones(len(measures)), (measures - middle) / spread])
    weights = np.zeros(rows.shape[1])
    hold = RIDGE * len(rows) * np.eye(rows.shape[1]) / 10
    hold[0, 0] = 0
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (right - chance) - hold @ weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + hold + 1e-9 * np.eye(rows.shape[1])
        weights = weights + np.linalg.solve(curve, slope)
    own = weights[1:] / spread
    return np.concatenate([[weights[0] - own @ middle], own])


def report(checked: Judged, weights: NDArray[np.float64], eyes: int) -> None:
    """What each limit would do on eyes that were not fitted to."""
    confidence = 1 / (1 + np.exp(-(weights[0] + checked.measures @ weights[1:])))
    right = checked.right
    print(f"{eyes} eyes: {checked.missed} without an answer, {checked.missed_open} of them open;")
    print(f"grossly wrong or hidden: {(~right).sum()}")
    borders = checked.errors[right]
    for name, column in (("pupil", 4), ("iris", 5)):
        told = ", ".join(f"{100 * np.quantile(borders[:, column], q):.2f}" for q in (0.5, 0.95))
        print(f"{name}: median and 95th percentile of the mean distance {told} % of the radius")
    print(f"{'limit':>6} {'right refused':>14} {'wrong coded':>12}")
    for limit in LIMITS:
        coded = confidence >= limit
        print(f"{limit:6.2f} {(~coded & right).sum() / right.sum():14.2%} {(coded & ~right).sum():12d}")
    print("measures:", ", ".join(MEASURES))


if __name__ == "__main__":
    main()
