"""Fits the networks that tell ghosts and the finger's middle from places of a print, on synthetic prints.

    python benchmarks/fit_finger_fields.py [--fingers 260]

Writes src/biocapil/quality/finger/finger_fields.json, the same file for the same numbers. Measures change
with it, so `fit_finger_quality.py` has to follow.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.fields import FILE, SCHEMA
from biocapil.quality.finger.placing import mirrored
from biocapil.quality.network import Layer
from biocapil.synthesis import Degradation
from finger_quality.places import KnownPlaces, know_places
from finger_quality.prints import Plan
from finger_quality.training import Training, rounded, train_network
from finger_quality.written import DIGITS, layer_parts, numbers, significant

Floats = NDArray[np.float32]
TARGET = Path(__file__).resolve().parents[1] / "src" / "biocapil" / "quality" / "finger" / FILE
SHOWN = Plan(
    purpose=950,
    double=0,
    severity=(0.4, 1.0),
    more=(*[Degradation.LATENT_GHOST] * 2, *[Degradation.OFF_CENTRE] * 2),
)
"""Every fault alone, so that the networks learn also what is no ghost and what only looks shifted."""

SEED = 2
GHOST_WEIGHT = 3.0
PLACE_SCALE = 4.0
"""Places are learned in quarters of a picture, so that their spread is near 1."""

LEAST_SPREAD = 1e-2
GHOST = Training(hidden=(40, 20), is_logistic=True, epochs=8, batch=1024, rate=6e-3, decay=0.02, noise=0.1)
PLACE = Training(hidden=(24,), is_logistic=False, epochs=40, rate=4e-3, decay=0.1, noise=0.2, networks=2)


def main() -> None:
    """Fit, print, write."""
    words = parse_arguments()
    known = know_places(SHOWN, words.fingers)
    print(f"{len(known.shows):,} cells, {known.shows.mean():.1%} of a ghost; {len(known.prints):,} prints")
    parts = {
        "schema": SCHEMA,
        "fitted_to": f"{words.fingers} synthetic fingers",
        "ghost": fit_ghost(known),
        "place": fit_place(known),
    }
    words.out.write_text(json.dumps(parts, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{words.out.name}: {words.out.stat().st_size:,} bytes")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fingers", type=int, default=260)
    parser.add_argument("--out", type=Path, default=TARGET)
    return parser.parse_args()


def fit_ghost(known: KnownPlaces) -> dict[str, Any]:
    """The network over cells."""
    centre, spread = scale_of(known.cells)
    shows = known.shows.astype(np.float32)[:, None]
    weights = np.where(shows > 0, GHOST_WEIGHT, 1).astype(np.float32)
    rng = np.random.default_rng((SEED, 1))
    network = train_network(rng, (known.cells - centre) / spread, shows, GHOST, weights=weights)
    return written(centre, spread, network)


def fit_place(known: KnownPlaces) -> dict[str, Any]:
    """The network over pictures, which learns from every print and from its mirror image."""
    prints = np.concatenate([known.prints, mirrored(known.prints)])
    middle = np.concatenate([known.middle, known.middle * np.array([-1, 1], np.float32)])
    centre, spread = scale_of(prints)
    rng = np.random.default_rng((SEED, 2))
    network = train_network(rng, (prints - centre) / spread, middle * np.float32(PLACE_SCALE), PLACE)
    *hidden, last = network
    shrunk = Layer(weights=last.weights / np.float32(PLACE_SCALE), bias=last.bias / np.float32(PLACE_SCALE))
    return written(centre, spread, (*hidden, shrunk))


def scale_of(values: Floats) -> tuple[Floats, Floats]:
    """Middle and spread of each column."""
    spread = np.maximum(values.std(axis=0), LEAST_SPREAD)
    return significant(values.mean(axis=0)), significant(spread)


def written(centre: Floats, spread: Floats, network: tuple[Layer, ...]) -> dict[str, Any]:
    """A network as it is written."""
    layers = layer_parts(rounded(network, DIGITS))
    return {"centre": numbers(centre), "spread": numbers(spread), "layers": layers}


if __name__ == "__main__":
    main()
