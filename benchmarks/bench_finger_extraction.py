"""What Sidik costs, and how its minutiae agree with LEADER's.

    python benchmarks/bench_finger_extraction.py [--data FOLDER] [--prints N]

Time of all steps from sample to template at 384 × 416 px and 500 ppi, on synthetic prints: one thread,
processor time, turn about, medians. Memory of one call on a large picture, in a process of its own. Agreement
on the lent FVC sets: pairs within 8 px and 0.35 rad, one to one; that is likeness, not accuracy.
Figures go to benchmarks/results/finger_extraction.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench_fingerprint_accuracy import MODELS, SETS_PPI
from biocapil.extraction import Extractor, load_extractor
from biocapil.formats import read_manifest, read_sample
from biocapil.sample import CapturedSample
from biocapil.synthesis import make_impression, make_master
from biocapil.template import FingerprintTemplate
from kernel_race import race, ratio, setting, write_results
from lent_sets import DATA

RESULTS = Path(__file__).resolve().parent / "results" / "finger_extraction.json"
ROWS, COLUMNS, PPI = 384, 416, 500.0
PRINTS = 8
LARGE_PX = 1600
"""Side of the picture that memory is measured on."""
NEAR_UM, NEAR_RAD = 8 * 25_400 / PPI, 0.35
LEAST_QUALITIES = (15, 25, 35)
LEADER_LEAST_QUALITY = 30


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--prints", type=int, default=100, help="lent prints that are compared")
    parser.add_argument("--memory-of", choices=MODELS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        print(memory_bytes_a_px(load_extractor(arguments.memory_of)))
        return
    extractors = {name: load_extractor(name) for name in MODELS}
    results: dict[str, Any] = {
        "setting": setting(extractors[MODELS[0]].model_id),
        "all_steps_ms": times_ms(extractors),
        "memory_bytes_a_px": {name: memory_apart(name) for name in MODELS},
    }
    if (arguments.data / "manifest.csv").is_file():
        results["agreement"] = agreement(arguments.data, extractors, prints=arguments.prints)
    print(json.dumps({name: value for name, value in results.items() if name != "setting"}, indent=1))
    write_results(RESULTS, results)


def times_ms(extractors: dict[str, Extractor]) -> dict[str, float]:
    """Median milliseconds a print, and how many times faster the first is than the second."""
    samples = [framed(seed) for seed in range(PRINTS)]
    times = race({name: partial(extract_each, extractor, samples) for name, extractor in extractors.items()})
    ours, theirs = extractors
    found = {name: 1000 * each.median_s() / PRINTS for name, each in times.items()}
    return {**found, f"{ours}_times_faster": ratio(times, ours, theirs)}


def extract_each(extractor: Extractor, samples: Sequence[CapturedSample]) -> None:
    """One call a sample."""
    for sample in samples:
        extractor.extract(sample)


def framed(seed: int) -> CapturedSample:
    """A synthetic print on a sensor of `ROWS` × `COLUMNS`."""
    pixels = make_impression(make_master(seed), seed, difficulty=0.3).pixels[:ROWS, :COLUMNS]
    missing = (ROWS - pixels.shape[0], COLUMNS - pixels.shape[1])
    filled = np.pad(pixels, ((0, missing[0]), (0, missing[1])), mode="edge")
    return CapturedSample(pixels=filled, resolution_ppi=PPI)


def memory_bytes_a_px(extractor: Extractor) -> float:
    """Growth of the largest resident set by one call on a large picture, for each of its pixels."""
    rng = np.random.default_rng(1)
    large = rng.integers(0, 255, (LARGE_PX, LARGE_PX)).astype(np.uint8)
    extractor.extract(CapturedSample(pixels=large[:320, :320].copy(), resolution_ppi=PPI))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before = peak_bytes()
    extractor.extract(CapturedSample(pixels=large, resolution_ppi=PPI))
    return (peak_bytes() - before) / LARGE_PX**2


def peak_bytes() -> int:
    """Largest resident set of this process, as Linux tells it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def memory_apart(model: str) -> float:
    """`memory_bytes_a_px` in a process that has done nothing else."""
    command = [sys.executable, __file__, "--memory-of", model]
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # fixed
    return float(told.stdout)


def agreement(data: Path, extractors: dict[str, Extractor], *, prints: int) -> dict[str, Any]:
    """Precision, recall, F1 and equal kinds of the first model's minutiae, held against LEADER's."""
    ours, leader = (extractors[name] for name in MODELS)
    counts = np.zeros((len(LEAST_QUALITIES), 4))
    chosen = [
        (entry, ppi)
        for name, ppi in SETS_PPI.items()
        for entry in list(read_manifest(data / "manifest.csv", dataset=name))[:: 5 * 80 // prints]
    ]
    for entry, ppi in chosen:
        sample = read_sample(entry.file, resolution_ppi=ppi)
        found, wanted = ours.extract(sample), leader.extract(sample)
        assert isinstance(found, FingerprintTemplate)
        assert isinstance(wanted, FingerprintTemplate)
        for row, least in enumerate(LEAST_QUALITIES):
            counts[row] += agreeing(found, wanted, least=least)
    return {
        "prints": len(chosen),
        "by_least_quality": {
            str(least): {
                "precision": both / mine,
                "recall": both / theirs,
                "f1": 2 * both / (mine + theirs),
                "same_kind": same / both,
            }
            for least, (mine, theirs, both, same) in zip(LEAST_QUALITIES, counts.tolist(), strict=True)
        },
    }


def agreeing(found: FingerprintTemplate, wanted: FingerprintTemplate, *, least: int) -> NDArray[np.float64]:
    """Minutiae of the one, of the other, paired ones, paired ones of one kind. Nearest pairs first."""
    mine = np.flatnonzero(found.qualities >= least)
    theirs = np.flatnonzero(wanted.qualities >= LEADER_LEAST_QUALITY)
    apart = np.linalg.norm(found.positions_um[mine][:, None] - wanted.positions_um[theirs], axis=2)
    turned = found.angles_rad[mine][:, None] - wanted.angles_rad[theirs]
    apart[(apart >= NEAR_UM) | (np.abs(np.angle(np.exp(1j * turned))) >= NEAR_RAD)] = np.inf
    both = same = 0
    while apart.size and np.isfinite(apart.min()):
        one, other = np.unravel_index(apart.argmin(), apart.shape)
        both += 1
        same += int(found.kinds[mine[one]] == wanted.kinds[theirs[other]])
        apart[one], apart[:, other] = np.inf, np.inf
    return np.array([len(mine), len(theirs), both, same], np.float64)


if __name__ == "__main__":
    main()
