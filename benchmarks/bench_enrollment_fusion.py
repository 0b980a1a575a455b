"""Several impressions of a finger at enrollment: ways to make a reference of them, with what each costs.

    python benchmarks/bench_enrollment_fusion.py [--data FOLDER] [--store FILE]

Fingers of each lent FVC set are enrolled with two or three of their eight impressions and probed with the
others, in turns over which impressions are enrolled. No number of any way was chosen on these sets. Figures
go to benchmarks/results/enrollment_fusion.json.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import (
    PackedTemplates,
    join_packed,
    merge_impressions,
    most_informative_first,
    pack,
    similarity_matrix,
)
from biocapil.evaluation.rates import det_curve, equal_error_rate, operating_point
from biocapil.extraction import ExtractedSample
from biocapil.template import FingerprintTemplate
from kernel_race import setting, write_results
from lent_sets import DATA, fvc_samples

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "enrollment_fusion.json"
ENROLLED = {2: ((0, 1), (2, 3), (4, 5), (6, 7)), 3: ((0, 1, 2), (3, 4, 5), (5, 6, 7))}
Scores = NDArray[np.float32]
Finger = list[FingerprintTemplate]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--store", type=Path, default=HERE.parent / "out" / "bench" / "templates.db")
    arguments = parser.parse_args()
    sets = {
        name: fingers_of(samples) for name, samples in fvc_samples(arguments.data, arguments.store).items()
    }
    a_template = next(iter(sets.values()))[0][0]
    result: dict[str, Any] = {"setting": setting(a_template.model_id)}
    for impressions, splits in ENROLLED.items():
        found = {
            way: {name: rates(fingers, splits, scores_by) for name, fingers in sets.items()}
            for way, (_, scores_by) in WAYS.items()
        }
        rows: dict[str, dict[str, Any]] = {
            way: {
                "comparisons_a_reference": impressions if way_keeps_all else 1,
                "mean": {
                    rate: float(np.mean([each[rate] for each in found[way].values()])) for rate in RATES
                },
                "sets": found[way],
            }
            for way, (way_keeps_all, _) in WAYS.items()
        }
        result[f"{impressions}_impressions"] = rows
        for way, row in rows.items():
            cells = "".join(f"{row['mean'][rate]:>9.2%}" for rate in RATES)
            print(f"{impressions} {way:24}{row['comparisons_a_reference']:>3}{cells}", flush=True)
    write_results(RESULTS, result)


def fingers_of(samples: Sequence[ExtractedSample]) -> list[Finger]:
    """Impressions of each finger, in the order of the set."""
    fingers: dict[Hashable, Finger] = defaultdict(list)
    for sample in samples:
        if sample.fingerprint is not None:
            fingers[sample.entry.source].append(sample.fingerprint)
    return list(fingers.values())


def first_alone(enrolled: Sequence[Finger], probes: PackedTemplates) -> Scores:
    """The first impression, whatever it is."""
    return similarity_matrix(probes, pack([finger[0] for finger in enrolled]))


def best_quality(enrolled: Sequence[Finger], probes: PackedTemplates) -> Scores:
    """The impression whose best minutiae are best."""
    best = [finger[int(most_informative_first(pack(finger))[0])] for finger in enrolled]
    return similarity_matrix(probes, pack(best))


def merged(enrolled: Sequence[Finger], probes: PackedTemplates) -> Scores:
    """One reference of all impressions."""
    return similarity_matrix(probes, join_packed([merge_impressions(finger).packed for finger in enrolled]))


def best_of_all(enrolled: Sequence[Finger], probes: PackedTemplates) -> Scores:
    """The largest similarity."""
    best: Scores = _all(enrolled, probes).max(axis=0)
    return best


def mean_of_all(enrolled: Sequence[Finger], probes: PackedTemplates) -> Scores:
    """The mean similarity."""
    mean: Scores = _all(enrolled, probes).mean(axis=0)
    return mean


def root_mean_square(enrolled: Sequence[Finger], probes: PackedTemplates) -> Scores:
    """Between the two."""
    between: Scores = np.sqrt((_all(enrolled, probes) ** 2).mean(axis=0))
    return between


WAYS: dict[str, tuple[bool, Callable[[Sequence[Finger], PackedTemplates], Scores]]] = {
    "first alone": (False, first_alone),
    "best quality alone": (False, best_quality),
    "merged": (False, merged),
    "best of all": (True, best_of_all),
    "mean of all": (True, mean_of_all),
    "root mean square of all": (True, root_mean_square),
}
RATES = ("eer", "fnmr_at_fmr_0.001", "fnmr_at_no_false_match")


def rates(
    fingers: Sequence[Finger],
    splits: Sequence[tuple[int, ...]],
    scores_by: Callable[[Sequence[Finger], PackedTemplates], Scores],
) -> dict[str, float]:
    """Error rates over all splits of a set."""
    mated: list[Scores] = []
    nonmated: list[Scores] = []
    for split in splits:
        enrolled = [[finger[place] for place in split] for finger in fingers]
        others = [[each for place, each in enumerate(finger) if place not in split] for finger in fingers]
        probes = pack([each for finger in others for each in finger])
        owners = np.repeat(np.arange(len(fingers)), [len(finger) for finger in others])
        scores = scores_by(enrolled, probes)
        same = owners[:, None] == np.arange(len(fingers))
        mated.append(scores[same])
        nonmated.append(scores[~same])
    curve = det_curve(np.concatenate(mated), np.concatenate(nonmated))
    return {
        "eer": equal_error_rate(curve),
        "fnmr_at_fmr_0.001": operating_point(curve, max_fmr=0.001).fnmr,
        "fnmr_at_no_false_match": operating_point(curve, max_fmr=0.0).fnmr,
        "mated": sum(map(len, mated)),
        "nonmated": sum(map(len, nonmated)),
    }


def _all(enrolled: Sequence[Finger], probes: PackedTemplates) -> Scores:
    """Similarities of each impression. Shape (impressions, probes, fingers)."""
    return np.stack(
        [similarity_matrix(probes, pack([finger[k] for finger in enrolled])) for k in range(len(enrolled[0]))]
    )


if __name__ == "__main__":
    main()
