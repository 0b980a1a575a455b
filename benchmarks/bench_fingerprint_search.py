"""Speed of 1:N search on one core, with what the gates cost in recall beside it.

    python benchmarks/bench_fingerprint_search.py [--source lent|synthetic] [--gallery N] [--probes P]

Gallery: templates of the shipped extractor, repeated as separate copies and shuffled, so that no cache
holds them. A deduplication gallery holds almost no mates of a probe: rates are given without its mates, and
with them beside. One thread is timed by processor time, two threads by the clock on the wall. Extracted
templates are kept, encrypted, in --store. Figures of a whole run go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.candidates import CandidateList
from biocapil.cli.machine import read_cpu
from biocapil.comparison import PackedTemplates, Probe, compare, prepare_probe, search
from biocapil.comparison.packed import pack_template
from biocapil.comparison.reference import cascade as twin
from biocapil.evaluation.setting import describe_setting
from biocapil.threads import thread_budget
from search_set import SearchSet, lent_set, synthetic_set

HERE = Path(__file__).resolve().parent
RECALL_FROM = {"review": 8.0, "duplicate": 15.0}
"""Similarities from which recall is counted: about where small registries review and decide on one finger."""
RESULTS = HERE / "results" / "fingerprint_search.json"
WORK = HERE.parent / "out" / "bench"
GALLERY = 10_000
SCALING_GALLERY = 65_536
"""References for the thread count: threads take blocks of 4,096, so that there must be many of them."""
PROBES = 20
TWIN_PAIRS = 10
COMPILE = """
import time
import numpy as np
from biocapil.comparison import pack, search
from biocapil.template import FingerprintTemplate
points = np.random.default_rng(0).uniform(0, 9000, (30, 2)).astype(np.float32)
angles, ones = points[:, 0] / np.float32(9000), np.ones(30, np.uint8)
nobody = FingerprintTemplate(
    positions_um=points, angles_rad=angles, kinds=ones, qualities=ones, extent_um=(9e3, 9e3), model_id="none"
)
start = time.process_time()
assert search(nobody, pack([nobody]), workers=1).candidates
print(time.process_time() - start)
"""


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    found = set_of(arguments)
    figures: dict[str, Any] = {
        "source": found.name,
        "setting": setting(found),
        "templates": len(found.templates),
        "template_bytes_median": float(np.median(found.packed.template_bytes())),
        "recall_from_similarity": RECALL_FROM,
        "compile_s": compile_seconds(),
        "warm_up_s": warm_up_seconds(found),
    }
    figures["one_thread"] = one_thread(found, size=arguments.gallery, probes=arguments.probes)
    figures["recall"] = recall(found)
    figures["numpy_twin"] = against_twin(found)
    figures["threads"] = thread_scaling(found, size=arguments.scaling_gallery, probes=arguments.probes)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if arguments.gallery >= GALLERY and arguments.probes >= 10:
        written: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        written[arguments.source] = figures
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def parse_arguments(description: str | None = __doc__) -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    data = Path(os.environ.get("BIOCAPIL_DATA", HERE.parent.parent / "shared" / "data"))
    there = (data / "manifest.csv").is_file()
    parser.add_argument("--data", type=Path, default=data, help="folder of the lent data")
    parser.add_argument("--source", choices=("lent", "synthetic"), default="lent" if there else "synthetic")
    parser.add_argument("--store", type=Path, default=WORK / "search.db", help="encrypted templates")
    parser.add_argument("--people", type=int, default=60, help="synthetic people")
    parser.add_argument("--gallery", type=int, default=GALLERY)
    parser.add_argument("--scaling-gallery", type=int, default=SCALING_GALLERY)
    parser.add_argument("--probes", type=int, default=PROBES)
    return parser.parse_args()


def set_of(arguments: argparse.Namespace) -> SearchSet:
    """Templates of the chosen source."""
    arguments.store.parent.mkdir(parents=True, exist_ok=True)
    if arguments.source == "lent":
        return lent_set(arguments.data, arguments.store)
    return synthetic_set(arguments.store.parent, arguments.store, people=arguments.people)


def setting(found: SearchSet) -> dict[str, Any]:
    """Machine, processor features, versions, and how busy others keep it: that slows two threads most."""
    described = asdict(describe_setting(found.packed.model_id))
    present = [feature for feature, has in read_cpu().features.items() if has]
    return {**described, "cpu_features": present, "load_average": os.getloadavg()[0]}


def compile_seconds() -> float:
    """Processor time of compiling what a first search needs, in a process with an empty cache."""
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(  # noqa: S603 - this interpreter, on the text above
            [sys.executable, "-c", COMPILE],
            env={**os.environ, "NUMBA_CACHE_DIR": empty},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    return float(done.stdout)


def warm_up_seconds(found: SearchSet) -> float:
    """First searches of this process, with kernels from the cache."""
    start = time.process_time()
    for exact in (False, True):
        search(found.templates[0], found.packed, exact=exact, workers=1)
    return time.process_time() - start


def chosen_probes(found: SearchSet, probes: int) -> list[int]:
    """Probes spread evenly over the set."""
    return [int(row) for row in np.unique(np.linspace(0, len(found.templates) - 1, probes).astype(np.int64))]


def one_thread(found: SearchSet, *, size: int, probes: int) -> dict[str, Any]:
    """Comparisons a second and core, gated and exact, with and without the probe's mates."""
    chosen = chosen_probes(found, probes)
    everything = found.gallery(size, np.random.default_rng(0))
    galleries: dict[str, Callable[[int], PackedTemplates]] = {
        "without_mates": lambda probe: found.gallery(size, np.random.default_rng(probe), without=probe),
        "with_mates": lambda _probe: everything,
    }
    return {
        name: {
            kind: rates_of(
                timed(prepare_probe(found.templates[probe]), gallery_of(probe), exact=exact)
                for probe in chosen
            )
            for kind, exact in (("gated", False), ("exact", True))
        }
        for name, gallery_of in galleries.items()
    }


