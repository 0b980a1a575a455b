"""Kernels raced against others: turn about in one process, so that a busy machine slows all of them alike.

    times = race({"ours": ours, "theirs": theirs})
    print(table(times, work=pairs, unit="M pairs/s", per=1e6))
    write_results(RESULTS, {"setting": setting(), "scan": figures(times, work=pairs)})

Processor time is that of all threads of the process: a rate is then one a core. Where threads are the point,
the clock on the wall counts: `wall=True`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.cli.machine import read_cpu
from biocapil.evaluation.setting import describe_setting
from biocapil.vocabulary import ModelId

ROUNDS = 7
SHORTEST_S = 0.05
"""A turn lasts at least so long: an entrant that is faster is called several times in it."""

MOST_LOAD = 2.0
"""Load average from which on two threads do not get two cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds that one call of an entrant took, turn after turn.

    Attributes:
        cpu_s: Processor time of all threads.
        wall_s: By the clock on the wall.
        calls: Calls in each turn; the seconds are those of one.
    """

    cpu_s: tuple[float, ...]
    wall_s: tuple[float, ...]
    calls: int

    def median_s(self, *, wall: bool = False) -> float:
        """Median over the turns."""
        return float(np.median(self.wall_s if wall else self.cpu_s))

    def best_s(self, *, wall: bool = False) -> float:
        """Fastest turn."""
        return min(self.wall_s if wall else self.cpu_s)


def race(
    entrants: Mapping[str, Callable[[], object]],
    *,
    rounds: int = ROUNDS,
    shortest_s: float = SHORTEST_S,
    warm_ups: int = 1,
) -> dict[str, Times]:
    """Call the entrants turn about; each round begins with another one.

    Args:
        entrants: What is called, by name; the work of a call is the caller's to know.
        rounds: Turns of each, at least 1.
        shortest_s: Shortest turn; an entrant whose call is shorter is called several times.
        warm_ups: Calls of each before the first turn, not counted: compilation, caches, pages. At least 1;
            the last tells how many calls a turn needs.
    """
    names = list(entrants)
    calls = {name: _calls_needed(entrants[name], shortest_s, warm_ups) for name in names}
    cpu: dict[str, list[float]] = {name: [] for name in names}
    wall: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % max(1, len(names))
        for name in names[first:] + names[:first]:
            spent, passed = _timed(entrants[name], calls[name])
            cpu[name].append(spent / calls[name])
            wall[name].append(passed / calls[name])
    return {
        name: Times(cpu_s=tuple(cpu[name]), wall_s=tuple(wall[name]), calls=calls[name]) for name in names
    }


def figures(
    times: Mapping[str, Times], *, work: float | Mapping[str, float], wall: bool = False
) -> dict[str, dict[str, float]]:
    """Rates for a result file: median, best and slowest turn in units of work a second.

    Args:
        times: Of a race.
        work: Units of work of one call, for all or by name.
        wall: By the clock on the wall.
    """
    found: dict[str, dict[str, float]] = {}
    for name, each in times.items():
        done = work if isinstance(work, (int, float)) else work[name]
        seconds = each.wall_s if wall else each.cpu_s
        found[name] = {
            "median_per_s": done / each.median_s(wall=wall),
            "best_per_s": done / each.best_s(wall=wall),
            "slowest_per_s": done / max(seconds),
            "rounds": len(seconds),
        }
    return found


def ratio(
    times: Mapping[str, Times],
    ours: str,
    theirs: str,
    *,
    work: Mapping[str, float] | None = None,
    wall: bool = False,
) -> float:
    """How many times faster one entrant is, by medians; above 1 where `ours` is faster.

    Args:
        times: Of a race.
        ours: Name of the one.
        theirs: Name of the other.
        work: Units of work of one call, where they differ.
        wall: By the clock on the wall.
    """
    share = 1.0 if work is None else work[ours] / work[theirs]
    return share * times[theirs].median_s(wall=wall) / times[ours].median_s(wall=wall)


def table(
    times: Mapping[str, Times],
    *,
    work: float | Mapping[str, float],
    unit: str,
    per: float = 1.0,
    wall: bool = False,
) -> str:
    """The rates as lines of text; the first entrant is the one that the others are compared with.

    Args:
        times: Of a race.
        work: Units of work of one call, for all or by name.
        unit: What `per` units of work a second are called.
        per: Units of work of one unit shown.
        wall: By the clock on the wall.
    """
    rates = figures(times, work=work, wall=wall)
    first = next(iter(rates.values()))["median_per_s"] if rates else 0.0
    rows = [
        (
            name,
            f"{rate['median_per_s'] / per:,.3f}",
            f"{rate['best_per_s'] / per:,.3f}",
            f"{first / rate['median_per_s']:,.2f}x",
        )
        for name, rate in rates.items()
    ]
    return lined_up([("", f"median {unit}", "best", "first is"), *rows])


def lined_up(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows of words as columns, the first to the left, the others to the right."""
    every = list(rows)
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in every
    )


def setting(model_id: ModelId | None = None, *, peers: Iterable[str] = ()) -> dict[str, Any]:
    """Machine, processor features, versions with those of the peers, and how busy others keep it."""
    described = asdict(describe_setting(model_id))
    present = [feature for feature, has in read_cpu().features.items() if has]
    found = {name: found for name in peers if (found := installed(name))}
    return {**described, "cpu_features": present, "peers": found, "load_average": os.getloadavg()[0]}


def too_busy() -> dict[str, Any] | None:
    """Why threads cannot be timed by the clock on the wall now; None where they can."""
    load = os.getloadavg()[0]
    return {"skipped": f"others keep the machine busy: load average {load:.1f}"} if load > MOST_LOAD else None


def installed(package: str) -> str | None:
    """Version of a package that is there, else None: a peer is raced only where it is installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def write_results(path: Path, results: Mapping[str, Any]) -> None:
    """Put results into a file, beside those of other names that stand there."""
    written: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    written.update(results)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _calls_needed(entrant: Callable[[], object], shortest_s: float, warm_ups: int) -> int:
    """Calls that fill a turn, from the last warm-up."""
    passed = 0.0
    for _ in range(max(1, warm_ups)):
        _, passed = _timed(entrant, 1)
    if passed < shortest_s:  # the first call may have compiled, the next tells
        _, passed = _timed(entrant, 1)
    return max(1, -(-int(shortest_s * 1e9) // max(1, int(passed * 1e9))))


def _timed(entrant: Callable[[], object], calls: int) -> tuple[float, float]:
    """Processor time and wall time of some calls."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        entrant()
    return time.process_time() - cpu, time.perf_counter() - wall
