from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biocapil.calibration import Calibration, model_calibration, read_calibration
from biocapil.cli import policy_options
from biocapil.cli.model_choice import ModelChoice
from biocapil.cli.policy_options import (
    by_modality,
    calibrations_of,
    current_comparator,
    offered_calibration,
    require_policy,
    set_targets,
)
from biocapil.comparison import COMPARATOR, FACE_COMPARATOR, iris_comparator
from biocapil.decision import DecisionPolicy, EvidenceRates, PolicyTarget
from biocapil.errors import FormatError, IncompatibleTemplates, ModelNotFound
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality, SubjectId


def entries_of(*samples: tuple[str, str]) -> list[SampleEntry]:
    """Samples of persons and fingers; a name that comes again is another impression."""
    return [
        SampleEntry(name=f"{row}.png", file=Path(f"{row}.png"), subject=SubjectId(who), instance=finger)
        for row, (who, finger) in enumerate(samples)
    ]


def target_of(samples: Sequence[SampleEntry], people: int | None = None) -> PolicyTarget:
    (target,) = set_targets(samples, fpir=0.001, review_fpir=0.05, people=people).values()
    return target


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


def calibration_of(path: Path | None, *, extractor: str | Path = "leader", **options: bool) -> Calibration:
    """Calibration of fingers."""
    (found,) = calibrations_of(
        None if path is None else [path],
        records=options.get("records", False),
        models={Modality.FINGER: ModelChoice(name=extractor)},
        measured_only=options.get("measured_only", False),
    ).values()
    return found


def offered(
    path: Path | None, *, records: bool = False, extractor: str | Path = "leader"
) -> Calibration | None:
    """Calibration of fingers, or None."""
    return offered_calibration(
        None if path is None else [path],
        records=records,
        models={Modality.FINGER: ModelChoice(name=extractor)},
    )


def test_the_calibration_that_is_named_is_read(write_calibration: Callable[..., Path]) -> None:
    file = write_calibration("other@1")

    found = calibration_of(file, records=True)

    assert found.calibration_id == read_calibration(file).calibration_id
    assert found.model_id == "other@1"


def test_a_model_brings_its_own_calibration_by_name_or_by_folder(
    write_calibration: Callable[..., Path], tmp_path: Path
) -> None:
    write_calibration("mine@1")

    shipped = calibration_of(None)

    assert shipped.calibration_id == model_calibration("leader").calibration_id
    assert calibration_of(None, extractor=tmp_path).model_id == "mine@1"


def test_a_model_without_a_calibration_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="biocapil calibrate"):
        calibration_of(None, extractor=tmp_path)


def test_minutiae_records_need_a_calibration_of_their_maker() -> None:
    with pytest.raises(ValueError, match=r"--calibration; `biocapil calibrate SET --records --out FILE`"):
        calibration_of(None, records=True)


def test_a_calibration_of_other_scores_is_refused(write_calibration: Callable[..., Path]) -> None:
    with pytest.raises(IncompatibleTemplates, match="was fitted to scores of older/0"):
        calibration_of(write_calibration(comparator="older/0"), records=True)


def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(FormatError, match=r"x\.json"):
        calibration_of(tmp_path / "x.json", records=True)


def test_a_policy_that_keeps_its_target_is_given(write_calibration: Callable[..., Path]) -> None:
    meaning = read_calibration(write_calibration())

    policy = require_policy(PolicyTarget(people=100), meaning)

    assert policy.review_llr < policy.duplicate_llr < math.inf
    assert policy.calibration_id == meaning.calibration_id


def test_evidence_can_be_limited_to_what_was_counted(write_calibration: Callable[..., Path]) -> None:
    path = write_calibration()
    counted = calibration_of(path, records=True, measured_only=True)
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
    named = offered(write_calibration(), records=True)
    assert named is not None
    assert named.model_id.startswith("minutiae:")
    assert offered(None, records=True) is None
    assert offered(None, extractor=tmp_path / "own") is None
    assert offered(None) is not None
    monkeypatch.setattr(policy_options, "COMPARATOR", "another@0")
    assert offered(None) is None


def test_a_calibration_is_named_for_each_modality(write_calibration: Callable[..., Path]) -> None:
    finger = read_calibration(write_calibration())
    face = replace(finger, modality=Modality.FACE)
    assert by_modality([face, finger]) == {Modality.FACE: face, Modality.FINGER: finger}
    with pytest.raises(ValueError, match="two calibrations were named for finger"):
        by_modality([finger, replace(finger)])


def test_a_calibration_of_what_is_not_there_is_refused(write_calibration: Callable[..., Path]) -> None:
    with pytest.raises(ValueError, match="is of finger, worked on are face"):
        calibrations_of(
            [write_calibration()], records=False, models={Modality.FACE: ModelChoice(name="sface")}
        )


def test_each_modality_has_a_comparison_of_its_own(write_calibration: Callable[..., Path]) -> None:
    finger = read_calibration(write_calibration())
    assert current_comparator(finger) == COMPARATOR
    assert current_comparator(replace(finger, modality=Modality.FACE)) == FACE_COMPARATOR
    turned = replace(finger, modality=Modality.IRIS, comparator=iris_comparator(5))
    assert current_comparator(turned) == turned.comparator
    assert current_comparator(replace(turned, comparator="older/0")) != "older/0"
