"""How well faces of the lent set lfw_a are told apart: pairs 1:1 and an open search 1:N, and what it costs.

    python benchmarks/bench_face_accuracy.py [--data FOLDER] [--store FOLDER] [--rebuilt FOLDER]

Pairs and probes are drawn by a fixed seed (face_trials.py). A picture from which no template could be made
counts as a non-match. Nothing was chosen on this set. Times are processor time on one thread; with
--rebuilt, a folder of sface_fp32.onnx, dlib_resnet.onnx and yunet.onnx as plainly rebuilt from the same
packages, they are raced turn about. Figures go to benchmarks/results/face_accuracy.json.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from biocapil.embedding import Embedding
from biocapil.extraction import ExtractedSample, find_folder, load_extractor, read_model_papers
from biocapil.formats import read_manifest
from biocapil.intake import extract_images
from biocapil.uncertainty import bootstrap_interval, draw_subjects
from biocapil.vocabulary import Modality
from face_trials import draw_pairs, draw_search
from kernel_race import race, ratio, setting, write_results
from lent_sets import DATA

RESULTS = Path(__file__).resolve().parent / "results" / "face_accuracy.json"
SET = "lfw_a"
MODELS = ("sface", "dlib_resnet")
SEED = 20_261
FPIR = 0.01
FMRS = (1e-2, 1e-3)
REPLICATES = 1000
MISSED = -np.inf
INPUTS = {"sface": (1, 3, 112, 112), "dlib_resnet": (1, 3, 150, 150), "yunet": (1, 3, 480, 640)}
REBUILT = {"sface": "sface_fp32", "dlib_resnet": "dlib_resnet", "yunet": "yunet"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pictures:
    """Embeddings of a set of pictures.

    Attributes:
        people: Person of each picture.
        rows: One embedding a row; zeros where there is none. Shape (N, D).
        known: Which rows are embeddings. Shape (N,).
        failures: How many pictures failed, by reason.
    """

    people: list[str]
    rows: NDArray[np.float32]
    known: NDArray[np.bool_]
    failures: dict[str, int]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--store", type=Path, help="folder that keeps templates from run to run")
    parser.add_argument("--rebuilt", type=Path, help="folder of plainly rebuilt models to race with")
    arguments = parser.parse_args()
    results: dict[str, Any] = {"setting": setting(" ".join(MODELS)), "set": SET, "seed": SEED}
    for name in MODELS:
        extractor = load_extractor(name, modality=Modality.FACE)
        entries = read_manifest(arguments.data / "manifest.csv", dataset=SET)
        pictures = pictures_of(extract_images(entries, extractor, store=arguments.store))
        results[name] = {
            "model_id": extractor.model_id,
            "pictures": len(pictures.people),
            "failures": pictures.failures,
            "one_to_one": one_to_one(pictures),
            "one_to_many": one_to_many(pictures),
        }
        print(name, json.dumps(results[name], indent=1))
    if arguments.rebuilt:
        results["cost"] = {name: cost(name, arguments.rebuilt) for name in INPUTS}
        print(json.dumps(results["cost"], indent=1))
    write_results(RESULTS, results)


def pictures_of(samples: Sequence[ExtractedSample]) -> Pictures:
    """Embeddings as one table."""
    found = [sample.template if isinstance(sample.template, Embedding) else None for sample in samples]
    size = max(len(each) for each in found if each is not None)
    rows = [np.zeros(size, np.float32) if each is None else each.values for each in found]
    return Pictures(
        people=[str(sample.entry.subject) for sample in samples],
        rows=np.array(rows),
        known=np.array([each is not None for each in found]),
        failures=dict(Counter(each.failure.reason.value for each in samples if each.failure is not None)),
    )


def one_to_one(pictures: Pictures) -> dict[str, Any]:
    """Error rates over pairs, with intervals from people drawn again."""
    mated, non_mated = draw_pairs(pictures.people, seed=SEED)
    alike, unlike = scores(pictures, mated), scores(pictures, non_mated)
    people, number = np.unique(pictures.people, return_inverse=True)
    draws = draw_subjects(len(people), replicates=REPLICATES, rng=np.random.default_rng(SEED)).weights
    weights = [
        (draw[number[mated[:, 0]]], draw[number[non_mated[:, 0]]] * draw[number[non_mated[:, 1]]])
        for draw in draws
    ]
    ones = (np.ones(len(mated)), np.ones(len(non_mated)))

    def told(figure: Callable[..., float]) -> dict[str, float]:
        value = figure(alike, unlike, *ones)
        again = np.array([figure(alike, unlike, *each) for each in weights])
        interval = bootstrap_interval(again, value, len(people))
        return {"rate": value, "low": interval.low, "high": interval.high}

    return {
        "mated": len(mated),
        "non_mated": len(non_mated),
        "eer": told(equal_error_rate),
        **{f"fnmr_at_fmr_{fmr:g}": told(partial(miss_rate, rate=fmr)) for fmr in FMRS},
    }


def scores(pictures: Pictures, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Similarity of each pair; that of a picture without template is lower than any."""
    found = np.einsum("nd,nd->n", pictures.rows[pairs[:, 0]], pictures.rows[pairs[:, 1]], dtype=np.float64)
    return np.where(pictures.known[pairs].all(axis=1), found, MISSED)


