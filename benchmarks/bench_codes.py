"""Searching iris codes and plain bits, raced with plain loops, numpy, open-iris, FAISS and numkong.

    python benchmarks/bench_codes.py [--peers FOLDER] [--only SECTION ...]

Codes are made up (`made_codes.py`), and the same for all. Rates are pairs of a probe and a reference a second
and core, by processor time; those of threads by the clock on the wall. Figures go to
benchmarks/results/codes.json.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.comparison import BitStrings, PackedCodes, pack_bits, search_bits, search_codes
from biocapil.threads import thread_budget
from kernel_race import figures, race, ratio, setting, table, write_results
from machine_limits import limits
from made_codes import LARGE, MODEL, SMALL, Texture, made_codes
from peer_libraries import PEERS, library, open_iris_distance, open_iris_template, use_peers_of
from plain_codes import PlainProbe, distances_by_numpy, scan_by_numpy, scan_plainly
from two_stage import TURNS, codes_of, described, recall, smallest_margin, speed, trial_of

RESULTS = Path(__file__).resolve().parent / "results" / "codes.json"
THRESHOLD = 0.32
"""About where a registry decides: of 300 independent bits strangers share so many once in 10^8 turns."""

LARGE_EYES = Texture(geometry=LARGE, waves=(12.8, 28.4), band=0.53, alike_rows=2.6, largest_turn=12.5)
SMALL_EYES = Texture(geometry=SMALL, waves=(18.3,), band=0.53, alike_rows=0.7, largest_turn=5.0)
FEWER_BITS = {"large": replace(LARGE_EYES, alike_rows=3.3), "small": replace(SMALL_EYES, alike_rows=0.85)}
CHOOSING, TRYING = (201, 202), (401, 402, 403)
"""Seeds on which margins are chosen, and others on which they are tried."""


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--peers", type=Path, help="folder of packages with faiss-cpu, numkong, open-iris")
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), default=list(SECTIONS))
    words = parser.parse_args()
    use_peers_of(words.peers)
    found: dict[str, Any] = {"setting": setting(MODEL, peers=PEERS)}
    for name in words.only:
        print(f"== {name}")
        found[name] = SECTIONS[name]()
    write_results(RESULTS, found)


def exact(texture: Texture, *, eyes: int, few: int) -> dict[str, Any]:
    """One exact search against the same in plain loops and numpy, `few` references for the slow ones."""
    enrolled, again = made_codes(np.random.default_rng(1), texture, eyes=eyes, again=4)
    packed, probes, geometry = enrolled.packed(), codes_of(again), texture.geometry
    turns, fewest = TURNS[geometry.bits], geometry.bits // 8
    plain = [PlainProbe.of(words, geometry, turns=turns) for words in again.words]
    rows = np.empty(eyes, np.int64)

    def ours() -> list[list[int]]:
        asked: dict[str, Any] = {"turns": turns, "threshold": THRESHOLD, "limit": None, "workers": 1}
        return [sorted(found.row for found in answer) for answer in search_codes(probes, packed, **asked)]

    def plainly() -> list[list[int]]:
        counts = [scan_plainly(p.rotated, enrolled.words, THRESHOLD, fewest, rows) for p in plain[:1]]
        return [rows[:count].tolist() for count in counts]

    def by_numpy() -> list[list[int]]:
        return [scan_by_numpy(plain[0], enrolled.words[:few], THRESHOLD, fewest).tolist()]

    assert ours()[:1] == plainly()
    assert [[row for row in ours()[0] if row < few]] == by_numpy()
    entrants: dict[str, Callable[[], object]] = {"ours": ours, "plain loops": plainly, "numpy": by_numpy}
    work = {"ours": 4.0 * eyes, "plain loops": float(eyes), "numpy": float(few)}
    distance = open_iris_distance() if geometry == LARGE else None
    if distance is not None:
        entrants["open-iris"], work["open-iris"] = (
            open_iris(distance, again.words[0], enrolled.words[:20]),
            20,
        )
    times = race(entrants)
    print(table(times, work=work, unit="M pairs/s", per=1e6))
    limit = limits()
    return {
        "references": eyes,
        "turns": turns,
        "threshold": THRESHOLD,
        "valid_bits": float(packed.valid_bits.mean() / geometry.bits),
        "rates": figures(times, work=work),
        "times_faster_than": {name: ratio(times, "ours", name, work=work) for name in list(times)[1:]},
        "limits": limit,
        "share_of_masked_limit": 4 * eyes / times["ours"].median_s()
        / (8e9 * limit["masked_g_s"] / (geometry.words * (2 * turns + 1))),
    }  # fmt: skip


def open_iris(
    distance: Callable[..., tuple[float, int]], probe: np.ndarray, codes: np.ndarray
) -> Callable[[], object]:
    """The same comparison by open-iris, one pair after the other."""
    template = open_iris_template(probe, LARGE)
    others = [open_iris_template(code, LARGE) for code in codes]
    return lambda: [distance(template, other, rotation_shift=TURNS[LARGE.bits]) for other in others]


def two_stages(fullest: Texture, fewest: Texture, choices: tuple[tuple[int, int], ...]) -> dict[str, Any]:
    """Margins from some seeds; speed, and recall of the default margin, on others."""
    found: dict[str, Any] = {}
    for texture in (fullest, fewest):
        choosing = [trial_of(seed, texture, eyes=1500, probes=1000) for seed in CHOOSING]
        trying = [trial_of(seed, texture, eyes=2000, probes=2000) for seed in TRYING]
        many = trial_of(TRYING[-1] + 1, texture, eyes=8192, probes=64)
        name = f"{round(trying[0].freedom)} independent bits"
        found[name] = {"codes": described(trying[0])}
        for every, by in choices:
            kept = {"every": every, "pairs_every": by}
            measured = {
                "smallest_margin_that_keeps_0.999": smallest_margin(
                    choosing, THRESHOLD, **kept, keeping=0.999
                ),
                "with_default_margin": recall(trying, THRESHOLD, **kept),
                "speed": speed(many, THRESHOLD, **kept, rounds=7),
            }
            found[name][f"every {every}, pairs {by}"] = measured
            shown = measured["with_default_margin"]
            print(name, kept, measured["smallest_margin_that_keeps_0.999"], shown, measured["speed"])
    return {"threshold": THRESHOLD, "chosen_on": CHOOSING, "tried_on": TRYING, **found}


def bits(count: int = 200_000, probes: int = 32) -> dict[str, Any]:
    """Nearest plain bit strings of 2,048 bits to 32 probes."""
    rng = np.random.default_rng(2)
    words = rng.integers(0, 2**64, (count, 32), np.uint64, endpoint=False)
    near = words[:probes] ^ (words[-probes:] & words[-2 * probes : -probes])
    references = pack_bits(BitStrings(words=words, bits=2048, model_id=MODEL))
    asked = BitStrings(words=near, bits=2048, model_id=MODEL)
    few = 2000
    entrants: dict[str, Callable[[], object]] = {
        "ours": lambda: search_bits(asked, references, workers=1),
        "ours, within 800 bits": lambda: search_bits(asked, references, largest_distance=800, workers=1),
        "numpy": lambda: distances_by_numpy(near, words[:few], 10),
    }
    work = dict.fromkeys(entrants, float(probes * count)) | {"numpy": float(probes * few)}
    entrants |= bit_peers(near.view(np.uint8), words.view(np.uint8))
    work |= {name: float(probes * count) for name in entrants if name not in work}
    times = race(entrants)
    print(table(times, work=work, unit="M pairs/s", per=1e6))
    limit = limits()
    ours = probes * count / times["ours"].median_s()
    return {
        "references": count,
        "probes": probes,
        "rates": figures(times, work=work),
        "times_faster_than": {name: ratio(times, "ours", name, work=work) for name in list(times)[2:]},
        "limits": limit,
        "share_of_three_instructions_a_word": ours / (8e9 * limit["simple_g_s"] / 3 / 32),
    }


def bit_peers(probes: np.ndarray, strings: np.ndarray) -> dict[str, Callable[[], object]]:
    """FAISS with its ten nearest; numkong with all distances, and with the ten nearest of them by numpy."""
    found: dict[str, Callable[[], object]] = {}
    faiss, numkong = library("faiss"), library("numkong")
    if faiss is not None:
        faiss.omp_set_num_threads(1)
        index = faiss.IndexBinaryFlat(2048)
        index.add(strings)
        found["FAISS IndexBinaryFlat"] = lambda: index.search(probes, 10)
    if numkong is not None:
        packed = numkong.hammings_pack(strings, dtype="uint1")
        out = numkong.hammings_packed(probes, packed)

        def nearest() -> object:
            return np.argpartition(np.asarray(numkong.hammings_packed(probes, packed)), 10, axis=1)[:, :10]

        found["numkong, distances only"] = lambda: numkong.hammings_packed(probes, packed, out=out)
        found["numkong and numpy's ten nearest"] = nearest
    return found


def threads() -> dict[str, Any]:
    """Two threads against one by the clock on the wall; says nothing where others keep the cores busy."""
    trial = trial_of(3, SMALL_EYES, eyes=64_000, probes=64)
    rng = np.random.default_rng(4)
    words = rng.integers(0, 2**64, (400_000, 32), np.uint64, endpoint=False)
    strings = pack_bits(BitStrings(words=words, bits=2048, model_id=MODEL))
    asked = BitStrings(words=words[:64], bits=2048, model_id=MODEL)
    found: dict[str, Any] = {"threads_of_the_process": thread_budget()}

    def codes(workers: int) -> Callable[[], object]:
        return lambda: search_codes(
            trial.probes, trial.references, turns=7, threshold=THRESHOLD, workers=workers
        )

    def plain(workers: int) -> Callable[[], object]:
        return lambda: search_bits(asked, strings, workers=workers)

    for name, search in (("iris 2048 bits", codes), ("bits 2048", plain)):
        times = race({"1": search(1), "2": search(2)})
        found[name] = {"two_against_one": ratio(times, "2", "1", wall=True)}
        print(name, found[name])
    return found


def map_against_memory() -> dict[str, Any]:
    """The same exact search of references in a mapped file, and in memory; one probe, which reads most."""
    enrolled, again = made_codes(np.random.default_rng(5), SMALL_EYES, eyes=131_072, again=1)
    memory, probe = enrolled.packed(), codes_of(again)
    with tempfile.NamedTemporaryFile() as file:
        memory.blocks.tofile(file.name)
        mapped = PackedCodes.from_blocks(
            np.memmap(file.name, np.uint64, "r", shape=memory.blocks.shape),
            count=memory.count,
            geometry=memory.geometry,
            model_id=MODEL,
        )

        def search(packed: PackedCodes) -> object:
            return search_codes(probe, packed, turns=7, threshold=THRESHOLD, workers=1)

        times = race({"map": partial(search, mapped), "memory": partial(search, memory)})
    print(table(times, work=131_072, unit="M pairs/s", per=1e6))
    return {"references": 131_072, "map_against_memory": ratio(times, "map", "memory")}


SECTIONS: dict[str, Callable[[], dict[str, Any]]] = {
    "exact_2048": lambda: exact(SMALL_EYES, eyes=131_072, few=8192),
    "exact_2048_fragile_bits_masked": lambda: exact(replace(SMALL_EYES, fragile=0.2), eyes=65_536, few=8192),
    "exact_12800": lambda: exact(LARGE_EYES, eyes=16_384, few=1024),
    "two_stages_12800": lambda: two_stages(LARGE_EYES, FEWER_BITS["large"], ((3, 4),)),
    "two_stages_2048": lambda: two_stages(SMALL_EYES, FEWER_BITS["small"], ((3, 1),)),
    "bits_2048": bits,
    "threads": threads,
    "map": map_against_memory,
}


if __name__ == "__main__":
    main()
