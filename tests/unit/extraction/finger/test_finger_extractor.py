from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from biocapil.errors import ModelError
from biocapil.extraction.finger.extractor import FingerExtractor
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, FingerPosition, Modality

PLACES_UM = ((8000.0, 8000.0), (4000.0, 4000.0), (11_500.0, 5000.0), (5000.0, 12_000.0), (12_000.0, 11_500.0))


def _noise(rows: int, columns: int, ppi: float = 500) -> CapturedSample:
    pixels = np.random.default_rng(5).integers(0, 256, (rows, columns), dtype=np.uint8)
    return CapturedSample(pixels=pixels, resolution_ppi=ppi, position=FingerPosition.RIGHT_THUMB)


def _distances(template: FingerprintTemplate, places_um: Any) -> Any:
    """From each place to the nearest minutia, µm."""
    apart = np.asarray(places_um)[:, None] - template.positions_um[None]
    return np.hypot(apart[..., 0], apart[..., 1]).min(axis=1)


def test_the_margin_is_taken_off_and_pixels_become_micrometres(manifest: Any, told_network: Any) -> None:
    told = told_network([(2, 7, 0.8, 1.0, 0.9), (101, 106, 0.9, 4.0, 0.1)])
    template = FingerExtractor(manifest=manifest, network=told).extract(_noise(124, 114))
    assert isinstance(template, FingerprintTemplate)
    np.testing.assert_allclose(template.positions_um, np.array([[99.5, 99.5], [0.5, 0.5]]) * 50.8, rtol=1e-6)
    np.testing.assert_allclose(template.angles_rad, [4.0, 1.0], rtol=1e-6)
    assert template.qualities.tolist() == [90, 80]
    assert template.kinds.tolist() == [2, 1]
    assert template.position is FingerPosition.RIGHT_THUMB
    assert template.model_id == manifest.model_id
    assert told.seen[0].shape == (1, 1, 128, 128)


def test_minutiae_on_the_margin_do_not_exist(manifest: Any, told_network: Any) -> None:
    told = told_network([(1, 60, 0.9, 0, 1), (60, 6, 0.9, 0, 1), (60, 60, 0.9, 0, 1), (80, 60, 0.9, 0, 1)])
    template = FingerExtractor(manifest=manifest, network=told).extract(_noise(124, 114))
    assert len(template) == 2  # type: ignore[arg-type]  # a template, or the test fails


def test_the_network_reads_the_sample_at_its_own_resolution(manifest: Any, told_network: Any) -> None:
    told = told_network([(10, 20, 0.9, 0, 1), (30, 20, 0.8, 0, 1)])
    template = FingerExtractor(manifest=manifest, network=told).extract(_noise(256, 320, ppi=1000))
    assert isinstance(template, FingerprintTemplate)
    assert told.seen[0].shape == (1, 1, 128, 160)
    np.testing.assert_allclose(
        template.positions_um, np.array([[20.5, 10.5], [20.5, 30.5]]) * 50.8, rtol=1e-6
    )
    assert template.extent_um == pytest.approx((320 * 25.4, 256 * 25.4))


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        (_noise(30, 300), ExtractionFailure.IMAGE_TOO_SMALL),
        (_noise(1100, 1000), ExtractionFailure.IMAGE_TOO_LARGE),
        (
            CapturedSample(pixels=np.full((200, 200), 80, np.uint8), resolution_ppi=500),
            ExtractionFailure.NO_CONTRAST,
        ),
        (_noise(200, 200), ExtractionFailure.TOO_FEW_MINUTIAE),
    ],
)
def test_what_cannot_become_a_template_is_an_outcome(
    manifest: Any, told_network: Any, sample: CapturedSample, reason: ExtractionFailure
) -> None:
    told = told_network([(100, 100, 0.9, 0, 1)])
    outcome = FingerExtractor(manifest=manifest, network=told).extract(sample)
    assert isinstance(outcome, FailureToExtract)
    assert outcome.reason is reason
    assert bool(told.seen) is (reason is ExtractionFailure.TOO_FEW_MINUTIAE)


