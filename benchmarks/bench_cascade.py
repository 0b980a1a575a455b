"""The gated fingerprint cascade raced with the same in plain loops, and what its gates cost in recall.

    python benchmarks/bench_cascade.py [--data FOLDER] [--store FILE] [--gallery N] [--probes P]

Templates and galleries are those of `bench_fingerprint_search.py`. Rates are comparisons a second and core of
probes whose finger is not in the gallery, by processor time. Figures go to benchmarks/results/cascade.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from bench_fingerprint_search import HERE, RECALL_FROM, chosen_probes, parse_arguments, rows_above, set_of
from biocapil.comparison import PackedTemplates, Probe, prepare_probe
from biocapil.comparison.parameters import GATE_CONSISTENCY, GATE_LOCAL
from biocapil.comparison.search import scan
from biocapil.threads import thread_budget
from biocapil.uncertainty import rate_with_interval, single_clusters
from kernel_race import figures, race, ratio, setting, table, write_results
from machine_limits import limits
from plain_cascade import search_plainly
from search_set import SearchSet

RESULTS = HERE / "results" / "cascade.json"
Pair = tuple[Probe, PackedTemplates]


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments(__doc__)
    found = set_of(arguments)
    result = {
        "source": found.name,
        "setting": setting(found.packed.model_id),
        "limits": limits(),
        "gated": gated(found, arguments),
        "recall_of_the_gates": recall(found),
        "threads": threads(found, arguments),
    }
    print(result["recall_of_the_gates"], result["threads"])
    write_results(RESULTS, {arguments.source: result})


def gated(found: SearchSet, arguments: argparse.Namespace) -> dict[str, Any]:
    """All probes, each against a gallery without its finger: one round of both in turns."""
    pairs = pairs_of(found, arguments.probes, arguments.gallery)
    assert all(np.array_equal(by_kernel(pair), plainly(pair)) for pair in pairs)
    entrants: dict[str, Callable[[], object]] = {
        "ours": lambda: [by_kernel(pair) for pair in pairs],
        "plain loops": lambda: [plainly(pair) for pair in pairs],
    }
    times = race(entrants)
    compared = sum(len(gallery) for _, gallery in pairs)
    print(table(times, work=compared, unit="M comparisons/s", per=1e6))
    single = {
        f"probe {number}": race({"ours": partial(by_kernel, pair)}, rounds=3)["ours"].median_s()
        for number, pair in enumerate(pairs)
    }
    rates = [len(gallery) / seconds for (_, gallery), seconds in zip(pairs, single.values(), strict=True)]
    return {
        "probes": len(pairs),
        "references": compared // len(pairs),
        "rates": figures(times, work=compared),
        "times_faster_than": {"plain loops": ratio(times, "ours", "plain loops")},
        "rate_of_probes": {"median": float(np.median(rates)), "slowest": min(rates), "fastest": max(rates)},
    }


def pairs_of(found: SearchSet, probes: int, size: int) -> list[Pair]:
    """Probes, each with a gallery that does not hold its finger."""
    return [
        (
            prepare_probe(found.templates[probe]),
            found.gallery(size, np.random.default_rng(probe), without=probe),
        )
        for probe in chosen_probes(found, probes)
    ]


def by_kernel(pair: Pair) -> np.ndarray:
    """Similarities by the library."""
    return scan(*pair, exact=False, workers=1).similarities


def plainly(pair: Pair) -> np.ndarray:
    """Similarities by plain loops."""
    probe, gallery = pair
    similarities = np.empty(len(gallery), np.float32)
    whole = np.ascontiguousarray(probe.columns.T)
    prepared = (whole, probe.columns, probe.rows)
    gates = (GATE_LOCAL, GATE_CONSISTENCY)
    search_plainly(prepared, probe.windows, (gallery.words, gallery.offsets), gates, similarities)
    return similarities


def recall(found: SearchSet) -> dict[str, Any]:
    """Share of the exact scan's candidates that pass the gates, with an interval that knows the fingers."""
    sources = {source: number for number, source in enumerate(sorted(set(found.sources)))}
    lost: dict[str, list[bool]] = {name: [] for name in RECALL_FROM}
    fingers: dict[str, list[int]] = {name: [] for name in RECALL_FROM}
    for index, template in enumerate(found.templates):
        probe = prepare_probe(template)
        for name, threshold in RECALL_FROM.items():
            exact, gated = (
                rows_above(probe, found, threshold, exact=exact) - {index} for exact in (True, False)
            )
            lost[name] += [row not in gated for row in sorted(exact)]
            fingers[name] += [sources[found.sources[index]]] * len(exact)
    answer: dict[str, Any] = {}
    for name, threshold in RECALL_FROM.items():
        clusters = single_clusters(np.array(fingers[name], np.int32), len(sources))
        rate = rate_with_interval(np.array(lost[name]), clusters)
        answer[name] = {
            "from_similarity": threshold,
            "candidates": len(lost[name]),
            "lost": sum(lost[name]),
            "recall": 1 - rate.value,
            "recall_interval_95": [1 - rate.interval.high, 1 - rate.interval.low],
        }
    return answer


def threads(found: SearchSet, arguments: argparse.Namespace) -> dict[str, Any]:
    """Two threads against one by the clock on the wall."""
    pairs = pairs_of(found, 4, arguments.scaling_gallery)

    def run(workers: int) -> Callable[[], object]:
        return lambda: [scan(*pair, exact=False, workers=workers) for pair in pairs]

    times = race({"1": run(1), "2": run(2)})
    return {
        "references": len(pairs[0][1]),
        "threads_of_the_process": thread_budget(),
        "two_against_one": ratio(times, "2", "1", wall=True),
    }


if __name__ == "__main__":
    main()
