"""What finger quality is worth: reasons on degraded synthetic prints, score against error, and time.

    python benchmarks/bench_finger_quality.py [--data FOLDER] [--extractor NAME] [--store FILE]

Reasons and score are looked at on synthetic fingers that nothing was fitted to, and the score on the five
lent FVC sets, which nothing was fitted to either. Figures go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate
from biocapil.evaluation import FMR_LIMITS, evaluate, sample_qualities
from biocapil.extraction import DEFAULT_MODEL, ExtractedSample, Extractor, load_extractor
from biocapil.formats import read_manifest, read_sample
from biocapil.intake import extract_images
from biocapil.quality import Measured, assess_finger
from biocapil.quality.finger.assess import report_of
from biocapil.quality.finger.fitted import shipped_fit
from biocapil.reporting import AxisKind, Curve, curve_svg
from biocapil.sample import CapturedSample
from biocapil.uncertainty import rate_with_interval, single_clusters
from biocapil.vocabulary import FingerReason
from finger_quality.judged import JudgedPrints, judge_prints
from finger_quality.prints import SHOWING_MM2, Plan, draw_prints
from finger_quality.rejecting import MatedSet, joined, reject_curve, score_bins
from finger_quality.utility import UsedPrints, use_prints
from lent_sets import DATA, FVC_PPI

RESULTS = Path(__file__).resolve().parent / "results"
REASONS = Plan(purpose=925, clean=4, double=0, severity=(0.6, 1.0))
NATURAL = Plan(purpose=926, clean=2, single=0, double=0, difficulty=(0.4, 0.6))
USED = Plan(purpose=940, clean=3, double=1, severity=(0.2, 1.0), difficulty=(0.0, 1.0))
FMR = 0.001
RUNS = 31
SHAPE = (416, 384)
FINE_SHARES = tuple(np.arange(0, 0.525, 0.025).tolist())


def main() -> None:
    """Measure, print, write."""
    words = parse_arguments()
    chosen = Path(words.extractor) if os.sep in words.extractor else words.extractor
    extractor = load_extractor(chosen)
    judged = judge_prints(REASONS, words.fingers)
    used = use_prints(USED, words.used, extractor, words.keep and words.keep / "used_elsewhere.npz")
    synthetic = used_set(used)
    lent = {name: lent_set(name, words.data, extractor, words.store) for name in FVC_PPI}
    found = {
        "model": shipped_fit().model_id,
        "extractor": extractor.model_id,
        "time_ms": round(time_ms(), 2),
        "reasons": reason_figures(judged),
        "natural": natural_figures(judge_prints(NATURAL, words.fingers)),
        "synthetic": {"reject": reject_curve(synthetic), "bins": score_bins(synthetic)},
        "lent": {
            **{
                name: {"reject": reject_curve(each), "scores": quantiles(each)} for name, each in lent.items()
            },
            "all": {
                "reject": reject_curve(joined([*lent.values()])),
                "bins": score_bins(joined([*lent.values()])),
            },
        },
        "lent_reasons": lent_reasons(words.data),
    }
    print(json.dumps(found, indent=1))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "finger_quality.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "finger_quality.svg").write_text(reject_svg(synthetic, [*lent.values()]), encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--extractor", default=DEFAULT_MODEL, help="name, or folder of a model")
    parser.add_argument("--fingers", type=int, default=60, help="synthetic fingers for reasons")
    parser.add_argument("--used", type=int, default=60, help="synthetic fingers for the score")
    parser.add_argument("--store", type=Path, help="encrypted file of finished templates")
    parser.add_argument("--keep", type=Path, help="folder that remembers what was measured")
    return parser.parse_args()


def reason_figures(judged: JudgedPrints) -> dict[str, Any]:
    """How often the applied fault was named, was the first named, and how many were named in all."""
    found: dict[str, Any] = {}
    for at, reason in enumerate(FingerReason):
        rows = judged.faults[:, at] > 0
        found[reason.value] = _named(judged, rows, at)
        if reason is FingerReason.LATENT_GHOST:
            found["latent_ghost_that_shows"] = _named(judged, rows & (judged.ghost_mm2 >= SHOWING_MM2), at)
    clean = ~judged.faults.any(axis=1)
    found["clean_left_alone"] = share_of(~named_at_all(judged.named[clean]), judged.finger[clean])
    found["clean_named"] = _counts(judged.named[clean])
    return found


def natural_figures(judged: JudgedPrints) -> dict[str, Any]:
    """What is named of prints of ordinary difficulty, to which no fault was applied."""
    return {
        "left_alone": share_of(~named_at_all(judged.named), judged.finger),
        "named": _counts(judged.named),
    }


def _named(judged: JudgedPrints, rows: NDArray[np.bool_], at: int) -> dict[str, Any]:
    named = judged.named[rows]
    by_style = {
        str(style): round(float(named[judged.style[rows] == style, at].mean()), 3)
        for style in np.unique(judged.style[rows])
    }
    return {
        "named": share_of(named[:, at], judged.finger[rows]),
        "first": round(float((judged.first[rows] == at).mean()), 4),
        "reasons_a_print": round(float(named.sum(axis=1).mean()), 3),
        "by_style": by_style,
    }


def named_at_all(named: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether any reason was named of each print."""
    return np.asarray(named.any(axis=1), np.bool_)


