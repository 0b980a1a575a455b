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

from biocapil.comparison import PackedTemplates
from biocapil.extraction import Extractor, load_extractor
from finger_score.logistic import fit
from finger_score.measures import error_rates
from finger_score.pairs import draw_pairs, mated
from finger_score.prints import read_prints
from finger_score.terms import TERMS, linear, product, terms_of

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "finger_score.json"
STORE = HERE.parent / "out" / "bench" / "prints"
PURPOSES = {"fit": 8, "choose": 9, "test": 10}
"""Seed of the fingers for each."""

FINGERS, IMPRESSIONS, OTHERS = 540, 20, 10_000_000
HELD_OUT_FINGERS, HELD_OUT_IMPRESSIONS, HELD_OUT_OTHERS = 100, 8, 1_000_000
NONMATED_PER_MATED = 100.0
LADDER = (
    ("mass", "fraction", "consistency"),
    ("mass", "fraction", "consistency", "size"),
    ("mass", "fraction", "consistency", "size", "misfit"),
    ("mass", "fraction", "consistency", "size", "spread"),
    ("mass", "fraction", "consistency", "misfit", "spread"),
    TERMS,
)
CHOSEN = TERMS
ABOVE_EVIDENCE = 2.0
"""Added to the log-likelihood ratio before it is bent, so that what one pair in a hundred reaches by accident
lies where the score is straight."""

Pairs = tuple[NDArray[np.float32], NDArray[np.bool_]]


def main() -> None:
    """Make or read prints, compare, fit, measure, print, write."""
    words = parse_arguments()
    extractor = load_extractor(words.model)
    seen, held = compared_prints(extractor, words)
    weights = {names: fit(*seen, names, nonmated_per_mated=NONMATED_PER_MATED) for names in LADDER}
    record: dict[str, Any] = {
        "model_id": str(extractor.model_id),
        "fingers": words.fingers,
        "impressions": words.impressions,
        "mated": int(seen[1].sum()),
        "nonmated": int((~seen[1]).sum()),
        "weights": told(CHOSEN, weights[CHOSEN]),
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
    """Terms and labels of the pairs of the fit, and of each held-out purpose."""
    found: dict[str, Pairs] = {}
    for purpose, seed in PURPOSES.items():
        fitted = purpose == "fit"
        found[purpose] = pairs_of(
            extractor, words.store, seed,
            fingers=words.fingers if fitted else HELD_OUT_FINGERS,
            impressions=words.impressions if fitted else HELD_OUT_IMPRESSIONS,
            others=words.others if fitted else HELD_OUT_OTHERS,
        )  # fmt: skip
    return found.pop("fit"), found


def pairs_of(
    extractor: Extractor, store: Path, seed: int, *, fingers: int, impressions: int, others: int
) -> Pairs:
    """Terms and labels of the pairs of one purpose."""
    prints = read_prints(store, extractor, fingers=fingers, impressions=impressions, seed=seed)
    pairs = draw_pairs(prints, others=others, rng=np.random.default_rng(seed))
    packed: PackedTemplates = prints.packed()
    return terms_of(packed, pairs), mated(prints, pairs)


def ladder(weights: dict[tuple[str, ...], NDArray[np.float64]], pairs: Pairs) -> dict[str, dict[str, float]]:
    """Error rates of the product that the score was before, and of every model of the ladder."""
    bent, same = pairs
    rates = {"product": error_rates(product(bent), same)}
    for names, its in weights.items():
        rates[" ".join(names)] = error_rates(linear(bent, names, its), same)
    return rates


def told(names: tuple[str, ...], weights: NDArray[np.float64]) -> dict[str, float]:
    """Weights by name, as the kernels hold them."""
    by_name = dict(zip(names, weights.tolist(), strict=False))
    by_name["offset"] = float(weights[-1]) + ABOVE_EVIDENCE
    return {name: round(value, 5) for name, value in by_name.items()}


if __name__ == "__main__":
    main()
