"""What similarities of faces mean: calibrations fitted on half of the people of lfw_a, judged on the rest.

    python benchmarks/fit_face_calibration.py [--data FOLDER] [--write]

Fitted on the people whose names begin with A, B or C; judged on those with D, E or F. A calibration holds no
weights and no features: it is a table of rates. With --write it goes beside the models. Figures go to
benchmarks/results/face_calibration.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.calibration import Calibration, calibration_to_json, cllr, fit_calibration, min_cllr
from biocapil.comparison import comparator_of
from biocapil.evaluation import labelled_scores
from biocapil.extraction import ExtractedSample, find_folder, load_extractor
from biocapil.formats import read_manifest
from biocapil.intake import extract_images
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import Modality
from kernel_race import setting, write_results
from lent_sets import DATA

RESULTS = Path(__file__).resolve().parent / "results" / "face_calibration.json"
SET = "lfw_a"
MODELS = ("sface", "dlib_resnet")
FITTED_ON = "ABC"
RATES = (1e-2, 1e-3, 1e-4)


def main() -> None:
    """Fit, judge, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--write", action="store_true", help="put the calibrations beside the models")
    arguments = parser.parse_args()
    entries = read_manifest(arguments.data / "manifest.csv", dataset=SET)
    results: dict[str, Any] = {"setting": setting()}
    for name in MODELS:
        samples = extract_images(entries, load_extractor(name, modality=Modality.FACE))
        calibration, results[name] = fit(samples)
        print(name, json.dumps(results[name], indent=1))
        if arguments.write:
            (find_folder(name) / "calibration.json").write_text(
                calibration_to_json(calibration), encoding="utf-8"
            )
    write_results(RESULTS, results)


def fit(samples: Sequence[ExtractedSample]) -> tuple[Calibration, dict[str, Any]]:
    """Calibration from the first people, and what it is worth on the others."""
    known = [each for each in samples if each.template is not None]
    halves: list[LabelledScores] = []
    for first in (True, False):
        chosen = [each for each in known if (str(each.entry.subject)[0] in FITTED_ON) is first]
        (scores,) = labelled_scores(chosen)
        halves.append(scores)
    template = known[0].template
    assert template is not None
    calibration = fit_calibration(
        halves[:1], comparator=comparator_of(template), modality=Modality.FACE, dependence=0.0
    )
    return calibration, {
        name: judged(scores, calibration)
        for name, scores in zip(("fitted_on", "judged_on"), halves, strict=True)
    }


def judged(scores: LabelledScores, calibration: Calibration) -> dict[str, Any]:
    """Cost of the evidence, and observed false match rates where the calibration promises one."""
    evidence = calibration.evidence(scores.similarities, scores.sizes)
    unlike = scores.similarities[scores.nonmated]
    size = int(scores.sizes.max())
    points: dict[str, Any] = {}
    for rate in RATES:
        threshold = calibration.similarity_at_rate(rate, size)
        passed = int(np.count_nonzero(unlike >= threshold))
        points[f"{rate:g}"] = {"threshold": threshold, "observed": passed / len(unlike), "pairs": passed}
    return {
        "people": scores.subjects,
        "mated": int(scores.mated.sum()),
        "non_mated": len(unlike),
        "cllr_bits": cllr(evidence[scores.mated], evidence[scores.nonmated]),
        "least_cllr_bits": min_cllr(scores.similarities[scores.mated], unlike),
        "false_matches": points,
    }


if __name__ == "__main__":
    main()
