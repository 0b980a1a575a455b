"""Fits what turns measures of finger images into a score and reasons, on synthetic prints alone.

    python benchmarks/fit_finger_quality.py [--fingers 320] [--used 100] [--keep FOLDER]

Writes src/biocapil/quality/finger/finger_quality.json, the same file for the same numbers and extractor.
`--keep`
remembers what was measured, so that a second run only trains. Figures on other fingers come from
`bench_finger_quality.py`.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction import DEFAULT_MODEL, load_extractor
from biocapil.quality.finger.assess import UPRIGHT
from biocapil.quality.finger.fields import shipped_fields
from biocapil.quality.finger.fitted import FILE, SCHEMA
from biocapil.quality.network import Layer, run_network
from biocapil.vocabulary import FingerReason
from finger_quality.measured import MeasuredPrints, remembered
from finger_quality.prints import SHOWING_MM2, Plan
from finger_quality.training import Training, rounded, train_network
from finger_quality.utility import UsedPrints, use_prints
from finger_quality.written import DIGITS, layer_parts, numbers, significant

Floats = NDArray[np.float32]
TARGET = Path(__file__).resolve().parents[1] / "src" / "biocapil" / "quality" / "finger" / FILE
TRAIN = Plan(purpose=910)
USED = Plan(purpose=930, clean=3, double=1, severity=(0.2, 1.0), difficulty=(0.0, 1.0))
SEED = 1
LIMIT = 4.0
PARTS = 5
"""Parts of the fingers, each of which is left out once when thresholds are set."""

CLEAN_SHARE = 0.89
"""Share of prints without a fault that no reason may be named of."""

FREE_SHARE, MOST_SHARE = 0.002, 0.04
"""Share of clean prints that a reason is named of wrongly, at least and at most."""

OTHER_SHARE = 0.005
"""Share of prints with other faults that a sure reason may be named of."""

GHOST = list(FingerReason).index(FingerReason.LATENT_GHOST)
NAMED_SEVERITY = 0.6
LOWEST_FMR = 0.001
BEST_SHARE = 0.9
"""Share of the clean prints whose expected utility stays below a score of 100."""

FLOW = Training(hidden=(16,), is_logistic=True, with_bias=False, epochs=40, decay=3e-2, noise=0.1, networks=2)
REASONS = Training(hidden=(40,), is_logistic=True, epochs=100, rate=5e-3, decay=0.1, noise=0.3, networks=2)
UTILITY = Training(hidden=(12,), is_logistic=False, epochs=80, decay=0.1, noise=0.2, networks=3)

COMPONENTS = (
    ("area", "area_mm2"),
    ("contrast", "strength"),
    ("orientation", "coherence"),
    ("periodicity", "wave_share"),
    ("ridge_width", "ridge_share"),
    ("continuity", "dot_share"),
    ("sharpness", "sharpness"),
    ("stillness", "echo"),
    ("clean_ground", "ghost_mm2"),
    ("centring", "offset_mm"),
    ("completeness", "cut_share"),
    ("upright", UPRIGHT),
)
"""Named components and the measures that they tell."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """How measures become inputs of the networks.

    Attributes:
        upright: Network over the differences of flow.
        names: Names of the inputs.
        centre: Middle of each. Shape (M,).
        spread: Spread of each. Shape (M,).
    """

    upright: tuple[Layer, ...]
    names: tuple[str, ...]
    centre: Floats
    spread: Floats

    def raw(self, measures: Floats, flow: Floats) -> Floats:
        """Measures together with what the flow says. Shape (N, M)."""
        return np.column_stack((measures, np.tanh(run_network(self.upright, flow)[:, 0])))

    def of(self, measures: Floats, flow: Floats) -> Floats:
        """Standard inputs. Shape (N, M), float32."""
        standard = (self.raw(measures, flow) - self.centre) / self.spread
        limited: Floats = np.clip(standard, -LIMIT, LIMIT).astype(np.float32)
        return limited


def main() -> None:
    """Fit, print, write."""
    words = parse_arguments()
    keep = words.keep
    prints = remembered(TRAIN, words.fingers, None if keep is None else keep / "prints.npz")
    chosen = Path(words.extractor) if os.sep in words.extractor else words.extractor
    used = use_prints(USED, words.used, load_extractor(chosen), None if keep is None else keep / "used.npz")
    inputs = fit_inputs(prints)
    reasons, thresholds = fit_reasons(prints, inputs)
    utility, scale = fit_utility(used, inputs)
    parts = {
        "schema": SCHEMA,
        "fields": shipped_fields().digest,
        "fitted_to": f"{words.fingers} synthetic fingers for reasons, {words.used} for the score",
        "measures": inputs.names,
        "centre": numbers(inputs.centre),
        "spread": numbers(inputs.spread),
        "limit": LIMIT,
        "upright": layer_parts(inputs.upright),
        "order": [reason.value for reason in FingerReason],
        "reasons": layer_parts(reasons),
        "thresholds": numbers(thresholds),
        "utility": layer_parts(utility),
        "scale": scale,
        "components": component_scales(prints, inputs),
    }
    words.out.write_text(json.dumps(parts, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{words.out.name}: {words.out.stat().st_size:,} bytes")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fingers", type=int, default=320, help="fingers to learn reasons from")
    parser.add_argument("--used", type=int, default=100, help="fingers to learn the score from")
    parser.add_argument(
        "--extractor", default=DEFAULT_MODEL, help="name, or folder of a model, for the score"
    )
    parser.add_argument("--keep", type=Path, help="folder that remembers what was measured")
    parser.add_argument("--out", type=Path, default=TARGET)
    return parser.parse_args()


def fit_inputs(prints: MeasuredPrints) -> Inputs:
    """The flow's network, and middle and spread of every measure."""
    down = prints.faults[:, list(FingerReason).index(FingerReason.UPSIDE_DOWN)] > 0
    seen = prints.faults[:, list(FingerReason).index(FingerReason.NO_FINGER)] == 0
    flow, up = prints.flow[seen], (~down[seen]).astype(np.float32)[:, None]
    both = np.concatenate([flow, -flow]), np.concatenate([up, 1 - up])
    upright = rounded(train_network(np.random.default_rng((SEED, 1)), *both, FLOW), DIGITS)
    *hidden, last = upright
    halved = (last.weights * np.float32(0.5)).astype(np.float32)
    upright = rounded((*hidden, Layer(weights=halved, bias=last.bias)), DIGITS)
    raw = np.column_stack((prints.measures, np.tanh(run_network(upright, prints.flow)[:, 0])))
    low, middle, high = np.percentile(raw, (10, 50, 90), axis=0)
    return Inputs(
        upright=upright,
        names=(*prints.names.tolist(), UPRIGHT),
        centre=significant(middle),
        spread=significant(np.maximum(high - low, 1e-3) / 2.5),
    )


