"""Fits the numbers of drawn fingers to real prints; the best belong into `population/finger_model.py`.

    python benchmarks/fit_population.py [--minutes 7] [--seed 1] [--store FILE]

A random walk over three numbers at a time keeps what brings quantiles of scores, sizes and gates nearer to
the mean of three real sets, always with the same people, so that chance does not hide a small gain. The size
of an impression is held near that of the sets, whose scores alone would leave it open.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from lent_sets import DATA
from population.finger_model import FITTED, FingerModel
from population.score_spread import FingerSpread, drawn_spread, mean_spread
from real_spread import real_spreads

AT_ONCE = 3
LARGEST = {"jitter": 0.97, "filled": 0.97, "lasting": 0.97}
CONTACT_MM = (12.3, 17.0)
PEOPLE, IMPRESSIONS, SEED = 44, 5, 1


def main() -> None:
    """Walk until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=7.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", type=Path)
    words = parser.parse_args()
    target = mean_spread(list(real_spreads(DATA, words.store).values()))
    rng, end = np.random.default_rng(words.seed), time.monotonic() + 60 * words.minutes
    best, least, step = FITTED, loss(FITTED, target), 0.25
    while time.monotonic() < end:
        model = stepped(best, step, rng)
        its = loss(model, target)
        if its < least:
            best, least, step = model, its, min(step * 1.3, 0.4)
            print(round(least, 3), best, flush=True)
        else:
            step = max(step * 0.97, 0.05)


def stepped(model: FingerModel, step: float, rng: np.random.Generator) -> FingerModel:
    """A model with a few other numbers."""
    names = rng.choice([each.name for each in fields(model)], AT_ONCE, replace=False).tolist()
    return replace(
        model,
        **{
            name: float(
                min(getattr(model, name) * np.exp(step * rng.standard_normal()), LARGEST.get(name, 99))
            )
            for name in names
        },
    )


def loss(model: FingerModel, target: FingerSpread) -> float:
    """How far a model is from real prints: logarithms of small scores, roots of large ones."""
    drawn = drawn_spread(people=PEOPLE, impressions=IMPRESSIONS, seed=SEED, model=model)
    small = np.log(drawn.nonmated / target.nonmated) ** 2 * [1, 1, 2, 3, 2]
    large = (np.sqrt(drawn.mated) - np.sqrt(target.mated)) ** 2 * [0.5, 0.5, 0.5, 1, 1, 1, 0.5, 0.3]
    gates = np.log((drawn.past_gates + 1e-4) / (target.past_gates + 1e-4)) ** 2 * [1, 0.5]
    sizes = (drawn.sizes - target.sizes) ** 2
    contact = np.log(np.array([model.width, model.height]) / CONTACT_MM) ** 2
    return float(small.sum() + large.sum() / 4 + gates.sum() + sizes.sum() / 60 + 3 * contact.sum())


if __name__ == "__main__":
    main()
