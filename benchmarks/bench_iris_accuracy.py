"""Accuracy and cost of iris codes on a lent set: every mated pair against every non-mated pair.

    python benchmarks/bench_iris_accuracy.py [--data FOLDER] [--model FOLDER] [--turns-deg 11]

A picture without a code counts as a non-match in all its pairs. Intervals are bootstraps over eyes.
Time is processor time of one thread from picture to code. Figures go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import pack_codes, search_codes
from biocapil.comparison.iris_references import normalised_distance
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.extraction.iris.loading import DEFAULT_IRIS_MODEL, load_iris_extractor
from biocapil.formats import read_manifest
from biocapil.iris_code import IrisCode
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "iris_accuracy.json"
DATASET = "casia_iris_v1"
OTHER = "vectors/open_iris_test/anonymized.png"
CODES = ("full", "short")
LIMITS = (1e-3, 1e-4, 1e-5)
NO_MATCH = 1.0
DRAWS, SEED = 1000, 1


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    entries = read_manifest(arguments.data / "manifest.csv", dataset=DATASET)
    samples = [read_eye(entry.file) for entry in entries]
    eyes = np.array([f"{entry.subject} {entry.instance}" for entry in entries])
    other = read_eye(arguments.data / OTHER)
    found: dict[str, Any] = {"dataset": DATASET, "pictures": len(samples), "eyes": len(set(eyes))}
    for code in CODES:
        extractor = load_iris_extractor(arguments.model, code=code)
        outcomes, times = extracted(samples, extractor)
        distances = all_distances(outcomes, turns_deg=arguments.turns_deg)
        found[code] = {
            "model_id": extractor.model_id,
            "failures": failures(outcomes),
            "ms_median": round(float(np.median(times)), 2),
            "ms_p99": round(float(np.quantile(times, 0.99)), 2),
            "other_picture_read": isinstance(extractor.extract(other), IrisCode),
            "scores": {kind: figures(values, eyes) for kind, values in distances.items()},
        }
        print(json.dumps({code: found[code]}, indent=1), flush=True)
    if arguments.out is not None:
        arguments.out.parent.mkdir(exist_ok=True)
        arguments.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    default = os.environ.get("BIOCAPIL_DATA", HERE.parent.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default), help="folder of the lent data")
    parser.add_argument("--model", type=Path, default=None, help="folder of a model; default the shipped one")
    parser.add_argument("--turns-deg", type=float, default=11.25, help="turns either way")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the figures go")
    arguments = parser.parse_args()
    arguments.model = DEFAULT_IRIS_MODEL if arguments.model is None else arguments.model
    return arguments


def read_eye(file: Path) -> CapturedSample:
    """A grey picture as a sample."""
    pixels = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None, file
    return CapturedSample(pixels=np.asarray(pixels, np.uint8), modality=Modality.IRIS)


def extracted(samples: Sequence[CapturedSample], extractor: IrisExtractor) -> tuple[list[Any], list[float]]:
    """Outcome of each sample, and milliseconds of processor time."""
    extractor.extract(samples[0])
    outcomes: list[Any] = []
    times: list[float] = []
    for sample in samples:
        started = time.process_time()
        outcomes.append(extractor.extract(sample))
        times.append(1000 * (time.process_time() - started))
    return outcomes, times


def failures(outcomes: Sequence[Any]) -> dict[str, int]:
    """Pictures without a code, by reason."""
    reasons = [one.reason.value for one in outcomes if not isinstance(one, IrisCode)]
    return {reason: reasons.count(reason) for reason in sorted(set(reasons))}


def all_distances(outcomes: Sequence[Any], *, turns_deg: float) -> dict[str, NDArray[np.float64]]:
    """Raw and normalised distance of all pictures. Each of shape (N, N)."""
    read = [number for number, one in enumerate(outcomes) if isinstance(one, IrisCode)]
    codes = [outcomes[number] for number in read]
    geometry = codes[0].geometry
    turns = round(turns_deg / 360 * geometry.columns)
    raw = np.full((len(outcomes), len(outcomes)), NO_MATCH)
    normalised = raw.copy()
    for probe, candidates in zip(
        read, search_codes(codes, pack_codes(codes), turns=turns, limit=None, fewest_bits=1), strict=True
    ):
        for candidate in candidates:
            row = read[candidate.row]
            raw[probe, row] = candidate.dissimilarity
            normalised[probe, row] = normalised_distance(
                np.array(candidate.dissimilarity), np.array(candidate.compared_bits), geometry
            )
    return {"raw": raw, "normalised": normalised}


def figures(distances: NDArray[np.float64], eyes: NDArray[np.str_]) -> dict[str, Any]:
    """Error rates with intervals, and what strangers reach."""
    first, second = np.triu_indices(len(eyes), 1)
    values, mated = distances[first, second], eyes[first] == eyes[second]
    names, number = np.unique(eyes, return_inverse=True)
    owner = number[first[mated]]
    rates = {f"{limit:g}": fnmr_at(values[mated], values[~mated], limit) for limit in LIMITS}
    return {
        "mated": int(mated.sum()),
        "non_mated": int((~mated).sum()),
        "eer": round(equal_error(values[mated], values[~mated]), 5),
        "fnmr_at_fmr": {
            limit: {
                "fnmr": round(rate, 5),
                "threshold": round(threshold, 4),
                "interval": interval(values[mated] > threshold, owner, len(names)),
            }
            for limit, (rate, threshold) in rates.items()
        },
        "mated_median": round(float(np.median(values[mated])), 4),
        "non_mated_least": round(float(values[~mated].min()), 4),
        "decidability": round(decidability(values[mated], values[~mated]), 2),
    }


def fnmr_at(mated: NDArray[np.float64], non_mated: NDArray[np.float64], limit: float) -> tuple[float, float]:
    """Mated pairs above the largest threshold that lets at most `limit` of the others in; and it."""
    allowed = int(limit * len(non_mated))
    threshold = np.nextafter(np.sort(non_mated)[allowed], -1)
    return float((mated > threshold).mean()), float(threshold)


def equal_error(mated: NDArray[np.float64], non_mated: NDArray[np.float64]) -> float:
    """Rate at which both errors are the same."""
    places = np.unique(np.concatenate([mated, non_mated[non_mated <= mated.max()]]))
    missed = 1 - np.searchsorted(np.sort(mated), places, "right") / len(mated)
    let_in = np.searchsorted(np.sort(non_mated), places, "right") / len(non_mated)
    best = int(np.argmin(np.abs(missed - let_in)))
    return float((missed[best] + let_in[best]) / 2)


def interval(missed: NDArray[np.bool_], owner: NDArray[np.int64], eyes: int) -> list[float]:
    """95 % interval of a rate when eyes are drawn anew."""
    rng = np.random.default_rng(SEED)
    wrong, all_of = np.bincount(owner, missed, eyes), np.bincount(owner, minlength=eyes)
    drawn = rng.integers(eyes, size=(DRAWS, eyes))
    rates = wrong[drawn].sum(1) / np.maximum(all_of[drawn].sum(1), 1)
    return [round(float(value), 5) for value in np.quantile(rates, (0.025, 0.975))]


def decidability(mated: NDArray[np.float64], non_mated: NDArray[np.float64]) -> float:
    """Distance of the means in joint deviations."""
    return float((non_mated.mean() - mated.mean()) / np.sqrt((mated.var() + non_mated.var()) / 2))


if __name__ == "__main__":
    main()