def fit_reasons(prints: MeasuredPrints, inputs: Inputs) -> tuple[tuple[Layer, ...], Floats]:
    """The network of the reasons, and the logit from which each is named.

    Thresholds are set on fingers that other networks of the same kind did not learn from.
    """
    standard = inputs.of(prints.measures, prints.flow)
    labels = (prints.faults > 0).astype(np.float32)
    labels[(labels[:, GHOST] > 0) & (prints.ghost_mm2 < SHOWING_MM2), GHOST] = np.nan
    logits = np.empty_like(labels)
    for part in range(PARTS):
        left_out = prints.finger % PARTS == part
        rng = np.random.default_rng((SEED, 2, part))
        network = train_network(rng, standard[~left_out], labels[~left_out], REASONS)
        logits[left_out] = run_network(network, standard[left_out])
    network = train_network(np.random.default_rng((SEED, 2)), standard, labels, REASONS)
    return rounded(network, DIGITS), thresholds_of(logits, prints)


def thresholds_of(logits: Floats, prints: MeasuredPrints) -> Floats:
    """Thresholds that name every reason equally often where it is right, and leave clean prints alone.

    No reason may be named of more than `MOST_SHARE` of the clean prints. A reason that is so sure that it is
    named of hardly any other print, `FREE_SHARE` of the clean ones and `OTHER_SHARE` of those with another
    fault, is named more often than the others.
    """
    clean = logits[prints.clean]
    loosest = np.quantile(clean, 1 - MOST_SHARE, axis=0)
    others = [np.quantile(logits[prints.single & (prints.faults[:, at] == 0), at], 1 - OTHER_SHARE)
              for at in range(len(FingerReason))]  # fmt: skip
    strictest = np.maximum(np.quantile(clean, 1 - FREE_SHARE, axis=0), np.array(others))
    strictest = np.maximum(strictest, loosest)
    right = [prints.single & (prints.faults[:, at] >= NAMED_SEVERITY) for at in range(len(FingerReason))]
    right[GHOST] &= prints.ghost_mm2 >= SHOWING_MM2
    for wanted in np.arange(0.995, 0.5, -0.005):
        needed = [np.quantile(logits[rows, at], 1 - wanted) for at, rows in enumerate(right)]
        found = np.clip(np.array(needed), loosest, strictest)
        alone = float((clean <= found).all(axis=1).mean())
        if alone >= CLEAN_SHARE:
            break
    named = {
        reason.value: round(float((logits[rows, at] > found[at]).mean()), 3)
        for at, (reason, rows) in enumerate(zip(FingerReason, right, strict=True))
    }
    print(f"of fingers not learned from: clean prints left alone {alone:.1%}, named {named}")
    return significant(found)


def fit_utility(used: UsedPrints, inputs: Inputs) -> tuple[tuple[Layer, ...], tuple[float, float]]:
    """The network of the expected utility, and the utilities of the scores 0 and 100."""
    seen = used.faults[:, list(FingerReason).index(FingerReason.NO_FINGER)] == 0
    standard = inputs.of(used.measures, used.flow)
    wanted = np.log1p(used.similarities).mean(axis=1, keepdims=True)
    rng = np.random.default_rng((SEED, 3))
    network = rounded(train_network(rng, standard[seen], wanted[seen], UTILITY), DIGITS)
    threshold = float(np.quantile(used.strangers, 1 - LOWEST_FMR))
    expected = run_network(network, standard)[:, 0]
    best = float(np.quantile(expected[~used.faults.any(axis=1)], BEST_SHARE))
    print(f"similarity at FMR {LOWEST_FMR:.1%}: {threshold:.2f}; of the best prints: {np.expm1(best):.0f}")
    return network, (round(float(np.log1p(threshold)), 3), round(best, 3))


def component_scales(prints: MeasuredPrints, inputs: Inputs) -> list[dict[str, Any]]:
    """Scale of each component: 100 for the better half of the clean prints, 0 for the worst of the others."""
    raw = inputs.raw(prints.measures, prints.flow)
    clean, faulty = prints.clean, ~prints.clean
    scales: list[dict[str, Any]] = []
    for name, measure in COMPONENTS:
        values = raw[:, inputs.names.index(measure)]
        middle = float(np.median(values[clean]))
        low, high = np.percentile(values[faulty], (2, 98))
        worst = low if middle - low > high - middle else high
        scales.append(
            {"name": name, "measure": measure, "worst": round(float(worst), 4), "best": round(middle, 4)}
        )
    return scales


if __name__ == "__main__":
    main()
