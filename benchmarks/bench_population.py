"""How fast people are drawn who do not exist, and how well their scores spread as those of real ones.

    python benchmarks/bench_population.py [--store FILE]

Fingers are compared with real prints (lent; left out where they are absent). Irises and faces have no real
samples here that an extractor of this project reads: the figures that they were fitted to stand beside them.
Figures go to benchmarks/results/population.json.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.evaluation.setting import describe_setting
from biocapil.vocabulary import Modality
from lent_sets import DATA
from population import EYES, FINGERS, draw_people, faces, fingers, irises
from population.people import BLOCK
from population.score_spread import (
    MATED_SHARES,
    NONMATED_SHARES,
    SIZE_SHARES,
    drawn_spread,
    freedom,
    mean_spread,
    misses,
)
from population.scores import TURNS, drawn_scores, nearest_turn
from real_spread import real_spreads

RESULTS = Path(__file__).resolve().parent / "results" / "population.json"
SEED = 20
RUNS = 11
FMRS = (1e-2, 1e-3, 1e-4)
IRIS_TARGETS = {
    "of": "2,048-bit codes of a trial encoder on CASIA-IrisV1, and on a harder set with glasses",
    "freedom_one_turn": [123, 116],
    "freedom_best_turn": [275, 304],
    "fnmr_at_1e-3": [0.0053, 0.0111],
    "fnmr_at_1e-4": [0.0137, 0.0251],
    "d_prime": [7.95, 5.79],
}
FACE_TARGETS = {
    "of": "SFace 2021dec on the 6,000 pairs of LFW; the degrees of freedom are chosen",
    "freedom": 150,
    "fnmr_at_1e-2": 0.0100,
    "fnmr_at_1e-3": 0.0223,
}


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, help="where extracted templates are kept")
    words = parser.parse_args()
    result: dict[str, Any] = {
        "setting": asdict(describe_setting(fingers.MODEL)),
        "templates_per_cpu_s": {each.value: drawing_speed(each) for each in Modality},
        "finger": finger_figures(words.store),
        "iris": {"drawn": iris_figures(people=1500), "fitted_to": IRIS_TARGETS},
        "face": {"drawn": face_figures(people=2000), "fitted_to": FACE_TARGETS},
    }
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def drawing_speed(modality: Modality) -> dict[str, float]:
    """Templates a second of processor time, packing of fingers included."""
    instances = {Modality.FINGER: len(FINGERS), Modality.IRIS: len(EYES), Modality.FACE: 1}[modality]
    people, rates = 4 * BLOCK, []
    for _ in range(RUNS + 1):
        start = time.process_time()
        list(draw_people(people, duplicates=20, seed=SEED, modalities=frozenset({modality})))
        rates.append(people * instances / (time.process_time() - start))
    kept = rates[1:]
    return {"median": float(np.median(kept)), "least": min(kept), "runs": len(kept)}


def finger_figures(store: Path | None) -> dict[str, Any]:
    """Quantiles of real and drawn fingers."""
    drawn = [drawn_spread(people=60, impressions=6, seed=seed) for seed in (SEED, SEED + 1, SEED + 2)]
    figures: dict[str, Any] = {
        "shares": {"nonmated": NONMATED_SHARES, "mated": MATED_SHARES, "sizes": SIZE_SHARES},
        "drawn_mean": mean_spread(drawn).as_json(),
        "drawn": [each.as_json() for each in drawn],
    }
    if (DATA / "manifest.csv").exists():
        real = real_spreads(DATA, store)
        figures["real_mean"] = mean_spread(list(real.values())).as_json()
        figures["real"] = {name: each.as_json() for name, each in real.items()}
    return figures


def iris_figures(*, people: int) -> dict[str, Any]:
    """Hamming distances at one turn and at the best, and error rates."""
    scores = drawn_scores(Modality.IRIS, people=people, seed=SEED)
    distances = np.float32(0.5) - scores.similarities / np.float32(200)
    mated, others = distances[scores.mated], distances[scores.nonmated]
    own = np.arange(people)
    codes = irises.draw_irises(own, own, eye=EYES[0], seed=SEED)
    one_turn = np.concatenate(
        [nearest_turn(probe, codes[row + 1 :], turns=0) for row, probe in enumerate(codes[:200])]
    )
    spread = np.sqrt((mated.var() + others.var()) / 2)
    return {
        "people": people,
        "turns": TURNS,
        "valid_share": float(np.bitwise_count(codes[:, 1]).mean() / 64),
        "freedom_one_turn": freedom(one_turn),
        "freedom_best_turn": freedom(others),
        "nonmated_mean": float(others.mean()),
        "mated_quantiles": {
            share: float(np.quantile(mated, share)) for share in (0.01, 0.25, 0.5, 0.75, 0.99)
        },
        "d_prime": float((others.mean() - mated.mean()) / spread),
        "fnmr": {fmr: misses(-mated, -others, fmr=fmr) for fmr in FMRS},
        "pairs": {"mated": len(mated), "nonmated": len(others)},
    }


def face_figures(*, people: int) -> dict[str, Any]:
    """Cosines and error rates."""
    own = np.arange(people)
    first, second = (faces.draw_faces(own, own + people * each, seed=SEED) for each in (0, 1))
    cosines = first @ second.T
    mated, others = np.diagonal(cosines), cosines[np.triu_indices(people, 1)]
    return {
        "people": people,
        "freedom": float(1 / others.var()),
        "mated_quantiles": {
            share: float(np.quantile(mated, share)) for share in (0.01, 0.25, 0.5, 0.75, 0.99)
        },
        "fnmr": {fmr: misses(mated, others, fmr=fmr) for fmr in FMRS},
        "pairs": {"mated": len(mated), "nonmated": len(others)},
    }


if __name__ == "__main__":
    main()
