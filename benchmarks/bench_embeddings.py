"""Search of 512-dimensional embeddings against FAISS, numkong, BLAS and the machine's own limits.

    python benchmarks/bench_embeddings.py [--rows 98304] [--peers FOLDER] [--only precisions blas ...]

Everything is made up (`made_embeddings.py`): that is fair for speed; recall holds for Gaussian embeddings of
those degrees of freedom and is to be measured anew on a model's own. One thread, processor time, turn about,
medians. Figures go to benchmarks/results/embeddings.json.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import EmbeddingPrecision, PackedEmbeddings, pack_embedding_rows, sign_gates_for
from biocapil.comparison.embedding_cascade import cascade
from biocapil.comparison.embedding_scan import (
    ProbeWords,
    below_threshold,
    best_of,
    exact_stage,
    just_below,
    pairs_of,
    spans,
    tiles_of,
    words_of,
)
from biocapil.comparison.sign_gates import SignGates, gates_at
from biocapil.uncertainty import rate_with_interval, single_clusters
from biocapil.vocabulary import ModelId
from kernel_race import figures, lined_up, race, ratio, setting, table, write_results
from machine_limits import READ_BYTES, limits, popcount_loop, read_loop
from made_embeddings import DIMENSIONS, population
from peer_libraries import library, use_peers_of

RESULTS = Path(__file__).resolve().parent / "results" / "embeddings.json"
MODEL = ModelId("made@0")
PROBES = 256
BEST = 10
FALSE_MATCH_RATE = 1e-6
TUNED_ON, MEASURED_ON, OTHERS = 11, 21, 31
"""Seeds: gates are set on the first, speed and recall are measured on the second."""

MATES = 16_384
FREEDOMS = (60, 150, 512)
KEPT = 0.9996
"""What the gates are asked to keep, so that the interval of what they keep lies above 99.9 %."""

BLAS_KERNELS = ("SkylakeX", "Haswell", "Zen")
BLAS = """
import sys, time
import numpy as np
rows, turns = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(0)
references = rng.standard_normal((rows, 512), dtype=np.float32)
probes = rng.standard_normal((256, 512), dtype=np.float32)
out = np.empty((256, rows), np.float32)
times = []
for _ in range(turns):
    start = time.process_time()
    np.matmul(probes, references.T, out=out)
    times.append(time.process_time() - start)
