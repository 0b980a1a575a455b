"""Weigh the components of face quality by how much of an error they foretell, and show that it holds.

    python benchmarks/fit_face_quality.py [--data FOLDER]

Fitted on lent pictures: every second person, by name, of those with two or more pictures in lfw_a. What is
Fitted on lent pictures: every second person, by name, of those with two or more pictures in lfw_a. What
none negative. Judged on the other half: rank correlation, and mated pairs below the threshold at FMR 0.1 %
when the poorest pictures are left out. Writes src/biocapil/quality/face/face_quality.json and
benchmarks/results/face_quality.json.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from scipy.stats import spearmanr

from biocapil.extraction.face.loading import load_face_extractor
from biocapil.formats import read_manifest, read_sample
from biocapil.outcomes import FailureToExtract
from biocapil.quality.face.assess import FILE, components_of
from biocapil.quality.face.components import COMPONENTS
from biocapil.quality.face.measures import measure_face
from kernel_race import setting, write_results
from lent_sets import DATA

HERE = Path(__file__).resolve().parent
WEIGHTS = HERE.parent / "src" / "biocapil" / "quality" / "face" / FILE
RESULTS = HERE / "results" / "face_quality.json"
SET = "lfw_a"
FMR = 1e-3
REJECTED = (0.0, 0.05, 0.1, 0.2, 0.3)
FLOOR_QUANTILE = 0.001


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Half:
    """Pictures of half of the people.

    Attributes:
        people: Person of each picture.
        rows: Embeddings. Shape (N, D).
        scores: Components from 0 to 100. Shape (N, C).
    """

    people: NDArray[np.str_]
    rows: NDArray[np.float32]
    scores: NDArray[np.float64]

    def mated_means(self) -> NDArray[np.float64]:
        """Mean similarity of each picture to the others of its person."""
        alike = self.rows @ self.rows.T
        same = (self.people[:, None] == self.people[None]) & ~np.eye(len(self.people), dtype=bool)
        means: NDArray[np.float64] = np.where(same, alike, 0).sum(axis=1) / same.sum(axis=1)
        return means


def main() -> None:
    """Fit, judge, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    fitted_on, judged_on = read_halves(parser.parse_args().data)
    weights, _ = nnls(
        np.column_stack([fitted_on.scores, np.full(len(fitted_on.people), 100.0)]), fitted_on.mated_means()
    )
    weights = weights[:-1] / weights[:-1].sum()
    floor = float(np.quantile(fitted_on.scores @ weights, FLOOR_QUANTILE))
    named = {each.name: round(float(weight), 4) for each, weight in zip(COMPONENTS, weights, strict=True)}
    WEIGHTS.write_text(
        json.dumps({"weights": named, "floor": round(floor, 1)}, indent=1) + "\n", encoding="utf-8"
    )
    results: dict[str, Any] = {
        "setting": setting("sface"),
        "weights": named,
        "fitted_on": judged(fitted_on, weights),
        "judged_on": judged(judged_on, weights),
        "alone": {
            each.name: correlation(judged_on.scores[:, at], judged_on) for at, each in enumerate(COMPONENTS)
        },
    }
    print(json.dumps({key: value for key, value in results.items() if key != "setting"}, indent=1))
    write_results(RESULTS, results)


def read_halves(data: Path) -> tuple[Half, Half]:
    """Both halves of the people with two or more pictures."""
    extractor = load_face_extractor("sface")
    entries = read_manifest(data / "manifest.csv", dataset=SET)
    names, counts = np.unique([str(entry.subject) for entry in entries], return_counts=True)
    several = names[counts > 1].tolist()
    halves: tuple[list[Any], list[Any]] = ([], [])
    for entry in entries:
        if str(entry.subject) in several:
            sample = read_sample(entry.file, modality=entry.modality)
            face = extractor.find(sample)
            if not isinstance(face, FailureToExtract):
                found = [each.score for each in components_of(measure_face(sample, face))]
                row = extractor.embed(sample, face).values
                halves[several.index(str(entry.subject)) % 2].append((str(entry.subject), row, found))
    one, other = (
        Half(people=np.array(people), rows=np.array(rows), scores=np.array(scores, float))
        for people, rows, scores in (zip(*half, strict=True) for half in halves)
    )
    return one, other


def correlation(scores: NDArray[np.float64], half: Half) -> float:
    """Rank correlation with the mean similarity to the person's other pictures; 0 where all are alike."""
    return 0.0 if np.ptp(scores) == 0 else float(spearmanr(scores, half.mated_means()).statistic)


def judged(half: Half, weights: NDArray[np.float64]) -> dict[str, Any]:
    """How well the score foretells misses: each pair has the lower score of its two pictures."""
    scores = half.scores @ weights
    alike = half.rows @ half.rows.T
    upper = np.triu(np.ones(alike.shape, bool), 1)
    same = half.people[:, None] == half.people[None]
    threshold = float(np.quantile(alike[upper & ~same], 1 - FMR))
    pairs = [
        (min(scores[one], scores[two]), alike[one, two] < threshold)
        for person in np.unique(half.people)
        for one, two in list(combinations(np.flatnonzero(half.people == person).tolist(), 2))[:12]
    ]
    lowest, missed = (np.array(column, float) for column in zip(*pairs, strict=True))
    order = np.argsort(lowest, kind="stable")
    curve = {f"{share:g}": float(missed[order[int(share * len(order)) :]].mean()) for share in REJECTED}
    return {
        "pictures": len(half.people),
        "pairs": len(pairs),
        "rank_correlation": correlation(scores, half),
        "fnmr_by_share_of_pairs_left_out": curve,
    }


if __name__ == "__main__":
    main()