def _counts(named: NDArray[np.bool_]) -> dict[str, float]:
    shares = zip(FingerReason, named.mean(axis=0).tolist(), strict=True)
    return {reason.value: round(share, 4) for reason, share in shares}


def share_of(events: NDArray[np.bool_], fingers: NDArray[np.int64]) -> dict[str, Any]:
    """A share with the interval that knows which prints are of one finger."""
    rate: ErrorRate = rate_with_interval(
        events, single_clusters(fingers.astype(np.int32), int(fingers.max()) + 1)
    )
    return {
        "share": round(rate.value, 4),
        "low": round(rate.interval.low, 4),
        "high": round(rate.interval.high, 4),
        "prints": rate.trials,
    }


def used_set(used: UsedPrints) -> MatedSet:
    """Synthetic prints against the clean references of their finger, which are never rejected."""
    threshold = float(np.quantile(used.strangers, 1 - FMR))
    fit = shipped_fit()
    scores = [
        report_of(Measured(measures=dict(zip(fit.measures, row, strict=False)), flow=flow), fit).score
        for row, flow in zip(used.measures.tolist(), used.flow, strict=True)
    ]
    return MatedSet(
        scores=np.array(scores, np.float64),
        pairs=np.repeat(np.arange(len(scores)), 4).reshape(-1, 2),
        missed=(used.similarities < threshold).ravel(),
        fingers=used.finger.repeat(2).astype(np.int32),
    )


def lent_set(name: str, data: Path, extractor: Extractor, store: Path | None) -> MatedSet:
    """Mated pairs of a lent set at its own threshold for the FMR."""
    samples: Sequence[ExtractedSample] = extract_images(
        read_manifest(data / "manifest.csv", dataset=name),
        extractor,
        resolution_ppi=FVC_PPI[name],
        store=store,
        with_quality=True,
    )
    result = evaluate(samples, dataset=name, gallery_size=0, replicates=20)
    if result.accuracy is None:
        raise ValueError(f"{name} has no mated or no non-mated pairs")
    threshold = result.accuracy.points[FMR_LIMITS.index(FMR)].threshold
    scores = result.scores
    return MatedSet(
        scores=sample_qualities(samples).values,
        pairs=scores.mated_pairs,
        missed=~(scores.mated >= threshold),
        fingers=scores.mated_clusters.first,
    )


def quantiles(mated: MatedSet) -> list[float]:
    """5, 25, 50, 75 and 95 % of the samples have at most this score."""
    return [float(value) for value in np.percentile(mated.scores, (5, 25, 50, 75, 95))]


def lent_reasons(data: Path) -> dict[str, Any]:
    """What is named of real prints, as they are and turned by half a turn."""
    found: dict[str, Any] = {}
    for name, ppi in FVC_PPI.items():
        entries = read_manifest(data / "manifest.csv", dataset=name)
        samples = [read_sample(entry.file, resolution_ppi=ppi) for entry in entries]
        counts = Counter(reason.value for each in samples for reason in assess_finger(each).reasons or ())
        turned = [
            CapturedSample(pixels=each.pixels[::-1, ::-1], resolution_ppi=each.resolution_ppi)
            for each in samples
        ]
        upside = sum(FingerReason.UPSIDE_DOWN in assess_finger(each).reasons for each in turned)
        found[name] = {"prints": len(samples), "named": dict(counts), "turned_and_found": upside}
    return found


def time_ms() -> float:
    """Median processor time of one print of 384 × 416 px on one thread."""
    sample = next(draw_prints(REASONS, 0)).sample
    pixels = cv2.resize(np.ascontiguousarray(sample.pixels), (SHAPE[1], SHAPE[0]))
    resized = CapturedSample(pixels=np.asarray(pixels, np.uint8), resolution_ppi=500.0)
    assess_finger(resized)
    times: list[float] = []
    for _ in range(RUNS):
        start = process_time()
        assess_finger(resized)
        times.append(1000 * (process_time() - start))
    return median(times)


def reject_svg(synthetic: MatedSet, lent: Sequence[MatedSet]) -> str:
    """Curve of the false non-matches that remain over the samples that are rejected."""
    curves = [
        _curve("five lent sets", reject_curve(joined(lent), FINE_SHARES)),
        _curve("synthetic prints", reject_curve(synthetic, FINE_SHARES)),
    ]
    return curve_svg(
        curves,
        x_label="samples rejected, lowest scores first",
        y_label="false non-matches that remain",
        axes=AxisKind.LINEAR,
        diagonal=False,
        title="Error against reject",
    )


def _curve(label: str, points: Sequence[dict[str, Any]]) -> Curve:
    return Curve(
        label=label,
        x=np.array([point["rejected"] for point in points]),
        y=np.array([point["missed_of_all"] for point in points]),
    )


if __name__ == "__main__":
    main()
