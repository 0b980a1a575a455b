"""Learns the weights of the fingerprint score from synthetic prints; they belong into the cascade's kernels.

    python benchmarks/fit_finger_score.py [--model NAME|FOLDER] [--store FOLDER] [--fingers N] [--others N]

Prints for the fit, to choose by and to test by are of different fingers. Every model of the ladder is fitted
to the first; `CHOSEN` is what came out best of the second; the third is looked at once. Figures of a whole
run go to benchmarks/results/, the weights are printed as the kernels hold them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction import Extractor, load_extractor
from finger_score.logistic import fit
from finger_score.measures import error_rates
from finger_score.pairs import draw_pairs, mated
from finger_score.prints import PrintSet, crop, read_prints
from finger_score.terms import TERMS, linear, product, terms_of

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "finger_score.json"
STORE = HERE.parent / "out" / "bench" / "prints"
PURPOSES = {"fit": 8, "choose": 9, "test": 10}
"""Seed of the fingers for each."""

FINGERS, IMPRESSIONS, OTHERS = 540, 20, 10_000_000
HELD_OUT_FINGERS, HELD_OUT_IMPRESSIONS, HELD_OUT_OTHERS = 100, 8, 500_000
START = ("mass", "fraction", "consistency")
LADDER = {
    "mass, fraction, consistency": (START, 100.0),
    "and size": ((*START, "size"), 100.0),
    "and misfit": ((*START, "misfit"), 100.0),
    "and spread": ((*START, "spread"), 100.0),
    "size and misfit": ((*START, "size", "misfit"), 100.0),
    "misfit and spread": ((*START, "misfit", "spread"), 100.0),
    "all": (TERMS, 100.0),
    "all, non-mated weigh 10": (TERMS, 10.0),
    "all, non-mated weigh 1": (TERMS, 1.0),
}
"""Terms of each model, and what all non-mated pairs weigh against all mated ones."""

CHOSEN = "all"
CROPPED_SHARE = 0.5
"""Part of the prints of the fit that is cropped, so that it knows what small templates are worth."""

ABOVE_EVIDENCE = 1.0
"""Added to the log-likelihood ratio before it is bent: puts similarities where those of cascade/1 were."""

Pairs = tuple[NDArray[np.float32], NDArray[np.bool_]]


def main() -> None:
    """Make or read prints, compare, fit, measure, print, write."""
    words = parse_arguments()
    extractor = load_extractor(words.model)
    seen, held = compared_prints(extractor, words)
    weights = {step: fit(*seen, names, nonmated_per_mated=weight) for step, (names, weight) in LADDER.items()}
    record: dict[str, Any] = {
        "model_id": str(extractor.model_id),
        "fingers": words.fingers,
        "impressions": words.impressions,
        "mated": int(seen[1].sum()),
        "nonmated": int((~seen[1]).sum()),
        "chosen": CHOSEN,
        "weights": told(LADDER[CHOSEN][0], weights[CHOSEN]),
        "held_out": {purpose: ladder(weights, pairs) for purpose, pairs in held.items()},
    }
    print(json.dumps(record, indent=1))
    if words.fingers >= FINGERS and words.others >= OTHERS:
        RESULTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--model", type=lambda text: Path(text) if Path(text).is_dir() else text, default="leader"
    )
    parser.add_argument("--store", type=Path, default=STORE, help="folder for prints")
    parser.add_argument("--fingers", type=int, default=FINGERS)
    parser.add_argument("--impressions", type=int, default=IMPRESSIONS)
    parser.add_argument("--others", type=int, default=OTHERS, help="non-mated pairs of the fit")
    return parser.parse_args()


def compared_prints(extractor: Extractor, words: argparse.Namespace) -> tuple[Pairs, dict[str, Pairs]]:
    """Terms and labels of the pairs of the fit, and of each held-out set, whole and cropped."""
    found: dict[str, Pairs] = {}
    for purpose, seed in PURPOSES.items():
        fitted = purpose == "fit"
        prints = read_prints(
            words.store, extractor, seed=seed,
            fingers=words.fingers if fitted else HELD_OUT_FINGERS,
            impressions=words.impressions if fitted else HELD_OUT_IMPRESSIONS,
        )  # fmt: skip
        others = words.others if fitted else HELD_OUT_OTHERS
        if fitted:
            found[purpose] = pairs_of(prints, others=others, cropped=CROPPED_SHARE, seed=seed)
        else:
            found[purpose] = pairs_of(prints, others=others, cropped=0.0, seed=seed)
            found[f"{purpose}, cropped"] = pairs_of(prints, others=others, cropped=1.0, seed=seed)
    return found.pop("fit"), found


def pairs_of(prints: PrintSet, *, others: int, cropped: float, seed: int) -> Pairs:
    """Terms and labels of pairs of some prints, part of which is cropped first."""
    rng = np.random.default_rng(seed)
    taken = crop(prints, cropped, rng) if cropped else prints
    pairs = draw_pairs(taken, others=others, rng=rng)
    return terms_of(taken.packed(), pairs), mated(taken, pairs)


def ladder(weights: dict[str, NDArray[np.float64]], pairs: Pairs) -> dict[str, dict[str, float]]:
    """Error rates of the product that the score was before, and of every model of the ladder."""
    bent, same = pairs
    rates = {"product": error_rates(product(bent), same)}
    for step, its in weights.items():
        rates[step] = error_rates(linear(bent, LADDER[step][0], its), same)
    return rates


def told(names: tuple[str, ...], weights: NDArray[np.float64]) -> dict[str, float]:
    """Weights by name, as the kernels hold them."""
    by_name = dict(zip(names, weights.tolist(), strict=False))
    by_name["offset"] = float(weights[-1]) + ABOVE_EVIDENCE
    return {name: round(value, 5) for name, value in by_name.items()}


if __name__ == "__main__":
    main()
