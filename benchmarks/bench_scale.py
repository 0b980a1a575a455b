"""The proof of scale: galleries of drawn people, filled, opened, searched, killed, compared all against all.

    python benchmarks/bench_scale.py [--people 3000 10000 100000 1000000] [--folder DIR] [--fill-only]

Each record has two fingers, both irises and a face, drawn from models that were fitted to the scores of real
samples (`population`); one person in a thousand is registered twice, or fifty people. Galleries are kept in
the folder where one is named, and used again. Calibrations are fitted on other drawn people, so that rates
speak of drawn people only. The files are warm. Costs are seconds on the wall with all threads. Figures go to
benchmarks/results/scale.json, pictures beside it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from biocapil.evaluation.setting import describe_setting
from biocapil.gallery import Gallery, gallery_info
from biocapil.vocabulary import Modality
from drawn_gallery import MODELS
from growth_picture import growth_svg
from scale.comparing import FEWEST_KILLED, all_against_all, in_a_process, scans_for
from scale.keeping import (
    filled,
    killed_while_adding,
    memory_of_searching,
    opened,
    planted_in,
    searched_once,
    sound,
)
from scale.measuring import seconds, told
from scale.searching import searches

RESULTS = Path(__file__).resolve().parent / "results"


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[3_000, 10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--folder", type=Path, help="where galleries are made and kept; else a temporary folder"
    )
    parser.add_argument("--fill-only", action="store_true", help="make the galleries and no more")
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--search-once", type=Path, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.search_once is not None:
        print(json.dumps(searched_once(words.search_once)))
        return
    if words.run is not None:
        folder, journal, scan = words.run
        print(json.dumps(all_against_all(Path(folder), Path(journal), scan, Path(folder).parent.parent)))
        return
    result: dict[str, Any] = {
        "source": "drawn people: two fingers, both irises, a face; one in a thousand registered twice",
        "setting": asdict(describe_setting(MODELS.model_of(Modality.FINGER))),
        "galleries": [],
    }
    with tempfile.TemporaryDirectory() as temporary:
        scratch = words.folder or Path(temporary)
        for people in words.people:
            filled(scratch / str(people), people)
            if words.fill_only:
                continue
            result["galleries"].append(measured(scratch / str(people), people))
            print(json.dumps(result["galleries"][-1]), flush=True)
            (RESULTS / "scale.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
            draw(result["galleries"])


def measured(scratch: Path, people: int) -> dict[str, Any]:
    """All figures of one size."""
    folder, duplicates = scratch / "gallery", planted_in(people)
    runs: dict[str, Any] = {}
    filling = json.loads((scratch / "filling.json").read_text(encoding="utf-8"))
    with Gallery(folder) as gallery:
        info = asdict(gallery_info(gallery))
        verify_s = seconds(lambda: sound(gallery))
        found: dict[str, Any] = {
            "people": people,
            "planted": duplicates,
            "filling": filling,
            "info": info,
            "open": opened(folder),
            "verify_s": verify_s,
            "search": searches(gallery, people, scratch.parent),
            "all_against_all": runs,
        }
    told(f"searched: {found['search']}")
    found["searching"] = memory_of_searching(folder)
    found["killed"] = killed_while_adding(folder, people)
    for scan in scans_for(people):
        kill = scan == "face" and people >= FEWEST_KILLED
        runs[scan] = in_a_process(folder, scratch / scan, scan, kill=kill)
    return found


def draw(galleries: Sequence[dict[str, Any]]) -> None:
    """Costs against the number of people."""
    if len(galleries) < 2:
        return
    names = {name for each in galleries for name in each["search"] if "exact" not in name}
    searching = {
        name: [
            (each["people"], each["search"][name]["one_s"]) for each in galleries if name in each["search"]
        ]
        for name in sorted(names)
    }
    scans = {scan for each in galleries for scan in each["all_against_all"]}
    comparing = {
        scan: [
            (
                each["people"],
                each["all_against_all"][scan]["comparisons"]
                / each["all_against_all"][scan]["comparisons_per_s"],
            )
            for each in galleries
            if each["all_against_all"].get(scan, {}).get("compared_here")
        ]
        for scan in sorted(scans)
    }
    for name, series, label in (
        ("scale_search", searching, "seconds a search, one at a time"),
        ("scale_all_against_all", comparing, "seconds for all against all"),
    ):
        (RESULTS / f"{name}.svg").write_text(growth_svg(series, y_label=label, title=label), encoding="utf-8")


if __name__ == "__main__":
    main()