def equal_error_rate(
    alike: NDArray[np.float64],
    unlike: NDArray[np.float64],
    alike_weights: NDArray[np.float64],
    unlike_weights: NDArray[np.float64],
) -> float:
    """Mean of both error rates at the threshold where they are closest."""
    values = np.concatenate([alike, unlike])
    order = np.argsort(values, kind="stable")
    mated = np.concatenate([alike_weights, np.zeros(len(unlike))])[order]
    other = np.concatenate([np.zeros(len(alike)), unlike_weights])[order]
    missed = np.cumsum(mated) / mated.sum()
    passed = 1 - np.cumsum(other) / other.sum()
    at = int(np.argmin(np.abs(missed - passed)))
    return float((missed[at] + passed[at]) / 2)


def miss_rate(
    alike: NDArray[np.float64],
    unlike: NDArray[np.float64],
    alike_weights: NDArray[np.float64],
    unlike_weights: NDArray[np.float64],
    *,
    rate: float,
) -> float:
    """Share of mated scores below the threshold that at most this share of the others reach."""
    order = np.argsort(-unlike, kind="stable")
    passed = np.cumsum(unlike_weights[order]) / unlike_weights.sum()
    within = np.flatnonzero(passed > rate)
    threshold = unlike[order][within[0]] if len(within) else MISSED
    return float(alike_weights[alike <= threshold].sum() / alike_weights.sum())


def one_to_many(pictures: Pictures) -> dict[str, Any]:
    """Open search: misses at a rate of false candidates, with an interval from people drawn again."""
    search = draw_search(pictures.people, seed=SEED)
    owners = np.array(pictures.people)
    found = pictures.rows[search.gallery]
    hidden = np.where(pictures.known[search.gallery], 0, MISSED)

    def searched(probes: NDArray[np.int64]) -> NDArray[np.float64]:
        similarities = pictures.rows[probes].astype(np.float64) @ found.T + hidden
        return np.where(pictures.known[probes][:, None], similarities, MISSED)

    mated = searched(search.mated)
    own = mated[owners[search.mated][:, None] == owners[search.gallery][None]]
    best = searched(search.non_mated).max(axis=1)
    first = mated.max(axis=1) <= own
    value = miss_rate(own, best, np.ones(len(own)), np.ones(len(best)), rate=FPIR)
    people, number = np.unique(owners[search.mated], return_inverse=True)
    rng = np.random.default_rng(SEED)
    known = draw_subjects(len(people), replicates=REPLICATES, rng=rng).weights
    strangers = draw_subjects(len(best), replicates=REPLICATES, rng=rng).weights
    draws = zip(known, strangers, strict=True)
    again = np.array([miss_rate(own, best, mine[number], other, rate=FPIR) for mine, other in draws])
    interval = bootstrap_interval(again, value, len(people))
    return {
        "gallery": len(search.gallery),
        "mated_probes": len(own),
        "non_mated_probes": len(best),
        "fpir": FPIR,
        "fnir": {"rate": value, "low": interval.low, "high": interval.high},
        "rank_one_misses": float(1 - first[own > MISSED].sum() / len(own)),
    }


def cost(name: str, rebuilt: Path) -> dict[str, float]:
    """Processor time of one run of a graph, and its ratio to that of the plainly rebuilt one."""
    picture = np.random.default_rng(SEED).uniform(0, 255, INPUTS[name]).astype(np.float32)
    ours = find_folder(name) / read_model_papers(name).manifest.file
    runs = {}
    for what, path in (("ours", ours), ("rebuilt", rebuilt / f"{REBUILT[name]}.onnx")):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        runs[what] = partial(session.run, None, {session.get_inputs()[0].name: picture})
    times = race(runs)
    return {
        "ours_ms": 1000 * times["ours"].median_s(),
        "rebuilt_ms": 1000 * times["rebuilt"].median_s(),
        "ratio": 1 / ratio(times, "ours", "rebuilt"),
    }


if __name__ == "__main__":
    main()
