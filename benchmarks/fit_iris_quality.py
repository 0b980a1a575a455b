"""Fit the quality of irises on synthetic eyes: reasons to what was done to them, score to what they reach.

    python benchmarks/fit_iris_quality.py [--model FOLDER] [--eyes N] [--out FILE]

Every eye is seen at a good visit and at one where nothing or one thing goes wrong. The reasons learn what
went wrong; the score learns the similarity of both codes, 0 where there is none. Other eyes check both;
figures go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import iris_probes, references_of
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.extraction.iris.loading import load_iris_extractor
from biocapil.iris_code import IrisCode
from biocapil.quality.iris.assess import iris_report
from biocapil.quality.iris.fitted import FILE, SCHEMA, IrisQualityFit, read_iris_fit
from biocapil.quality.iris.measures import MEASURES, measure_iris
from biocapil.quality.network import Layer, run_network
from biocapil.synthesis.iris import (
    EyeDegradation,
    SyntheticEye,
    degrade,
    draw_conditions,
    make_iris_master,
    render_eye,
)
from biocapil.vocabulary import IrisReason, QualityReason
from finger_quality.training import Training, train_network

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SHIPPED = ROOT / "models" / "biocapil_models" / "pelangi"
OUT = ROOT / "src" / "biocapil" / "quality" / "iris" / FILE
RESULTS = HERE / "results" / "iris_quality.json"
REASON_OF: Mapping[EyeDegradation, IrisReason] = {
    EyeDegradation.CLOSED: IrisReason.NO_EYE,
    EyeDegradation.FAR: IrisReason.TOO_SMALL,
    EyeDegradation.CUT: IrisReason.CUT_OFF,
    EyeDegradation.DROOPING: IrisReason.COVERED,
    EyeDegradation.DEFOCUSED: IrisReason.BLURRED,
    EyeDegradation.MOVED: IrisReason.MOVED,
    EyeDegradation.INTERLACED: IrisReason.INTERLACED,
    EyeDegradation.FLAT: IrisReason.LOW_CONTRAST,
    EyeDegradation.GLARE: IrisReason.GLARE,
    EyeDegradation.WIDE_PUPIL: IrisReason.PUPIL_TOO_WIDE,
    EyeDegradation.NARROW_PUPIL: IrisReason.PUPIL_TOO_NARROW,
    EyeDegradation.ASIDE: IrisReason.LOOKING_AWAY,
}
ORDER = tuple(IrisReason)
SEEDS = {"fit": 8100, "check": 8200}
CLEAN_EVERY = 4
"""One eye in so many is not degraded."""
OFTEN = (EyeDegradation.DEFOCUSED, EyeDegradation.MOVED, EyeDegradation.FLAT)
"""What is hardest to tell is shown to the fit three times as often."""
FLAT_STEP = 25.0
"""Eyes whose pupil, iris and white differ by fewer grey values by nature are no example of good contrast."""
LIMIT = 4.0
NAMED_WRONGLY = 0.02
"""Each reason is named of this share of the eyes that have it not."""
REASONS = Training(hidden=(32,), is_logistic=True, epochs=150, noise=0.1)
UTILITY = Training(hidden=(12,), is_logistic=False, epochs=100, noise=0.1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What was measured of eyes whose fate is known.

    Attributes:
        measures: NaN where no iris was found. Shape (N, M), float32.
        done: Number of the reason that ought to be named; -1 for none. Shape (N,).
        step: Least true step from pupil to iris and iris to white. Shape (N,), float32.
        similarity: Of the code to that of the good visit. Shape (N,), float32.
    """

    measures: NDArray[np.float32]
    done: NDArray[np.int64]
    step: NDArray[np.float32]
    similarity: NDArray[np.float32]


