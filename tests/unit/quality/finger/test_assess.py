from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.errors import ModelError
from biocapil.quality import assess_finger
from biocapil.quality.finger.assess import named_reasons
from biocapil.quality.finger.fitted import shipped_fit
from biocapil.sample import CapturedSample
from biocapil.synthesis import Degradation, MasterPrint, SensorStyle, make_impression, make_master
from biocapil.vocabulary import FingerReason, Modality

Make = Callable[..., CapturedSample]
COUNT = len(FingerReason)


@pytest.fixture(scope="module")
def master() -> MasterPrint:
    return make_master((44, 1))


def of(
    master: MasterPrint, style: SensorStyle, degradations: dict[Degradation, float] | None = None
) -> CapturedSample:
    return make_impression(master, (44, 2), style=style, difficulty=0.1, degradations=degradations)


def test_the_report_is_complete_and_repeats(master: MasterPrint) -> None:
    sample = of(master, SensorStyle.OPTICAL_WHITE)
    report = assess_finger(sample)
    assert report == assess_finger(sample)
    assert [each.name for each in report.components] == [each.name for each in shipped_fit().components]
    assert report.model_id.startswith("finger_quality@")


def test_an_empty_sensor_has_one_reason_and_no_score() -> None:
    noise = np.random.default_rng(1).normal(190, 3, (384, 320))
    report = assess_finger(CapturedSample(pixels=noise.astype(np.uint8), resolution_ppi=500))
    assert report.reasons == (FingerReason.NO_FINGER,)
    assert report.score == 0


def test_a_clean_print_scores_above_a_spoiled_one(master: MasterPrint) -> None:
    clean = assess_finger(of(master, SensorStyle.OPTICAL_ENROLLMENT))
    spoiled = assess_finger(of(master, SensorStyle.OPTICAL_ENROLLMENT, {Degradation.SMUDGED: 1.0}))
    assert clean.reasons == ()
    assert FingerReason.SMUDGED in spoiled.reasons
    assert clean.score > spoiled.score + 20


def test_the_resolution_hardly_matters(make_print: Make) -> None:
    sample = make_print(period_px=10.0, radius_px=150.0)
    twice = CapturedSample(pixels=sample.pixels.repeat(2, axis=0).repeat(2, axis=1), resolution_ppi=1000)
    assert abs(assess_finger(sample).score - assess_finger(twice).score) <= 10


def test_reasons_come_by_how_far_they_are_above_their_threshold() -> None:
    fit = replace(shipped_fit(), thresholds=np.zeros(COUNT, np.float32))
    logits = np.full(COUNT, -1, np.float32)
    logits[fit.order.index(FingerReason.WET)] = 0.5
    logits[fit.order.index(FingerReason.MOVED)] = 2.0
    assert named_reasons(logits, fit) == (FingerReason.MOVED, FingerReason.WET)
    logits[fit.order.index(FingerReason.NO_FINGER)] = 0.1
    assert named_reasons(logits, fit) == (FingerReason.NO_FINGER,)


def test_other_modalities_are_refused() -> None:
    face = CapturedSample(pixels=np.zeros((9, 9), np.uint8), resolution_ppi=500, modality=Modality.FACE)
    with pytest.raises(ModelError, match="of fingers only"):
        assess_finger(face)
