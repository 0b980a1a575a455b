"""Chimeric people with a finger, an eye and a face: what adding up their evidence gains over the best alone.

    python benchmarks/bench_multimodal.py [--data FOLDER] [--store FILE] [--pairings 50] [--replicates 2000]

Fingers of five FVC sets, eyes of CASIA-IrisV1 and faces of LFW are paired at random into people who do not
exist. Evidence of fingers comes from the calibration that ships (synthetic people); those of eyes and faces
are fitted here on other eyes and other people than those that are judged, and nothing was chosen on these.
One finger that stands in two of the sets is left out of one. A sample without a template counts as a
non-match of its modality. Each size of iris code is judged apart. Figures go to
benchmarks/results/multimodal.json.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, fit_calibration, model_calibration
from biocapil.comparison import comparator_of
from biocapil.evaluation import labelled_scores
from biocapil.extraction import ExtractedSample, load_extractor
from biocapil.formats import read_manifest
from biocapil.intake import extract_images
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality
from kernel_race import setting, write_results
from lent_sets import DATA, FVC_PPI
from multimodal_people import VISITS, Bodies, PeopleScores, bodies_of, people_scores

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "multimodal.json"
PEOPLE = 49
FITTED = 300
"""Body parts at most on which a calibration is fitted."""
SETS = {Modality.IRIS: "casia_iris_v1", Modality.FACE: "lfw_a"}
FILED_TWICE = ("fvc2004_db3_b", "102")
"""The same finger as 108 of fvc2002_db3_b: all but a few of their impressions match as mates do."""
CODES = ("full", "short")
SEED = 20


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    result: dict[str, Any] = {
        "setting": setting(),
        "people": PEOPLE,
        "visits": VISITS,
        "pairings": arguments.pairings,
        "left_out": FILED_TWICE,
    }
    for code in CODES:
        bodies, facts = judged_bodies(arguments.data, arguments.store, code)
        result[f"iris code {code}"] = {
            "modalities": {modality.value: each for modality, each in facts.items()},
            **figures(bodies, pairings=arguments.pairings, replicates=arguments.replicates),
        }
    write_results(RESULTS, result)
    print(json.dumps(result, indent=1))


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--store", type=Path, default=HERE.parent / "out" / "bench" / "templates.db")
    parser.add_argument("--pairings", type=int, default=50, help="times that bodies are paired into people")
    parser.add_argument("--replicates", type=int, default=2000, help="sets of people drawn for the intervals")
    return parser.parse_args()


def judged_bodies(
    data: Path, store: Path, code: str
) -> tuple[dict[Modality, Bodies], dict[Modality, dict[str, Any]]]:
    """Evidence between the body parts that are judged, and what is to be said about each modality."""
    store.parent.mkdir(parents=True, exist_ok=True)
    bodies: dict[Modality, Bodies] = {}
    facts: dict[Modality, dict[str, Any]] = {}
    fingers = [
        sample
        for name, ppi in FVC_PPI.items()
        for sample in extracted(data, name, Modality.FINGER, store, groups=10, resolution_ppi=ppi)[0]
        if (sample.entry.dataset, sample.entry.subject) != FILED_TWICE
    ]
    meaning = model_calibration()
    for modality, samples, calibration in (
        (Modality.FINGER, fingers, meaning),
        *((each, *judged_and_fitted(data, name, each, store, code)) for each, name in SETS.items()),
    ):
        bodies[modality] = bodies_of(samples, calibration)
        facts[modality] = {
            "model_id": calibration.model_id,
            "comparator": calibration.comparator,
            "calibration_fitted_on": [each.dataset for each in calibration.fitted_on],
            "bodies": len(bodies[modality].mated),
            "samples_without_template": bodies[modality].failures,
        }
    return bodies, facts


def judged_and_fitted(
    data: Path, dataset: str, modality: Modality, store: Path, code: str
) -> tuple[Sequence[ExtractedSample], Calibration]:
    """Samples that are judged, and the calibration fitted on others."""
    judged, fitted = extracted(data, dataset, modality, store, groups=PEOPLE, others=FITTED, code=code)
    (scores,) = labelled_scores(fitted)
    template = next(sample.template for sample in fitted if sample.template is not None)
    return judged, fit_calibration([scores], comparator=comparator_of(template), modality=modality, seed=SEED)


def extracted(
    data: Path,
    dataset: str,
    modality: Modality,
    store: Path,
    *,
    groups: int,
    others: int = 0,
    code: str | None = None,
    resolution_ppi: float | None = None,
) -> tuple[Sequence[ExtractedSample], Sequence[ExtractedSample]]:
    """Templates of some body parts with `VISITS` samples each, and of some others of other people."""
    judged, rest = parted(read_manifest(data / "manifest.csv", dataset=dataset), groups)
    chosen = [*judged, *rest[:others]]
    samples = extract_images(
        [entry for body in chosen for entry in body],
        load_extractor(modality=modality, iris_code=code if modality is Modality.IRIS else None),
        resolution_ppi=resolution_ppi,
        store=store,
    )
    cut = groups * VISITS
    return samples[:cut], samples[cut:]


def parted(
    entries: Sequence[SampleEntry], count: int
) -> tuple[list[list[SampleEntry]], list[list[SampleEntry]]]:
    """First samples of body parts: some drawn at random that have enough, and all others that have two."""
    groups: dict[Hashable, list[SampleEntry]] = defaultdict(list)
    for entry in entries:
        groups[entry.source].append(entry)
    bodies = [group[:VISITS] for group in groups.values() if len(group) > 1]
    shuffled = [bodies[place] for place in np.random.default_rng(SEED).permutation(len(bodies)).tolist()]
    enough = [body for body in shuffled if len(body) == VISITS]
    if len(enough) < count:
        raise SystemExit(f"{count} body parts with {VISITS} samples are needed, the set has {len(enough)}")
    judged = enough[:count]
    return judged, [body for body in shuffled if body not in judged]


def figures(bodies: Mapping[Modality, Bodies], *, pairings: int, replicates: int) -> dict[str, Any]:
    """FNMR at zero false matches of every choice of modalities, and the gain over the best alone."""
    rng = np.random.default_rng(SEED)
    choices = [chosen for count in (1, 2, 3) for chosen in combinations(bodies, count)]
    whole: dict[str, list[float]] = defaultdict(list)
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(pairings):
        paired = {
            modality: each.take(rng.permutation(len(each.mated))[:PEOPLE])
            for modality, each in bodies.items()
        }
        scores = {name_of(chosen): people_scores(paired, chosen) for chosen in choices}
        note(whole, scores, np.arange(PEOPLE))
        for _ in range(replicates // pairings):
            note(drawn, scores, rng.integers(PEOPLE, size=PEOPLE))
    best = {chosen: min(chosen.split(" + "), key=lambda name: mean(whole[name])) for chosen in whole}
    return {
        "fnmr_at_zero_fmr": {name: interval(whole[name], drawn[name]) for name in whole},
        "gain_over_best_alone": {
            name: {
                "best_alone": alone,
                **interval(np.subtract(whole[alone], whole[name]), np.subtract(drawn[alone], drawn[name])),
            }
            for name, alone in best.items()
            if name != alone
        },
    }


def note(rates: dict[str, list[float]], scores: Mapping[str, PeopleScores], people: NDArray[np.intp]) -> None:
    """Add the rate of every choice of modalities among some people."""
    for name, each in scores.items():
        rates[name].append(each.fnmr(people))


def name_of(modalities: Sequence[Modality]) -> str:
    """``finger + iris``."""
    return " + ".join(modality.value for modality in modalities)


def interval(
    values: Sequence[float] | NDArray[np.float64], replicates: Sequence[float] | NDArray[np.float64]
) -> dict[str, float]:
    """Mean over the pairings, with the middle 95 % of pairings and of people drawn again.

    The threshold is that of all people of a pairing: what further strangers would do to it is not in
    the limits.
    """
    low, high = np.quantile(replicates, [0.025, 0.975])
    return {"value": float(np.mean(values)), "low": float(low), "high": float(high)}


if __name__ == "__main__":
    main()