print(256 * rows / float(np.median(times[1:])))
"""
Entrant = Callable[[], object]


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=98_304)
    parser.add_argument("--peers", type=Path, help="folder of packages that holds faiss and numkong")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    words = parser.parse_args()
    use_peers_of(words.peers)
    for name in words.only:
        print(f"== {name}")
        found = PARTS[name](words.rows)
        print(json.dumps(found.get("bars", {}), indent=1))
        described = setting(MODEL, peers=("faiss-cpu", "numkong"))
        write_results(RESULTS, {name: {"setting": described, "rows": words.rows, **found}})


def packed_as(rows: NDArray[np.float32], precision: EmbeddingPrecision) -> PackedEmbeddings:
    """The rows, packed."""
    return pack_embedding_rows(rows, model_id=MODEL, precision=precision)


def scan(packed: PackedEmbeddings, probes: NDArray[np.float32]) -> Entrant:
    """The ten best of every probe, prepared anew at every call."""

    def run() -> object:
        stage = exact_stage(packed, words_of(probes, packed))
        tiles = tiles_of(stage)
        return best_of(stage, tiles, 0, len(stage.gallery), limit=BEST, bound=just_below(stage, None))

    return run


def precisions(rows: int) -> dict[str, Any]:
    """All precisions and the peers, 256 probes."""
    references, _ = population(MEASURED_ON, DIMENSIONS, rows, 0)
    probes, _ = population(OTHERS, DIMENSIONS, PROBES, 0)
    packed = {precision.value: packed_as(references, precision) for precision in EmbeddingPrecision}
    entrants = {name: scan(each, probes) for name, each in packed.items()} | peers(references, probes)
    times = race(entrants)
    work = PROBES * rows
    print(table(times, work=work, unit="M pairs/s", per=1e6))
    bars = {
        f"{ours} / {theirs}": ratio(times, ours, theirs)
        for ours, theirs in (
            ("int8", "numkong int8"),
            ("int8", "faiss SQ8"),
            ("float32", "faiss FlatIP"),
            ("float32", "numkong float32"),
            ("bfloat16", "float32"),
            ("bfloat16", "numkong bfloat16"),
            ("float16", "float32"),
        )
        if theirs in times
    }
    return {
        "rates": figures(times, work=work),
        "bars": bars,
        "top_10_kept": {name: top_kept(packed[name], packed["float32"], probes) for name in packed},
    }


def top_kept(packed: PackedEmbeddings, truth: PackedEmbeddings, probes: NDArray[np.float32]) -> float:
    """Share of the ten best by float32, all of strangers here, that another precision names too."""
    own, expected = (scan(each, probes)() for each in (packed, truth))
    assert isinstance(own, tuple)
    assert isinstance(expected, tuple)
    return float(np.mean([len(set(a) & set(b)) / BEST for a, b in zip(own[1], expected[1], strict=True)]))


def peers(references: NDArray[np.float32], probes: NDArray[np.float32]) -> dict[str, Entrant]:
    """FAISS with its selection, numkong scores only, each with one thread, where they are installed."""
    entrants: dict[str, Entrant] = {}
    faiss, numkong = library("faiss"), library("numkong")
    if faiss is not None:
        faiss.omp_set_num_threads(1)
        flat = faiss.IndexFlatIP(DIMENSIONS)
        flat.add(references)
        entrants["faiss FlatIP"] = partial(flat.search, probes, BEST)
        quantised = faiss.IndexScalarQuantizer(
            DIMENSIONS, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        quantised.train(references)
        quantised.add(references)
        entrants["faiss SQ8"] = partial(quantised.search, probes, BEST)
    if numkong is not None:
        small = [np.clip(np.rint(each * 600), -127, 127).astype(np.int8) for each in (references, probes)]
        packed, own = numkong.dots_pack(small[0]), small[1]
        entrants["numkong int8"] = partial(numkong.dots_packed, own, packed)
        entrants["numkong float32"] = partial(numkong.dots_packed, probes, numkong.dots_pack(references))
        halves = [numkong.astype(numkong.Tensor(each), "bf16") for each in (references, probes)]
        brains = numkong.dots_pack(halves[0], dtype="bf16")
        entrants["numkong bfloat16"] = partial(numkong.dots_packed, halves[1], brains)
    return entrants


def blas(rows: int) -> dict[str, Any]:
    """float32 with its ten best against sgemm alone, with each kernel of OpenBLAS in a process of its own."""
    references, _ = population(MEASURED_ON, DIMENSIONS, rows, 0)
    probes, _ = population(OTHERS, DIMENSIONS, PROBES, 0)
    entrant = scan(packed_as(references, EmbeddingPrecision.FLOAT32), probes)
    own: list[float] = []
    rates: dict[str, list[float]] = {name: [] for name in BLAS_KERNELS}
    for _ in range(3):
        for name in BLAS_KERNELS:
            own.append(PROBES * rows / race({"own": entrant}, rounds=3)["own"].median_s())
            rates[name].append(sgemm_rate(name, rows))
    medians = {name: float(np.median(each)) for name, each in rates.items()}
    best = max(medians, key=lambda name: medians[name])
    print(medians, float(np.median(own)))
    return {
        "rates": {"float32": float(np.median(own)), **medians},
        "best_kernel": best,
        "bars": {f"float32 / sgemm {best}": float(np.median(own)) / medians[best]},
    }


def sgemm_rate(kernel: str, rows: int) -> float:
    """Pairs a second of sgemm into a given matrix, one thread."""
    done = subprocess.run(  # noqa: S603 this interpreter with a text of ours
        [sys.executable, "-c", BLAS, str(rows), "5"], check=True, capture_output=True, text=True,
        env={**os.environ, "OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    return float(done.stdout)


def single(rows: int) -> dict[str, Any]:
    """One probe, whose search reads the whole gallery, against reading as many bytes; RAM against a map."""
    del rows
    count = READ_BYTES // (2 * DIMENSIONS)
    references, _ = population(MEASURED_ON, DIMENSIONS, 16_384, 0)
    some = packed_as(references, EmbeddingPrecision.INT8)
    times_over = count // 16_384
    packed = replace(
        some, count=16_384 * times_over - 16_384 % 48, octets=tiled(some.octets, times_over),
        signs=tiled(some.signs, times_over),
    )  # fmt: skip
    size = packed.octets.nbytes
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "octets.npy", packed.octets)
        mapped = replace(packed, octets=np.load(Path(folder) / "octets.npy", mmap_mode="r"))
        address, vectors = packed.octets.ctypes.data, size // 512
        times = race(
            {
                "int8, one probe": scan(packed, references[:1]),
                "int8, one probe, mapped": scan(mapped, references[:1]),
                "reading": lambda: read_loop(address, vectors),
            },
            rounds=9,
        )
    print(table(times, work=size, unit="GB/s", per=1e9))
    return {
        "bytes": size,
        "rates": figures(times, work=size),
        "bars": {
            "share of reading": ratio(times, "int8, one probe", "reading"),
            "map / RAM": ratio(times, "int8, one probe, mapped", "int8, one probe"),
        },
    }


def tiled(blocks: NDArray[Any], times_over: int) -> NDArray[Any]:
    """Whole groups of blocks, again and again."""
    whole = blocks[: len(blocks) - 3]
    return np.ascontiguousarray(np.concatenate([whole] * times_over))


def gated(rows: int) -> dict[str, Any]:
    """The cascade against the exact scan of the same bytes, with what it loses of that scan's hits."""
    return {str(freedom): gated_at(freedom, rows) for freedom in FREEDOMS}