def timed(probe: Probe, gallery: PackedTemplates, *, exact: bool) -> tuple[float, CandidateList]:
    """One search on one thread; seconds of processor time."""
    start = time.process_time()
    answer = search(probe, gallery, exact=exact, workers=1)
    return time.process_time() - start, answer


def rates_of(runs: Iterable[tuple[float, CandidateList]]) -> dict[str, Any]:
    """Median, and the rate that 99 % of the runs reach; share of references past each gate, 0 if open."""
    answers = list(runs)
    rates = [answer.searched / seconds for seconds, answer in answers]
    searched = sum(answer.searched for _, answer in answers)
    passed = [sum(answer.passed_gates[gate] for _, answer in answers) / searched for gate in (0, 1)]
    return {
        "runs": len(rates),
        "references": searched // len(rates),
        "median_per_s": float(np.median(rates)),
        "p99_per_s": float(np.percentile(rates, 1)),
        "passed_gates": passed,
    }


def recall(found: SearchSet) -> dict[str, Any]:
    """Share of the exact scan's candidates that the gated scan returns; every template is a probe once."""
    counts: dict[str, dict[str, int]] = {}
    for index, template in enumerate(found.templates):
        probe, mates = prepare_probe(template), found.mates(index)
        for name, threshold in RECALL_FROM.items():
            exact, gated = (
                rows_above(probe, found, threshold, exact=exact) - {index} for exact in (True, False)
            )
            for kind, among in (("all", exact), ("mates", exact & mates)):
                tally = counts.setdefault(f"{name}_{kind}", {"candidates": 0, "returned": 0})
                tally["candidates"] += len(among)
                tally["returned"] += len(among & gated)
    return {name: {**tally, "recall": share(**tally)} for name, tally in counts.items()}


def rows_above(probe: Probe, found: SearchSet, threshold: float, *, exact: bool) -> set[int]:
    """Rows of the candidates from a threshold on."""
    answer = search(probe, found.packed, limit=len(found.packed), threshold=threshold, exact=exact, workers=1)
    return {candidate.row for candidate in answer}


def share(*, candidates: int, returned: int) -> float | None:
    """Part of the candidates that was returned; None where there is none."""
    return returned / candidates if candidates else None


def against_twin(found: SearchSet) -> dict[str, Any]:
    """Rate of 1:1 comparison in plain numpy beside that of the kernels; both must agree."""
    first, *others = chosen_probes(found, TWIN_PAIRS + 1)
    pairs = [(first, other) for other in others]
    start = time.process_time()
    by_kernel = [compare(found.templates[a], found.templates[b]) for a, b in pairs]
    by_compare = time.process_time() - start
    rows = {index: pack_template(found.templates[index])[0] for index in (first, *others)}
    start = time.process_time()
    by_twin = [twin.compare_rows(rows[a], rows[b]) for a, b in pairs]
    seconds = time.process_time() - start
    np.testing.assert_allclose(by_kernel, by_twin, rtol=1e-4, atol=1e-5)
    exact, _ = timed(prepare_probe(found.templates[first]), found.packed, exact=True)
    return {
        "pairs": len(pairs),
        "twin_per_s": len(pairs) / seconds,
        "compare_per_s": len(pairs) / by_compare,
        "exact_search_is_times_faster": seconds / len(pairs) / (exact / len(found.packed)),
    }


def thread_scaling(found: SearchSet, *, size: int, probes: int) -> dict[str, Any]:
    """Comparisons a second by the wall clock with one and two threads, where the process may run two."""
    gallery = found.gallery(size, np.random.default_rng(1))
    scaling: dict[str, Any] = {"references": len(gallery)}
    for workers in range(1, min(2, thread_budget()) + 1):
        rates = [wall_rate(found, probe, gallery, workers) for probe in chosen_probes(found, probes)]
        scaling[f"gated_per_s_{workers}"] = float(np.median(rates))
    return scaling


def wall_rate(found: SearchSet, probe: int, gallery: PackedTemplates, workers: int) -> float:
    """Gated comparisons a second by the wall clock."""
    start = time.perf_counter()
    search(found.templates[probe], gallery, workers=workers)
    return len(gallery) / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