def main() -> None:
    """Render, fit, write, check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--eyes", type=int, default=2400)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    extractor = load_iris_extractor(arguments.model)
    data = fitted(seen_eyes(extractor, seed=SEEDS["fit"], eyes=arguments.eyes, often=OFTEN))
    arguments.out.write_text(json.dumps(data) + "\n", encoding="utf-8")
    fit = read_iris_fit(arguments.out.read_bytes())
    figures = checked(fit, seen_eyes(extractor, seed=SEEDS["check"], eyes=arguments.eyes // 2))
    figures["model_id"] = extractor.model_id
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def seen_eyes(
    extractor: IrisExtractor, *, seed: int, eyes: int, often: tuple[EyeDegradation, ...] = ()
) -> Seen:
    """Render pairs of visits and look at the second."""
    ways = (*EyeDegradation, *often, *often)
    step = np.zeros(eyes, np.float32)
    measures = np.full((eyes, len(MEASURES)), np.nan, np.float32)
    done = np.full(eyes, -1, np.int64)
    similarity = np.zeros(eyes, np.float32)
    for number in range(eyes):
        rng = np.random.default_rng((seed, number))
        master = make_iris_master((seed, 1, number))
        good = extractor.extract(render_eye(master, draw_conditions(rng, difficulty=0.0), rng).sample)
        visit = draw_conditions(rng, difficulty=float(rng.uniform(0, 0.5)))
        if number % CLEAN_EVERY:
            way = ways[int(rng.integers(len(ways)))]
            visit = degrade(visit, way, float(rng.uniform()))
            done[number] = ORDER.index(REASON_OF[way])
        made = render_eye(master, visit, rng)
        sample, step[number] = made.sample, true_step(made)
        traced = extractor.trace(sample)
        if traced.segmentation is not None and traced.unwrapped is not None:
            told = measure_iris(sample.pixels, traced.segmentation, traced.unwrapped)
            measures[number] = [told[name] for name in MEASURES]
        if isinstance(good, IrisCode) and isinstance(traced.outcome, IrisCode):
            pairs = references_of([good]).scan(iris_probes([traced.outcome]), 0, 1)
            similarity[number] = pairs.similarities[0] if len(pairs) else 0.0
    return Seen(measures=measures, done=done, step=step, similarity=similarity)


def true_step(eye: SyntheticEye) -> float:
    """Least of the steps from pupil to iris and from iris to white, in grey values."""
    truth, grey = eye.truth, eye.sample.pixels
    regions = (truth.pupil & truth.opening, truth.valid, truth.opening & ~truth.iris)
    if not all(region.any() for region in regions):
        return 255.0
    pupil, iris, white = (float(np.median(grey[region])) for region in regions)
    return min(iris - pupil, white - iris)


def fitted(seen: Seen) -> dict[str, Any]:
    """The data file."""
    found = ~np.isnan(seen.measures[:, 0])
    raw, done, similarity = seen.measures[found], seen.done[found], seen.similarity[found]
    low = ORDER.index(IrisReason.LOW_CONTRAST)
    centre = np.median(raw, axis=0)
    spread = np.maximum(np.quantile(raw, 0.84, axis=0) - np.quantile(raw, 0.16, axis=0), 1e-3) / 2
    inputs = np.clip((raw - centre) / spread, -LIMIT, LIMIT).astype(np.float32)
    labels = (done[:, None] == np.arange(len(ORDER))).astype(np.float32)
    labels[seen.step[found] < FLAT_STEP, low] = np.nan
    labels[done == ORDER.index(IrisReason.MOVED), ORDER.index(IrisReason.BLURRED)] = np.nan  # both are right
    labels[(done == low) & (seen.step[found] < FLAT_STEP), low] = 1
    reasons = train_network(np.random.default_rng(1), inputs, labels, REASONS)
    logits = run_network(reasons, inputs)
    thresholds = [
        float(np.quantile(logits[labels[:, k] == 0, k], 1 - NAMED_WRONGLY)) for k in range(len(ORDER))
    ]
    utility = train_network(
        np.random.default_rng(2), inputs, (similarity[:, None] / 100).astype(np.float32), UTILITY
    )
    expected = run_network(utility, inputs)[:, 0]
    clean = done < 0
    good = np.median(raw[clean], axis=0)
    odd = np.array([_worst(raw[:, k], good[k], similarity) for k in range(raw.shape[1])])
    return {
        "schema": SCHEMA,
        "measures": list(MEASURES),
        "centre": centre.tolist(),
        "spread": spread.tolist(),
        "limit": LIMIT,
        "reasons": _parts(reasons),
        "order": [reason.value for reason in ORDER],
        "thresholds": thresholds,
        "utility": _parts(utility),
        "scale": [float(np.quantile(expected, 0.02)), float(np.quantile(expected[clean], 0.9))],
        "best": good.tolist(),
        "worst": odd.tolist(),
    }


def _worst(values: NDArray[np.float32], good: float, similarity: NDArray[np.float32]) -> float:
    """The end of a measure's range at which codes are less similar."""
    low, high = np.quantile(values, (0.02, 0.98))
    middle = float(np.median(values))
    below, above = similarity[values < middle].mean(), similarity[values >= middle].mean()
    worst = float(low if below < above else high)
    return worst if abs(worst - good) > 1e-3 else good + 1.0


def _parts(layers: tuple[Layer, ...]) -> list[dict[str, Any]]:
    return [
        {
            "weights": np.round(layer.weights, 4).astype(float).tolist(),
            "bias": np.round(layer.bias, 4).astype(float).tolist(),
        }
        for layer in layers
    ]


def checked(fit: IrisQualityFit, seen: Seen) -> dict[str, Any]:
    """How often what was done is named on other eyes, and what the score foretells."""
    named: list[tuple[QualityReason, ...]] = []
    scores: list[int] = []
    for row in seen.measures:
        if np.isnan(row[0]):
            named.append((IrisReason.NO_EYE,))
            scores.append(0)
            continue
        report = iris_report(dict(zip(MEASURES, row.tolist(), strict=True)), fit)
        named.append(report.reasons)
        scores.append(report.score)
    done_to = {number: np.flatnonzero(seen.done == number).tolist() for number in range(len(ORDER))}
    hits = {
        reason.value: round(float(np.mean([reason in named[at] for at in done_to[number]])), 3)
        for number, reason in enumerate(ORDER)
    }
    clean = np.flatnonzero((seen.done < 0) & (seen.step >= FLAT_STEP))
    score, similarity = np.array(scores, float), seen.similarity
    order = np.argsort(score, kind="stable")
    fifths = [round(float(part.mean()), 1) for part in np.array_split(similarity[order], 5)]
    return {
        "eyes": len(named),
        "named": hits,
        "clean_with_a_reason": round(float(np.mean([bool(named[at]) for at in clean])), 3),
        "rank_correlation": round(_rank_correlation(score, similarity), 3),
        "similarity_by_fifth_of_score": fifths,
    }


def _rank_correlation(one: NDArray[np.float64], other: NDArray[np.float32]) -> float:
    """Spearman's, ties by place."""
    ranks = [np.argsort(np.argsort(values, kind="stable"), kind="stable") for values in (one, other)]
    table = np.asarray(np.corrcoef(ranks))
    return float(table[0, 1])


if __name__ == "__main__":
    main()