def gated_at(freedom: int, rows: int) -> dict[str, Any]:
    """One number of degrees of freedom; gates set on other people than they are measured on."""
    references, mates = population(MEASURED_ON, freedom, rows, MATES)
    packed = packed_as(references, EmbeddingPrecision.INT8)
    strangers, _ = population(OTHERS, freedom, PROBES * 16, 0)
    threshold = threshold_at(packed, strangers)
    tuning = population(TUNED_ON, freedom, MATES, MATES)
    mated = np.einsum("nd,nd->n", *tuning).astype(np.float64)
    points = {
        "three spreads": gates_at(packed, threshold),
        "by mates": sign_gates_for(packed, threshold=threshold, mated=mated, kept=KEPT),
    }
    points["by mates, all signs"] = replace(
        points["by mates"], words=points["three spreads"].words, first=points["by mates"].every, weighed=None
    )
    points["by mates, part first"] = replace(points["by mates"], weighed=None)
    words = words_of(strangers[:PROBES], packed)
    stage = exact_stage(packed, words)
    tiles = tiles_of(stage)
    bound = below_threshold(packed, stage, threshold)
    entrants: dict[str, Entrant] = {
        "int8": lambda: best_of(stage, tiles, 0, len(stage.gallery), limit=BEST, bound=bound)
    }
    for name, gates in points.items():
        entrants[name] = partial(cascade, packed, words, threshold, 0, len(stage.gallery), gates=gates)
    times = race(entrants, rounds=9)
    print(f"-- {freedom} degrees of freedom, threshold {threshold:.4f}")
    print(table(times, work=PROBES * rows, unit="M pairs/s", per=1e6))
    kept = {name: recall(packed, mates, threshold, gates) for name, gates in points.items()}
    print(lined_up([(name, f"{each['recall']:.5f}", str(each["interval"])) for name, each in kept.items()]))
    return {
        "threshold": threshold,
        "rates": figures(times, work=PROBES * rows),
        "points": {
            name: {
                **kept[name],
                "times_int8": ratio(times, name, "int8"),
                "words": gates.words,
                "past_stage_one": past_stage_one(packed, words, threshold, gates),
            }
            for name, gates in points.items()
        },
    }


