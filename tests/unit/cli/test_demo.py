import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from biocapil.calibration import Calibration, model_calibration, policy_for
from biocapil.cli import demo as demo_module
from biocapil.cli.demo import population
from biocapil.cli.demo_verdict import judge
from biocapil.cli.main import main
from biocapil.cli.policy_options import policy_of_set
from biocapil.decision import DecisionPolicy, PolicyTarget
from biocapil.deduplication import find_duplicates
from biocapil.extraction import extract_all, load_extractor
from biocapil.formats import read_manifest, sample_reader
from biocapil.joint_policy import JointPolicy
from biocapil.synthesis import PlantedKind, PlantedPair, PopulationTruth
from biocapil.vocabulary import Modality, SubjectId


@pytest.fixture
def one_quick_impression(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with one finger and one impression a registration, so that it takes seconds."""
    monkeypatch.setattr(demo_module, "FINGERS", 1)
    monkeypatch.setattr(demo_module, "IMPRESSIONS", 1)
    monkeypatch.setattr(demo_module, "EYES", 0)
    monkeypatch.setattr(demo_module, "FACES", 0)


@pytest.mark.usefixtures("one_quick_impression")
def test_the_demo_finds_what_was_planted_and_goes_on_where_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_module, "EYES", 1)
    command = ["demo", "--people", "20", "--out", str(tmp_path / "demo")]
    assert main(command) == 0
    first = capsys.readouterr()
    line = json.loads(first.out)
    assert (line["planted"], line["found"], line["false_duplicates"]) == (2, 2, 0)
    assert Path(line["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Open the report: " in first.err
    assert main(command) == 0
    again = capsys.readouterr()
    repeated = json.loads(again.out)
    assert {**repeated, "elapsed_s": None} == {**line, "elapsed_s": None}
    assert "44 reused" in again.err


@pytest.mark.usefixtures("one_quick_impression")
def test_a_missed_duplicate_ends_the_demo_with_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def deaf(
        targets: Mapping[Modality, PolicyTarget], calibrations: Mapping[Modality, Calibration]
    ) -> DecisionPolicy | JointPolicy:
        policy = policy_of_set(targets, calibrations)
        return replace(policy, review_llr=1e6, duplicate_llr=1e7)

    monkeypatch.setattr(demo_module, "policy_of_set", deaf)
    assert main(["demo", "--people", "20", "--out", str(tmp_path / "demo")]) == 1
    assert json.loads(capsys.readouterr().out)["found"] == 0


@pytest.mark.usefixtures("one_quick_impression")
def test_a_verdict_counts_false_and_look_alike_pairs(tmp_path: Path) -> None:
    truth = population(
        tmp_path / "people", people=20, seed=1, difficulty=0.3, overwrite=False, report=lambda *_, **__: None
    )
    run = extract_all(read_manifest(truth.manifest), load_extractor(), read=sample_reader())
    calibration = model_calibration()
    policy = policy_for(PolicyTarget(people=22), calibration)
    report = find_duplicates(list(run.templates), run.entries, calibration, policy)
    really = truth.duplicates
    assert judge(report, truth).right
    turned = PopulationTruth(
        folder=truth.folder,
        manifest=truth.manifest,
        samples=truth.samples,
        pairs=(
            PlantedPair(kind=PlantedKind.LOOKALIKE, first=really[0].first, second=really[0].second),
            PlantedPair(kind=PlantedKind.DUPLICATE, first=really[1].first, second=SubjectId("nobody")),
        ),
    )
    verdict = judge(report, turned)
    assert (verdict.planted, verdict.found, verdict.false_duplicates) == (1, 0, 2)
    assert (verdict.lookalikes, verdict.lookalikes_matched) == (1, 1)
    assert not verdict.right