def test_a_face_is_refused(manifest: Any, told_network: Any) -> None:
    face = CapturedSample(pixels=np.zeros((99, 99), np.uint8), resolution_ppi=500, modality=Modality.FACE)
    with pytest.raises(ModelError, match="reads fingers, but the sample is face"):
        FingerExtractor(manifest=manifest, network=told_network()).extract(face)


def test_a_model_of_another_task_is_refused(manifest: Any, told_network: Any) -> None:
    with pytest.raises(ModelError, match="not for minutiae"):
        FingerExtractor(manifest=replace(manifest, minutiae=None), network=told_network())


def test_a_model_without_a_direction_is_refused(manifest: Any, told_network: Any) -> None:
    poor = replace(manifest, output=replace(manifest.output, channels=("score", "cos", "ending")))
    with pytest.raises(ModelError, match="lacks sin"):
        FingerExtractor(manifest=poor, network=told_network())


def test_a_model_for_colour_is_refused(manifest: Any, told_network: Any) -> None:
    colour = replace(manifest, input=replace(manifest.input, channels=3))
    with pytest.raises(ModelError, match="it reads 3 and lacks none"):
        FingerExtractor(manifest=colour, network=told_network())


@pytest.mark.parametrize("ppi", [355, 500, 569, 1000])
def test_drawn_minutiae_are_found_at_their_true_place_at_any_resolution(
    draw: Any, leader: Any, ppi: float
) -> None:
    template = leader.extract(draw(PLACES_UM, turn_rad=1.0, ppi=ppi))
    assert _distances(template, PLACES_UM).max() < 130


def test_resolution_leaves_no_drift_behind(draw: Any, leader: Any) -> None:
    """Half a pixel too much or too little, at any step, would show as a common shift of 12 µm or more."""
    fine, true = (leader.extract(draw(PLACES_UM, turn_rad=1.0, ppi=ppi)) for ppi in (1000, 500))
    order = [np.hypot(*(fine.positions_um - place).T).argmin() for place in true.positions_um]
    shift = fine.positions_um[order] - true.positions_um
    assert np.abs(shift).max() < 60
    assert np.abs(np.median(shift, axis=0)).max() < 12


def test_an_enlarged_picture_with_its_new_resolution_has_the_same_minutiae(draw: Any, leader: Any) -> None:
    _assert_enlarging_changes_nothing(leader, draw(PLACES_UM, turn_rad=2.5))


@pytest.mark.lent
def test_an_enlarged_real_print_has_the_same_minutiae(lent_data: Path, leader: Any) -> None:
    image = pytest.importorskip("PIL.Image")
    with image.open(lent_data / "fvc2002_db1_b" / "102_1.tif") as picture:
        pixels = np.asarray(picture.convert("L"))
    _assert_enlarging_changes_nothing(leader, CapturedSample(pixels=pixels, resolution_ppi=500))


def _assert_enlarging_changes_nothing(leader: Any, sample: CapturedSample) -> None:
    doubled = CapturedSample(pixels=sample.pixels.repeat(2, axis=0).repeat(2, axis=1), resolution_ppi=1000)
    before, after = leader.extract(sample), leader.extract(doubled)
    assert len(before) == len(after) >= 5
    np.testing.assert_allclose(after.positions_um, before.positions_um, rtol=1e-6)
    np.testing.assert_array_equal(after.angles_rad, before.angles_rad)
    assert after.extent_um == before.extent_um


def test_threads_do_not_change_a_template(draw: Any, leader: Any) -> None:
    samples = [draw(PLACES_UM, turn_rad=turn, side_um=14_000) for turn in (0.1, 1.1, 2.1)]
    alone = [leader.extract(sample) for sample in samples]
    with ThreadPoolExecutor(max_workers=3) as pool:
        together = list(pool.map(leader.extract, samples))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.positions_um, other.positions_um)
        np.testing.assert_array_equal(one.angles_rad, other.angles_rad)
        np.testing.assert_array_equal(one.qualities, other.qualities)
