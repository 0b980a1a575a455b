from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biocapil.calibration import model_calibration, read_calibration
from biocapil.cli import policy_options
from biocapil.cli.policy_options import calibration_of, offered_calibration, require_policy, set_target
from biocapil.decision import DecisionPolicy, EvidenceRates, PolicyTarget
from biocapil.errors import FormatError, IncompatibleTemplates, ModelNotFound
from biocapil.subject import SampleEntry
from biocapil.vocabulary import SubjectId


def entries_of(*samples: tuple[str, str]) -> list[SampleEntry]:
    """Samples of persons and fingers; a name that comes again is another impression."""
    return [
        SampleEntry(name=f"{row}.png", file=Path(f"{row}.png"), subject=SubjectId(who), instance=finger)
        for row, (who, finger) in enumerate(samples)
    ]


def target_of(samples: Sequence[SampleEntry], people: int | None = None) -> PolicyTarget:
    return set_target(samples, fpir=0.001, review_fpir=0.05, people=people)


def test_a_target_speaks_of_the_people_fingers_and_impressions_of_the_set() -> None:
    found = target_of(
        entries_of(
            ("a", "thumb"), ("a", "thumb"), ("a", "index"), ("b", "thumb"), ("b", "thumb"), ("c", "thumb")
        )
    )

    assert found == PolicyTarget(fpir=0.001, review_fpir=0.05, people=3, instances=2, comparisons=4)


def test_people_who_stand_elsewhere_can_be_counted_in() -> None:
    assert target_of(entries_of(("a", ""), ("b", "")), people=5_000_000).people == 5_000_000
    assert target_of(entries_of(("a", ""), ("b", "")), people=2).people == 2


def test_people_of_the_set_cannot_be_counted_out() -> None:
    with pytest.raises(ValueError, match=r"--people must be at least the 2 persons of the set, got 1"):
        target_of(entries_of(("a", ""), ("b", "")), people=1)


def test_an_empty_set_has_a_target() -> None:
    assert target_of([]) == PolicyTarget(people=1)


def test_the_calibration_that_is_named_is_read(write_calibration: Callable[..., Path]) -> None:
    file = write_calibration("other@1")

    found = calibration_of(file, records=True, extractor="leader")

    assert found.calibration_id == read_calibration(file).calibration_id
    assert found.model_id == "other@1"


def test_a_model_brings_its_own_calibration_by_name_or_by_folder(
    write_calibration: Callable[..., Path], tmp_path: Path
) -> None:
    write_calibration("mine@1")

    shipped = calibration_of(None, records=False, extractor="leader")

    assert shipped.calibration_id == model_calibration("leader").calibration_id
    assert calibration_of(None, records=False, extractor=f"{tmp_path}/").model_id == "mine@1"


def test_a_model_without_a_calibration_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="biocapil calibrate"):
        calibration_of(None, records=False, extractor=f"{tmp_path}/")


def test_minutiae_records_need_a_calibration_of_their_maker() -> None:
    with pytest.raises(ValueError, match=r"--calibration; `biocapil calibrate SET --records --out FILE`"):
        calibration_of(None, records=True, extractor="leader")


def test_a_calibration_of_other_scores_is_refused(write_calibration: Callable[..., Path]) -> None:
    with pytest.raises(IncompatibleTemplates, match="was fitted to scores of older/0"):
        calibration_of(write_calibration(comparator="older/0"), records=True, extractor="leader")


def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(FormatError, match=r"x\.json"):
        calibration_of(tmp_path / "x.json", records=True, extractor="leader")


def test_a_policy_that_keeps_its_target_is_given(write_calibration: Callable[..., Path]) -> None:
    meaning = read_calibration(write_calibration())

    policy = require_policy(PolicyTarget(people=100), meaning)

    assert policy.review_llr < policy.duplicate_llr < math.inf
    assert policy.calibration_id == meaning.calibration_id


def test_evidence_can_be_limited_to_what_was_counted(write_calibration: Callable[..., Path]) -> None:
    path = write_calibration()
    counted = calibration_of(path, records=True, extractor="leader", measured_only=True)
    assert counted.table.llr[-1] < read_calibration(path).table.llr[-1]
    assert require_policy(PolicyTarget(people=100), counted).shortfall


def test_a_policy_with_which_nothing_can_be_decided_is_refused(
    write_calibration: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning = read_calibration(write_calibration())
    one = np.ones(1)
    lost = DecisionPolicy(
        review_llr=math.inf,
        duplicate_llr=math.inf,
        target=PolicyTarget(people=10),
        calibration_id=meaning.calibration_id,
        rates=EvidenceRates(llr=one, rate=one, low=one, high=one, measured_to=1.0),
        dependence=0.0,
        shortfall="nothing would help",
    )
    monkeypatch.setattr(policy_options, "policy_for", lambda *_, **__: lost)

    with pytest.raises(ValueError, match="nothing could be decided: nothing would help; or allow more"):
        require_policy(lost.target, meaning)

    monkeypatch.setattr(policy_options, "policy_for", lambda *_, **__: replace(lost, review_llr=5.0))
    assert require_policy(lost.target, meaning).review_llr == 5.0


def test_an_evaluation_does_without_a_calibration_where_none_is_offered(
    write_calibration: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = offered_calibration(write_calibration(), records=True, extractor="leader")
    assert named is not None
    assert named.model_id.startswith("minutiae:")
    assert offered_calibration(None, records=True, extractor="leader") is None
    assert offered_calibration(None, records=False, extractor=f"{tmp_path}/own") is None
    assert offered_calibration(None, records=False, extractor="leader") is not None
    monkeypatch.setattr(policy_options, "COMPARATOR", "another@0")
    assert offered_calibration(None, records=False, extractor="leader") is None
