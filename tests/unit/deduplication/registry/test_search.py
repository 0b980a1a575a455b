"""Whole runs on galleries of fingers: complete, gone on from, the same whatever the way."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from tests.unit.deduplication.registry.made_galleries import (
    FINGERS,
    deduplicated,
    gallery_in,
    made_policy,
    naive_pairs,
    registered,
)
from tests.unit.gallery.conftest import calibration_of

from biocapil.calibration import joint_policy_for
from biocapil.deduplication.registry import JointPairPolicy, ScanProgress, deduplicate_gallery
from biocapil.deduplication.registry import search as running
from biocapil.deduplication.registry.journal import JOURNAL_FILE
from biocapil.errors import IncompatibleTemplates, StoreError
from biocapil.gallery import Gallery, writing
from biocapil.vocabulary import Instance, Modality, ModelId

RIGHT = Instance(modality=Modality.FINGER, position=FINGERS[0])
LEFT = Instance(modality=Modality.FINGER, position=FINGERS[1])
ONCE, TWICE = 70, 9


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    """People in two segments and the log, some registered again; some have one finger, some are deleted."""
    filled = gallery_in(tmp_path, [registered(f"p{number}", number) for number in range(ONCE)])
    filled.compact()
    filled.add([registered(f"again{number}", number, again=1) for number in range(TWICE)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "LOG_BYTES", 0)
        filled.add([registered("left", 3, again=2, fingers=FINGERS[1:])])
    filled.add([registered("right", 5, again=2, fingers=FINGERS[:1]), registered("gone", 5, again=3)])
    filled.delete(["gone", "p7"])
    return filled


def lines_of(report: bytes, kind: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, report.splitlines()) if line["type"] == kind]


def test_a_run_finds_what_a_loop_over_all_people_finds(gallery: Gallery, tmp_path: Path) -> None:
    report, done = deduplicated(gallery, tmp_path / "run")

    expected = naive_pairs(gallery.snapshot(), made_policy())
    pairs = lines_of(report, "pair")
    assert {frozenset((each["first"], each["second"])) for each in pairs} == expected.keys()
    for each in pairs:
        decision = expected[frozenset((each["first"], each["second"]))]
        assert each["decision"]["outcome"] == decision.outcome.value
        assert each["decision"]["llr"] == pytest.approx(decision.llr)
    assert [each["decision"]["llr"] for each in pairs] == sorted(
        (each["decision"]["llr"] for each in pairs), reverse=True
    )
    assert done.counts.duplicate + done.counts.review == len(pairs) >= TWICE + 3


def test_everybody_planted_is_found_and_clusters_say_whether_they_are_complete(
    gallery: Gallery, tmp_path: Path
) -> None:
    for gated in (False, True):
        report, done = deduplicated(gallery, tmp_path / f"{gated}", exact=not gated)
        clusters = {frozenset(each["persons"]): each for each in lines_of(report, "cluster")}
        expected = {frozenset({f"p{number}", f"again{number}"}) for number in (0, 1, 2, 4, 6, 8)}
        expected |= {frozenset({"p3", "again3", "left"}), frozenset({"p5", "again5", "right"})}
        assert clusters.keys() == expected
        assert all(each["complete"] for each in clusters.values())
        assert done.counts.clusters == len(clusters)


def test_the_summary_says_what_was_compared(gallery: Gallery, tmp_path: Path) -> None:
    report, done = deduplicated(gallery, tmp_path / "run")
    (summary,) = lines_of(report, "summary")

    right = left = ONCE + TWICE
    people = ONCE - 1 + TWICE + 2
    assert summary == lines_of(report.splitlines()[-1], "summary")[0]
    assert (summary["people"], summary["people_scanned"]) == (people, people)
    assert summary["comparisons"] == 2 * (right * (left - 1) // 2) == done.compared
    assert summary["comparable_pairs"] == people * (people - 1) // 2 - 1
    assert summary["scanned"] == ["right_index", "left_index"]
    assert summary["exact"] is True
    assert summary["presentation_attack"] == {"finding": "not_assessed", "score": None, "detector": None}
    assert summary["generation"] == gallery.snapshot().generation
    assert summary["policy"]["policy_id"] == made_policy().policy.policy_id


def test_the_report_is_the_same_for_any_threads_memory_and_layout(
    gallery: Gallery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, _ = deduplicated(gallery, tmp_path / "one", workers=1)
    assert deduplicated(gallery, tmp_path / "more", workers=3)[0] == report
    monkeypatch.setattr(running, "_strip_pairs", lambda _memory, _threads: 100)
    assert deduplicated(gallery, tmp_path / "less")[0] == report

    gallery.compact()
    moved = deduplicated(gallery, tmp_path / "compacted")[0]
    assert moved.splitlines()[:-1] == report.splitlines()[:-1]


def test_a_finished_run_is_finished_when_it_is_asked_for_again(gallery: Gallery, tmp_path: Path) -> None:
    report, first = deduplicated(gallery, tmp_path / "run")
    again, second = deduplicated(gallery, tmp_path / "run")

    assert again == report
    assert (first.resumed, second.resumed, second.compared) == (0, first.compared, first.compared)


def test_an_interrupted_run_keeps_what_was_done(gallery: Gallery, tmp_path: Path) -> None:
    report, whole = deduplicated(gallery, tmp_path / "whole")
    told: list[ScanProgress] = []

    def interrupt(progress: ScanProgress) -> None:
        told.append(progress)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deduplicated(gallery, tmp_path / "run", on_progress=interrupt)
    again, done = deduplicated(gallery, tmp_path / "run")

    assert again == report
    assert done.resumed == told[-1].done > 0
    assert done.compared == whole.compared
    assert done.looked_at == whole.looked_at


def test_progress_says_the_rate_and_the_time_left(gallery: Gallery, tmp_path: Path) -> None:
    seconds = iter(range(1000))
    told: list[ScanProgress] = []
    _, done = deduplicated(
        gallery, tmp_path / "run", on_progress=told.append, clock=lambda: float(next(seconds))
    )

    assert told[-1].done == told[-1].total == done.comparisons
    assert told[-1].left_s == 0
    halfway = ScanProgress(done=300, total=700, resumed=100, elapsed_s=2.0)
    assert (halfway.per_s, halfway.left_s) == (100.0, 4.0)
    begun = ScanProgress(done=100, total=700, resumed=100, elapsed_s=0.0)
    assert (begun.per_s, begun.left_s) == (0.0, None)


def test_only_what_is_scanned_makes_people_stand_out(gallery: Gallery, tmp_path: Path) -> None:
    report, done = deduplicated(gallery, tmp_path / "run", scanned=[LEFT])
    names = {frozenset((each["first"], each["second"])) for each in lines_of(report, "pair")}

    assert frozenset({"p3", "left"}) in names
    assert not any("right" in pair for pair in names)
    assert lines_of(report, "summary")[0]["scanned"] == ["left_index"]
    assert done.comparisons == (ONCE + TWICE) * (ONCE + TWICE - 1) // 2
    both = next(
        each for each in lines_of(report, "pair") if {each["first"], each["second"]} == {"p4", "again4"}
    )
    assert len(both["decision"]["instances"]) == 2


def test_an_empty_gallery_has_an_empty_report(tmp_path: Path) -> None:
    report, done = deduplicated(gallery_in(tmp_path), tmp_path / "run")

    assert [json.loads(line)["type"] for line in report.splitlines()] == ["summary"]
    assert (done.people, done.comparisons) == (0, 0)


def test_every_file_is_private(gallery: Gallery, tmp_path: Path) -> None:
    deduplicated(gallery, tmp_path / "run")

    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "run").iterdir()}
    assert modes.keys() == {
        "journal", "report.jsonl", "people.u64", "findings.u64", "finished.json", "lock",
    }  # fmt: skip
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_changed_gallery_another_policy_and_other_options_are_refused(
    gallery: Gallery, tmp_path: Path
) -> None:
    deduplicated(gallery, tmp_path / "run")
    before = (tmp_path / "run" / JOURNAL_FILE).read_bytes()

    with pytest.raises(StoreError, match=r"run is of another run: policy, bars differ"):
        deduplicated(gallery, tmp_path / "run", policy=made_policy(people=10**6))
    with pytest.raises(StoreError, match="exact differ"):
        deduplicated(gallery, tmp_path / "run", exact=False)
    with pytest.raises(StoreError, match="bars differ"):
        deduplicated(gallery, tmp_path / "run", scanned=[RIGHT])
    gallery.delete(["p1"])
    with pytest.raises(StoreError, match="generation, content differ"):
        deduplicated(gallery, tmp_path / "run")
    assert (tmp_path / "run" / JOURNAL_FILE).read_bytes() == before


def test_a_folder_in_use_is_refused(gallery: Gallery, tmp_path: Path) -> None:
    def meddle(_progress: ScanProgress) -> None:
        with pytest.raises(StoreError, match="in use by another process"):
            deduplicated(gallery, tmp_path / "run")

    deduplicated(gallery, tmp_path / "run", on_progress=meddle)


def test_what_cannot_be_run_is_refused_before_anything_is_written(gallery: Gallery, tmp_path: Path) -> None:
    face = Instance(modality=Modality.FACE, position=0)
    with pytest.raises(StoreError, match="no template of face; it has right_index, left_index"):
        deduplicated(gallery, tmp_path / "run", scanned=[face])
    with pytest.raises(ValueError, match="64 threads need at least 128 MiB of memory, got 8"):
        deduplicated(gallery, tmp_path / "run", memory_mib=8, workers=64)
    assert not (tmp_path / "run").exists()


def test_templates_of_another_model_are_refused(gallery: Gallery, tmp_path: Path) -> None:
    calibrations = {Modality.FINGER: calibration_of(ModelId("other@1"))}
    targets = {each: part.target for each, part in made_policy().policy.parts.items()}
    policy = JointPairPolicy(calibrations=calibrations, policy=joint_policy_for(targets, calibrations))
    with pytest.raises(IncompatibleTemplates):
        deduplicate_gallery(gallery.snapshot(), policy, folder=tmp_path / "run")