def past_stage_one(packed: PackedEmbeddings, words: ProbeWords, threshold: float, gates: SignGates) -> float:
    """Share of the pairs of strangers that stage one lets pass."""
    found = cascade(packed, words, threshold, 0, len(packed.octets), gates=gates)
    return float(found.reached_two.sum()) / (len(words) * len(packed))


def threshold_at(packed: PackedEmbeddings, strangers: NDArray[np.float32]) -> float:
    """Similarity that one in a million pairs of strangers reaches."""
    stage = exact_stage(packed, words_of(strangers, packed))
    wanted = int(FALSE_MATCH_RATE * len(strangers) * len(packed))
    scores, _ = best_of(
        stage, tiles_of(stage), 0, len(stage.gallery), limit=min(1000, wanted), bound=just_below(stage, None)
    )
    return float(np.sort(scores.ravel())[-wanted] / packed.scale**2)


def recall(
    packed: PackedEmbeddings, mates: NDArray[np.float32], threshold: float, gates: SignGates
) -> dict[str, Any]:
    """Share of the hits of the exact scan, mated and not, that the cascade returns too."""
    exact: list[tuple[int, int]] = []
    kept: set[tuple[int, int]] = set()
    for first in range(0, len(mates), 2048):
        words = words_of(mates[first : first + 2048], packed)
        stage = exact_stage(packed, words)
        bound = below_threshold(packed, stage, threshold)
        found = pairs_of(stage, tiles_of(stage), 0, len(stage.gallery), bound=bound)
        own = cascade(packed, words, threshold, 0, len(stage.gallery), gates=gates).pairs
        exact += zip((found.probes + first).tolist(), found.rows.tolist(), strict=True)
        kept |= set(zip((own.probes + first).tolist(), own.rows.tolist(), strict=True))
    assert kept <= set(exact)
    lost = np.array([pair not in kept for pair in exact])
    mated = np.array([probe == row for probe, row in exact])
    rate = rate_with_interval(
        lost[mated], single_clusters(np.arange(mated.sum(), dtype=np.int32), int(mated.sum()))
    )
    return {
        "hits": len(exact),
        "mated_hits": int(mated.sum()),
        "lost": int(lost.sum()),
        "mated_lost": rate.errors,
        "recall": 1.0 - rate.value,
        "interval": (1.0 - rate.interval.high, 1.0 - rate.interval.low),
    }


def threads(rows: int) -> dict[str, Any]:
    """Two threads against one, by the clock on the wall, beside a loop that touches no memory."""
    references, _ = population(MEASURED_ON, DIMENSIONS, rows, 0)
    probes, _ = population(OTHERS, DIMENSIONS, PROBES, 0)
    packed = packed_as(references, EmbeddingPrecision.INT8)
    stage = exact_stage(packed, words_of(probes, packed))
    tiles = tiles_of(stage)
    start = references.ctypes.data

    def part(blocks: tuple[int, int]) -> object:
        return best_of(stage, tiles, *blocks, limit=BEST, bound=just_below(stage, None))

    def count(steps: int) -> object:
        return popcount_loop(start, steps)

    with ThreadPoolExecutor(2) as pool:
        times = race(
            {
                "one": lambda: [part(blocks) for blocks in spans(stage, threads=2)],
                "two": lambda: list(pool.map(part, spans(stage, threads=2))),
                "registers, one": lambda: [count(6_000_000), count(6_000_000)],
                "registers, two": lambda: list(pool.map(count, [6_000_000] * 2)),
            },
            rounds=15,
        )
    best = {name: each.best_s(wall=True) for name, each in times.items()}
    return {
        "bars": {
            "two threads / one": ratio(times, "two", "one", wall=True),
            "registers: two threads / one": ratio(times, "registers, two", "registers, one", wall=True),
            "two threads / one, fastest turns": best["one"] / best["two"],
            "registers: two threads / one, fastest turns": best["registers, one"] / best["registers, two"],
        }
    }


def machine(rows: int) -> dict[str, Any]:
    """Limits of this machine."""
    del rows
    return {"limits": limits()}


PARTS: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "machine": machine,
    "precisions": precisions,
    "blas": blas,
    "single": single,
    "gated": gated,
    "threads": threads,
}

if __name__ == "__main__":
    main()
