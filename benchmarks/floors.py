"""What the search core has to reach, and where in the result files it stands whether it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bars import Bar

RESULTS = Path(__file__).resolve().parent / "results"

Found = dict[str, Any]


def measured_bars() -> list[Bar]:
    """All ratios that were measured, in the order of this file; what was not measured is left out."""
    return [
        *_codes(_read("codes")),
        *_embeddings(_read("embeddings")),
        *_cascade(_read("cascade").get("lent", {})),
        *_galleries(_read("gallery")),
        *_scale(_read("scale").get("galleries", [])),
    ]


def _read(name: str) -> Found:
    path = RESULTS / f"{name}.json"
    found: Found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _codes(found: Found) -> Iterator[Bar]:
    if exact := found.get("exact_2048"):
        rate, limit = exact["rates"]["ours"]["median_per_s"], exact["share_of_masked_limit"]
        for peer, floor, stretch in (("plain loops", 2.1, 2.6), ("numpy", 25, 33)):
            yield Bar(
                what="iris codes, 2,048 bits with mask, ±7",
                peer=peer,
                ratio=exact["times_faster_than"][peer],
                floor=floor,
                stretch=stretch,
                rate=rate,
                unit="codes/s",
                limit_share=limit,
                beside="exact; above 100 %: a bound spares counting masks",
            )
    if exact := found.get("exact_12800"):
        yield Bar(
            what="iris codes, 12,800 bits with mask, ±15",
            peer="open-iris",
            ratio=exact["times_faster_than"]["open-iris"],
            floor=1500,
            stretch=2500,
            rate=exact["rates"]["ours"]["median_per_s"],
            unit="codes/s",
            limit_share=exact["share_of_masked_limit"],
            beside="exact",
        )
    for bits in ("12800", "2048"):
        for name, tried in found.get(f"two_stages_{bits}", {}).items():
            if isinstance(tried, dict) and "codes" in tried:
                (choice,) = [each for key, each in tried.items() if key != "codes"]
                yield _two_stages(bits, name, choice)
    yield from _plain_bits(found.get("bits_2048", {}))
    if mapped := found.get("map"):
        yield Bar(
            what="iris codes from the map", peer="memory", ratio=mapped["map_against_memory"], floor=0.95
        )
    for name in ("iris 2048 bits", "bits 2048"):
        yield from _threads(name, found.get("threads", {}).get(name, {}))


def _plain_bits(bits_found: Found) -> Iterator[Bar]:
    if not bits_found:
        return
    for peer, floor, stretch in (
        ("FAISS IndexBinaryFlat", 3, 4),
        ("numkong and numpy's ten nearest", 2.5, 3.5),
        ("numkong, distances only", 2.5, 3.5),
    ):
        yield Bar(
            what="bits, 2,048 without mask, 32 probes, ten nearest",
            peer=peer,
            ratio=bits_found["times_faster_than"][peer],
            floor=floor,
            stretch=stretch,
            rate=bits_found["rates"]["ours"]["median_per_s"],
            unit="pairs/s",
            limit_share=bits_found["share_of_three_instructions_a_word"],
            beside="exact",
        )


def _two_stages(bits: str, name: str, choice: Found) -> Bar:
    kept = choice["with_default_margin"]
    low, high = kept["recall_interval_95"]
    return Bar(
        what=f"iris codes, {int(bits):,} bits, two stages, {name}",
        peer="own exact search",
        ratio=choice["speed"]["times_faster"],
        floor=10,
        stretch=22,
        rate=choice["speed"]["two_stage_per_s"],
        unit="codes/s",
        beside=f"recall {kept['recall']:.2%} ({low:.2%} to {high:.2%})",
    )


def _embeddings(found: Found) -> Iterator[Bar]:
    if raced := found.get("precisions"):
        for ours, peer, floor, stretch in (
            ("int8", "numkong int8", 2.5, 3.3),
            ("int8", "faiss SQ8", 15, 21),
            ("float32", "faiss FlatIP", 1.05, 1.25),
            ("bfloat16", "float32", 1.7, 1.95),
            ("bfloat16", "numkong bfloat16", 2.2, 2.7),
        ):
            kept = raced["top_10_kept"][ours]
            yield Bar(
                what=f"embeddings, 512 × {ours}, 256 probes, top 10",
                peer=peer,
                ratio=raced["bars"][f"{ours} / {peer}"],
                floor=floor,
                stretch=stretch,
                rate=raced["rates"][ours]["median_per_s"],
                unit="pairs/s",
                beside=f"{kept:.1%} of the ten nearest by float32",
            )
    if blas := found.get("blas"):
        yield Bar(
            what="embeddings, 512 × float32, 256 probes, top 10",
            peer=f"BLAS alone, {blas['best_kernel']}",
            ratio=blas["bars"][f"float32 / sgemm {blas['best_kernel']}"],
            floor=1.0,
            stretch=1.2,
            rate=blas["rates"]["float32"],
            unit="pairs/s",
            beside="exact",
        )
    if single := found.get("single"):
        yield Bar(
            what="embeddings, one probe, int8",
            peer="reading the same bytes",
            ratio=single["bars"]["share of reading"],
            floor=0.85,
            stretch=1.0,
            rate=single["rates"]["int8, one probe"]["median_per_s"],
            unit="B/s",
            limit_share=single["bars"]["share of reading"],
        )
        yield Bar(
            what="embeddings from the map",
            peer="memory",
            ratio=single["bars"]["map / RAM"],
            floor=0.95,
            stretch=1.0,
        )
    for freedom in (60, 150, 512):
        if tried := found.get(f"gated_{freedom}"):
            yield _gated(freedom, tried)
    if threads := found.get("threads"):
        yield from _threads("embeddings", threads)


def _gated(freedom: int, tried: Found) -> Bar:
    point = tried["points"]["by mates"]
    low, high = point["interval"]
    every = 1 - point["lost"] / point["hits"]
    return Bar(
        what=f"embeddings, signs first, {freedom} degrees of freedom",
        peer="own int8 exact search",
        ratio=point["times_int8"],
        floor=3,
        stretch=4.5,
        rate=tried["rates"]["by mates"]["median_per_s"],
        unit="pairs/s",
        beside=f"mates kept {point['recall']:.2%} ({low:.2%} to {high:.2%}), all hits {every:.2%}",
    )


def _cascade(found: Found) -> Iterator[Bar]:
    if not found:
        return
    rate = found["gated"]["rates"]["ours"]["median_per_s"]
    kept = found["recall_of_the_gates"]["review"]
    low, high = kept["recall_interval_95"]
    beside = f"gates keep {kept['recall']:.2%} ({low:.1%} to {high:.1%}) from similarity 8, {found['source']}"
    yield Bar(
        what="fingerprint cascade, gated",
        peer="plain loops",
        ratio=found["gated"]["times_faster_than"]["plain loops"],
        floor=3,
        rate=rate,
        unit="comparisons/s",
        beside=beside,
    )
    yield Bar(
        what="fingerprint cascade, gated, rate",
        peer="1 M/s and core",
        ratio=rate / 1e6,
        floor=0.7,
        stretch=2,
        rate=rate,
        unit="comparisons/s",
        beside=beside,
    )
    yield from _threads("fingerprint cascade", found.get("threads", {}))


def _threads(what: str, found: Found) -> Iterator[Bar]:
    """Two threads against one, where the machine was free; beside it what registers alone gain."""
    bars = found.get("bars", {})
    ratio = found.get("two_against_one", bars.get("two threads / one"))
    if ratio is None:
        return
    registers = bars.get("registers: two threads / one")
    yield Bar(
        what=f"{what}, two threads",
        peer="one thread",
        ratio=ratio,
        floor=1.8,
        stretch=1.95,
        beside="" if registers is None else f"a loop in registers gains {registers:.2f}×",
    )


def _galleries(found: Found) -> Iterator[Bar]:
    for each in found.get("galleries", [])[-1:]:
        yield Bar(
            what=f"fingers of {each['people']:,} people from the map",
            peer="memory",
            ratio=each["scan"]["map_against_memory"],
            floor=0.95,
            stretch=1.0,
            rate=each["scan"]["references_per_s"],
            unit="comparisons/s",
        )


def _scale(galleries: list[Found]) -> Iterator[Bar]:
    if not galleries:
        return
    largest = max(galleries, key=lambda each: int(each["people"]))
    people = f"{largest['people']:,} people"
    resident = largest["searching"]["resident"]
    opened = largest["open"]["open_s"]
    yield Bar(what=f"{people}: open", peer="1 s", ratio=1 / opened, floor=1, beside=f"{opened * 1000:.0f} ms")
    yield Bar(
        what=f"{people}: memory that is no map",
        peer="200 MB",
        ratio=200e6 / resident,
        floor=1,
        beside=f"{resident / 1e6:.0f} MB, whole process after a search with everything",
    )
    for each in galleries:
        if run := each["all_against_all"].get("all"):
            yield Bar(
                what=f"all against all in full, {each['people']:,} people: planted found",
                peer="all that were planted",
                ratio=run["planted_duplicate"] / run["planted"],
                floor=1,
                rate=run["comparisons_per_s"] or None,
                unit="pairs/s",
                beside=f"{run['planted_duplicate']} of {run['planted']}, {run['false_duplicate']} false",
            )
