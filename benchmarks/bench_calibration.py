"""Whether calibrated scores mean what they say, on real sets that the calibration has not seen.

- each of five FVC sets left out in turn: false matches at the thresholds for predicted FMR 1 % and 0.1 %,
  with the measured 95 % interval, and the cost of evidence (Cllr);
- the calibration that ships with the extractor, fitted on synthetic prints alone, on all real sets;
- two fingers of chimeric people: fused evidence against each finger alone and against the sum of scores.

    python benchmarks/bench_calibration.py [--data FOLDER] [--only images|records]

Figures go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import (
    Calibration,
    ReliabilityPoint,
    cllr,
    fit_calibration,
    min_cllr,
    model_calibration,
    reliability,
)
from biocapil.comparison import COMPARATOR
from biocapil.labelled_scores import LabelledScores
from chimeras import FINGERS, ChimericScores, chimeric_scores, evidence_blocks, fnmr_at, similarity_blocks
from lent_sets import DATA, SAME_SOURCE, fvc_samples, scores_of, ten_print_samples, third_party_samples

RESULTS = Path(__file__).resolve().parent / "results" / "calibration.json"
TARGETS = (1e-2, 1e-3)
FMR_LIMITS = (0.0, 1e-4, 1e-3)
REPLICATES = 200

Fuse = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    makers = {"images": fvc_samples, "records": third_party_samples}
    found: dict[str, Any] = {}
    for kind, samples_of in makers.items():
        if arguments.only in {None, kind}:
            sets = [scores_of(samples) for samples in samples_of(arguments.data).values()]
            found[kind] = {"left_out": left_out(sets), "fusion": fusion(sets)}
            print(kind, json.dumps(found[kind], indent=1), flush=True)
            if kind == "images":
                found["shipped"] = shipped([*sets, ten_prints(arguments.data)])
                print("shipped", json.dumps(found["shipped"], indent=1), flush=True)
    if arguments.only is None:
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--only", choices=("images", "records"))
    return parser.parse_args()


def ten_prints(data: Path) -> LabelledScores:
    """The ten-print set without pairs that are one finger under two names."""
    scores = scores_of(ten_print_samples(data))
    rows = scores.nonmated & (scores.similarities < SAME_SOURCE)
    return LabelledScores(
        dataset=scores.dataset,
        model_id=scores.model_id,
        similarities=scores.similarities[rows],
        mated=scores.mated[rows],
        first_subject=scores.first_subject[rows],
        second_subject=scores.second_subject[rows],
        sizes=scores.sizes[rows],
        first_instance=scores.first_instance[rows],
        second_instance=scores.second_instance[rows],
    )


def left_out(sets: Sequence[LabelledScores]) -> list[dict[str, Any]]:
    """Each set judged by a calibration on the others."""
    return [
        judged(held, fit_calibration([each for each in sets if each is not held], comparator=COMPARATOR))
        for held in sets
    ]


def shipped(sets: Sequence[LabelledScores]) -> list[dict[str, Any]]:
    """Every real set judged by the calibration that ships."""
    calibration = model_calibration()
    return [judged(each, calibration) for each in sets]


def judged(scores: LabelledScores, calibration: Calibration) -> dict[str, Any]:
    """Figures of one set that a calibration has not seen."""
    evidence = calibration.evidence(scores.similarities, scores.sizes)
    mated, nonmated = evidence[scores.mated], evidence[scores.nonmated]
    return {
        "dataset": scores.dataset,
        "calibration_id": calibration.calibration_id,
        "cllr_bits": cllr(mated, nonmated) if len(mated) else None,
        "min_cllr_bits": min_cllr(mated, nonmated) if len(mated) else None,
        "points": [measured(point) for point in reliability(calibration, scores, targets=TARGETS)],
    }


def measured(point: ReliabilityPoint) -> dict[str, Any]:
    """A predicted rate beside the measured one, and whether it lies in the measured interval."""
    rate = point.measured
    return {
        "predicted_fmr": point.predicted,
        "false_matches": rate.errors,
        "comparisons": rate.trials,
        "measured_fmr": rate.value,
        "low": rate.interval.low,
        "high": rate.interval.high,
        "predicted_lies_within": point.holds,
    }


def fusion(sets: Sequence[LabelledScores]) -> dict[str, Any]:
    """Two fingers of chimeric people, fused in several ways."""
    similarities = [similarity_blocks(each) for each in sets]
    evidence = [evidence_blocks(each) for each in sets]
    ways: dict[str, ChimericScores] = {
        "first finger alone": chimeric_scores(evidence, lambda first, _second: first),
        "second finger alone": chimeric_scores(evidence, lambda _first, second: second),
        "sum of similarities": chimeric_scores(similarities, np.add),
        "sum of evidence": chimeric_scores(evidence, np.add),
    }
    return {
        "mated": len(ways["sum of evidence"].mated),
        "nonmated": len(ways["sum of evidence"].nonmated),
        "fnmr_at_fmr": compared_ways(ways, fingers=len(sets) * FINGERS),
    }


def compared_ways(ways: Mapping[str, ChimericScores], *, fingers: int) -> dict[str, Any]:
    """FNMR of each way at each FMR, with intervals over resampled fingers, and the paired differences."""
    rng = np.random.default_rng(0)
    drawn = [resampled(rng, fingers) for _ in range(REPLICATES)]
    figures: dict[str, Any] = {}
    for limit in FMR_LIMITS:
        values = {
            name: np.array([fnmr_at(scores, limit, each) for each in drawn]) for name, scores in ways.items()
        }
        reference = values["sum of similarities"]
        figures[f"{limit:g}"] = {
            name: {
                "fnmr": fnmr_at(scores, limit),
                **limits(values[name]),
                "less_than_sum_of_similarities_by": limits(reference - values[name]),
            }
            for name, scores in ways.items()
        }
    return figures


def resampled(rng: np.random.Generator, fingers: int) -> NDArray[np.float64]:
    """Weights of the fingers of each set, drawn with replacement."""
    sets = fingers // FINGERS
    drawn = rng.multinomial(FINGERS, np.full(FINGERS, 1 / FINGERS), size=sets)
    return drawn.ravel().astype(np.float64)


def limits(values: NDArray[np.float64]) -> dict[str, float]:
    """95 % percentile limits."""
    low, high = np.quantile(values, [0.025, 0.975])
    return {"low": float(low), "high": float(high)}


if __name__ == "__main__":
    main()
