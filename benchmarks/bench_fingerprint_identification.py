"""How often a search among all lent prints misses a finger, and how often two fingers together do.

    python benchmarks/bench_fingerprint_identification.py [--model NAME|FOLDER ...] [--data FOLDER]

Every print of the five FVC sets is searched among all others, also those of other sets. A search with
somebody who is not there is false where any print of another finger reaches the threshold (FPIR); FNIR counts
mated pairs below it. Limits are of 1,000 draws of the 50 fingers. Two fingers are those of chimeric people,
one from each of two sets. Each model, and third-party records of the same prints. Extracted templates are
kept, encrypted, in --store. Figures go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import COMPARATOR, pack, similarity_matrix
from biocapil.extraction import ExtractedSample, load_extractor
from biocapil.formats import read_manifest
from biocapil.intake import extract_images
from chimeras import chimeric_scores, fnmr_at, similarity_blocks
from lent_sets import DATA, FVC_PPI, scores_of, third_party_samples

RESULTS = Path(__file__).resolve().parent / "results" / "fingerprint_identification.json"
RECORDS = "third-party records"
ONE_FINGER = frozenset({("fvc2002_db3_b", "108"), ("fvc2004_db3_b", "102")})
"""Two fingers of two sets that look like one and the same: their pairs are left out."""

FPIR = (0.1, 0.01, 0.0)
REPLICATES = 1000
LIMITS = (2.5, 97.5)

Sets = dict[str, Sequence[ExtractedSample]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Searches:
    """Every print searched among all others.

    Attributes:
        likest: Highest similarity of each print to those of each finger; -inf to its own and where it is left
            out. Shape (N, F), float32.
        owners: Finger of each print. Shape (N,), int64.
        mates: Similarity of every mated pair. Shape (M,), float32.
        mate_owners: Finger of each. Shape (M,), int64.
    """

    likest: NDArray[np.float32]
    owners: NDArray[np.int64]
    mates: NDArray[np.float32]
    mate_owners: NDArray[np.int64]


def main() -> None:
    """Measure, print, write."""
    words = parse_arguments()
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for model in words.model:
        name, sets = model if isinstance(model, str) else model.name, sets_of(words.data, model, words.store)
        found[name] = figures_of(sets)
        print(name, json.dumps(found[name], indent=1), flush=True)
        RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--model", nargs="+", default=["sidik", "leader", RECORDS], help=f"model, folder, or {RECORDS!r}",
        type=lambda text: Path(text) if Path(text).is_dir() else text,
    )  # fmt: skip
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument("--store", type=Path, help="encrypted templates")
    return parser.parse_args()


def sets_of(data: Path, model: str | Path, store: Path | None) -> Sets:
    """Templates of the five sets."""
    if model == RECORDS:
        return third_party_samples(data)
    extractor = load_extractor(model)
    return {
        name: extract_images(
            read_manifest(data / "manifest.csv", dataset=name), extractor, resolution_ppi=ppi, store=store
        )
        for name, ppi in FVC_PPI.items()
    }


def figures_of(sets: Sets) -> dict[str, Any]:
    """Figures of one maker of templates."""
    searches = searched(sets)
    drawn = draws(searches, np.random.default_rng(0))
    everybody = np.ones(searches.likest.shape[1], np.int64)
    return {
        "comparator": COMPARATOR,
        "prints": len(searches.owners),
        "mated_pairs": len(searches.mates),
        "fnir_at_fpir": {
            f"{fpir:g}": {
                "fnir": missed(searches, everybody, fpir),
                "limits": np.percentile(
                    [missed(searches, counts, fpir) for counts in drawn], LIMITS
                ).tolist(),
            }
            for fpir in FPIR
        },
        "two_fingers": two_fingers(sets),
    }


def searched(sets: Sets) -> Searches:
    """Compare every print with every other."""
    samples = [sample for each in sets.values() for sample in each if sample.template is not None]
    packed = pack([sample.fingerprint for sample in samples if sample.fingerprint is not None])
    fingers = [(sample.entry.dataset, str(sample.entry.subject)) for sample in samples]
    names = sorted(set(fingers))
    owners = np.array([names.index(finger) for finger in fingers])
    matrix = similarity_matrix(packed, packed)
    likest = np.full((len(samples), len(names)), -np.inf, np.float32)
    for number, name in enumerate(names):
        likest[:, number] = matrix[:, owners == number].max(axis=1)
        barred = {name} | (ONE_FINGER if name in ONE_FINGER else set())
        likest[[finger in barred for finger in fingers], number] = -np.inf
    first, second = np.triu_indices(len(samples), 1)
    mated = owners[first] == owners[second]
    return Searches(
        likest=likest, owners=owners, mates=matrix[first, second][mated], mate_owners=owners[first][mated]
    )


def draws(searches: Searches, rng: np.random.Generator) -> NDArray[np.int64]:
    """How often each finger is drawn in each replicate. Shape (REPLICATES, F)."""
    fingers = searches.likest.shape[1]
    return rng.multinomial(fingers, np.full(fingers, 1 / fingers), REPLICATES)


def missed(searches: Searches, counts: NDArray[np.int64], fpir: float) -> float:
    """FNIR at the lowest threshold with no larger FPIR, each finger counted so often.

    Args:
        searches: The searches.
        counts: How often each finger counts; its prints are probes so often, references if ever.
            Shape (F,).
        fpir: Largest share of searches with a false candidate.
    """
    drawn = counts > 0
    highest = searches.likest[:, drawn].max(axis=1)
    weight = counts[searches.owners]
    order = np.argsort(-highest, kind="stable")
    allowed = np.cumsum(weight[order]) > fpir * weight.sum()
    threshold = highest[order][np.argmax(allowed)]
    its = counts[searches.mate_owners]
    return float((its * (searches.mates <= threshold)).sum() / its.sum())


def two_fingers(sets: Sets) -> dict[str, Any]:
    """FNMR of two fingers at no false match: similarities added, and their roots, which evidence follows."""
    blocks = [similarity_blocks(scores_of(samples)) for samples in sets.values()]
    plain = chimeric_scores(blocks, np.add)
    roots = chimeric_scores(blocks, lambda one, other: np.sqrt(one) + np.sqrt(other))
    return {
        "mated": len(plain.mated),
        "nonmated": len(plain.nonmated),
        "fnmr_at_no_false_match_similarities": fnmr_at(plain, 0.0),
        "fnmr_at_no_false_match_roots": fnmr_at(roots, 0.0),
    }


if __name__ == "__main__":
    main()
