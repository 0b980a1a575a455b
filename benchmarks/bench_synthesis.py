"""How fast synthetic fingers are made, and how near they come to real prints by the same measures.

    python benchmarks/bench_synthesis.py [--model NAME] [--difficulty D] [--fingers N] [--impressions K]
                                         [--sheet FILE.png] [--data FOLDER]

Ridge periods, minutiae a print, and similarities of mated and non-mated pairs, of every sensor style and of
the lent sets; without these only the synthetic part is measured. A sheet with lent prints must not be
committed. Figures of the default difficulty go to benchmarks/results/synthesis.json.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from biocapil.any_template import Template
from biocapil.evaluation import labelled_scores
from biocapil.evaluation.setting import describe_setting
from biocapil.extraction import DEFAULT_MODEL, ExtractedSample, Extractor, load_extractor
from biocapil.formats import read_manifest, read_sample
from biocapil.intake import extract_images
from biocapil.labelled_scores import LabelledScores
from biocapil.outcomes import FailureToExtract
from biocapil.synthesis import (
    SensorStyle,
    impression_minutiae,
    make_impression,
    make_master,
    master_minutiae,
    trace_impression,
    write_population,
)
from biocapil.synthesis.impression import DEFAULT_DIFFICULTY
from biocapil.template import FingerprintTemplate
from lent_sets import DATA, FVC_PPI, TEN_PRINTS, TEN_PRINTS_PPI
from print_sheet import write_sheet
from ridge_period import ridge_periods, spread
from score_distance import distances, equal_error_rate

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "synthesis.json"
STORE = HERE.parent / "out" / "bench" / "synthesis.biocapil-work.db"
SEED = 40
TIMED = 15
CLEAN_MASTERS = 60
TRACED = 3
TEN_PRINT_STEP = 20
"""Every so manieth print of the ten-print set is measured."""

NEAR_PX = 8.0
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
SHEET_COLUMNS = 6

Figures = dict[str, Any]


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    extractor = load_extractor(arguments.model)
    found: Figures = {
        "setting": asdict(describe_setting(extractor.model_id)),
        "difficulty": arguments.difficulty,
        "seconds": seconds(arguments.difficulty),
        "clean_masters": clean_masters(),
    }
    print(json.dumps({name: found[name] for name in ("seconds", "clean_masters")}, indent=1))
    made = {style.value: made_set(style, extractor, arguments) for style in SensorStyle}
    real = (
        {name: lent_set(name, ppi, extractor, arguments.data) for name, ppi in FVC_PPI.items()}
        if (arguments.data.is_dir())
        else {}
    )
    found["made"] = {name: figures for name, (figures, _) in made.items()}
    found["real"] = {name: figures for name, (figures, _) in real.items()}
    if real:
        found["real"][TEN_PRINTS] = ten_prints(extractor, arguments.data)
        found["distances"] = distances([one for _, one in made.values()], [one for _, one in real.values()])
        print(json.dumps(found["distances"], indent=1))
    if arguments.sheet is not None:
        draw_sheet(arguments.sheet, arguments.data, arguments.difficulty)
    if arguments.difficulty == DEFAULT_DIFFICULTY and real:
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name of the extractor's model")
    parser.add_argument("--difficulty", type=float, default=DEFAULT_DIFFICULTY)
    parser.add_argument("--fingers", type=int, default=8, help="fingers of each style")
    parser.add_argument("--impressions", type=int, default=4, help="impressions of each finger")
    parser.add_argument("--sheet", type=Path, help="PNG to write; holds lent prints")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    return parser.parse_args()


def seconds(difficulty: float) -> Figures:
    """Processor time of a master and of an impression of each style, medians; first ones left out."""
    masters = [make_master((SEED, number)) for number in range(3)]

    def touch(style: SensorStyle) -> Callable[[int], object]:
        return lambda run: make_impression(masters[run % 3], (SEED, run), style=style, difficulty=difficulty)

    return {
        "master": _median_seconds(lambda run: make_master((SEED, 9, run))),
        "impression": {style.value: _median_seconds(touch(style)) for style in SensorStyle},
        "runs": TIMED,
    }


def _median_seconds(work: Callable[[int], object]) -> float:
    times: list[float] = []
    for run in range(TIMED + 1):
        start = time.process_time()
        work(run)
        times.append(time.process_time() - start)
    return statistics.median(times[1:])


def clean_masters() -> Figures:
    """Ridge periods of masters before any sensor saw them, and how many minutiae they have."""
    masters = [make_master((SEED, 1, number)) for number in range(CLEAN_MASTERS)]
    periods = [ridge_periods(np.float32(100) * master.ridges) for master in masters]
    return {
        "period_px": spread(np.concatenate(periods)),
        "finger_period_px": spread(np.array([np.median(one) for one in periods])),
        "minutiae": spread(np.array([float(len(master_minutiae(master))) for master in masters])),
    }


def made_set(
    style: SensorStyle, extractor: Extractor, arguments: argparse.Namespace
) -> tuple[Figures, LabelledScores]:
    """A population on one sensor, by all measures."""
    with tempfile.TemporaryDirectory() as folder:
        truth = write_population(
            Path(folder) / "people", people=arguments.fingers, fingers=1,
            impressions=arguments.impressions, seed=SEED, duplicates=0, lookalikes=0, style=style,
            difficulty=arguments.difficulty,
        )  # fmt: skip
        entries = read_manifest(truth.manifest)
        pictures = [read_sample(entry.file).pixels for entry in entries]
        samples = extract_images(entries, extractor, store=_store())
    figures, scores = measured(pictures, samples)
    figures |= found_again(style, extractor, arguments.difficulty)
    tell(style.value, figures)
    return figures, scores


def lent_set(name: str, ppi: float, extractor: Extractor, data: Path) -> tuple[Figures, LabelledScores]:
    """One lent set, by the same measures."""
    entries = read_manifest(data / "manifest.csv", dataset=name)
    pictures = [at_500_ppi(read_sample(entry.file, resolution_ppi=ppi).pixels, ppi) for entry in entries]
    samples = extract_images(entries, extractor, resolution_ppi=ppi, store=_store())
    figures, scores = measured(pictures, samples)
    tell(name, figures)
    return figures, scores


def ten_prints(extractor: Extractor, data: Path) -> Figures:
    """Periods and minutiae of every so manieth print of the ten-print set; it has no mates."""
    entries = read_manifest(data / "manifest.csv", dataset=TEN_PRINTS)[::TEN_PRINT_STEP]
    pictures = [
        at_500_ppi(read_sample(entry.file, resolution_ppi=TEN_PRINTS_PPI).pixels, TEN_PRINTS_PPI)
        for entry in entries
    ]
    samples = extract_images(entries, extractor, resolution_ppi=TEN_PRINTS_PPI, store=_store())
    figures = without_scores(pictures, samples)
    tell(TEN_PRINTS, figures)
    return figures


def _store() -> Path:
    STORE.parent.mkdir(parents=True, exist_ok=True)
    return STORE


def measured(
    pictures: Sequence[NDArray[np.uint8]], samples: Sequence[ExtractedSample]
) -> tuple[Figures, LabelledScores]:
    """Figures of one set, and its similarities."""
    (scores,) = labelled_scores(samples)
    figures = without_scores(pictures, samples)
    for name, chosen in (("mated", scores.mated), ("nonmated", ~scores.mated)):
        figures[name] = {
            "pairs": int(chosen.sum()),
            "quantiles": dict(
                zip(
                    map(str, QUANTILES),
                    map(float, np.quantile(scores.similarities[chosen], QUANTILES)),
                    strict=True,
                )
            ),
        }
    figures["eer"] = equal_error_rate(scores.similarities[scores.mated], scores.similarities[~scores.mated])
    return figures, scores


def without_scores(pictures: Sequence[NDArray[np.uint8]], samples: Sequence[ExtractedSample]) -> Figures:
    """Ridge periods and numbers of minutiae."""
    counts = np.array([0 if one.fingerprint is None else len(one.fingerprint) for one in samples], float)
    return {
        "period_px": spread(np.concatenate([ridge_periods(picture) for picture in pictures])),
        "minutiae": {"mean": float(counts.mean()), **spread(counts)},
        "failures": int((counts == 0).sum()),
    }


def found_again(style: SensorStyle, extractor: Extractor, difficulty: float) -> Figures:
    """How many minutiae of the finger the extractor finds within 8 px, and how many of its own are such."""
    right = extracted = true = seen = 0
    for number in range(TRACED):
        master = make_master((SEED, 2, number))
        traced = trace_impression(master, (SEED, 3, number), style=style, difficulty=difficulty, true_ppi=500)
        wanted = impression_minutiae(master_minutiae(master), traced).places_px
        outcome = extractor.extract(traced.sample)
        places = _places_um(outcome) * (500 / 25_400)
        if not len(places) or not len(wanted):
            continue
        between = np.linalg.norm(places[:, None] - wanted[None], axis=2)
        extracted, true = extracted + len(places), true + len(wanted)
        right += int((between.min(axis=1) < NEAR_PX).sum())
        seen += int((between.min(axis=0) < NEAR_PX).sum())
    return {"of_its_minutiae_true": right / max(1, extracted), "of_true_minutiae_found": seen / max(1, true)}


def _places_um(outcome: Template | FailureToExtract) -> NDArray[np.float32]:
    return outcome.positions_um if isinstance(outcome, FingerprintTemplate) else np.zeros((0, 2), np.float32)


def at_500_ppi(pixels: NDArray[np.uint8], ppi: float) -> NDArray[np.uint8]:
    """A picture resampled to 500 ppi."""
    if ppi == 500:
        return pixels
    shape = (round(pixels.shape[1] * 500 / ppi), round(pixels.shape[0] * 500 / ppi))
    return np.asarray(Image.fromarray(pixels).resize(shape, Image.Resampling.BICUBIC))


def tell(name: str, figures: Figures) -> None:
    """One line for people."""
    period, minutiae = figures["period_px"], figures["minutiae"]
    line = f"{name:20} period {period['p5']:.1f} {period['median']:.1f} {period['p95']:.1f}"
    line += f"  minutiae {minutiae['mean']:.1f} ({minutiae['p5']:.0f} to {minutiae['p95']:.0f})"
    if "eer" in figures:
        middle = [figures[kind]["quantiles"]["0.5"] for kind in ("mated", "nonmated")]
        line += f"  EER {figures['eer']:.2%}  medians {middle[0]:.1f}, {middle[1]:.2f}"
    if "of_true_minutiae_found" in figures:
        line += f"  true {figures['of_its_minutiae_true']:.0%} found {figures['of_true_minutiae_found']:.0%}"
    print(line, flush=True)


def draw_sheet(file: Path, data: Path, difficulty: float) -> None:
    """Synthetic prints, one row a style, above lent ones, one row a set."""
    masters = [make_master((SEED, 4, number)) for number in range(SHEET_COLUMNS)]
    rows = [
        [make_impression(master, (SEED, 5, number), style=style, difficulty=difficulty).pixels
         for number, master in enumerate(masters)]
        for style in SensorStyle
    ]  # fmt: skip
    for name, ppi in FVC_PPI.items() if data.is_dir() else ():
        entries = read_manifest(data / "manifest.csv", dataset=name)
        shown = entries[3 :: len(entries) // SHEET_COLUMNS][:SHEET_COLUMNS]
        rows.append([read_sample(entry.file, resolution_ppi=ppi).pixels for entry in shown])
    write_sheet(file, rows)


if __name__ == "__main__":
    main()
