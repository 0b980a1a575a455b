"""Contrast, orientation, waves, ridge width, continuity, movement: each against prints made for it."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from biocapil.quality import measure_finger
from biocapil.quality.finger.dryness import dryness_measures
from biocapil.quality.finger.picture import working_picture
from biocapil.quality.finger.relief import find_relief
from biocapil.sample import CapturedSample

Make = Callable[..., CapturedSample]


def measured(sample: CapturedSample) -> dict[str, float]:
    return measure_finger(sample).measures


def changed(sample: CapturedSample, grey: np.ndarray) -> CapturedSample:
    return CapturedSample(pixels=np.clip(grey, 0, 255).astype(np.uint8), resolution_ppi=sample.resolution_ppi)


def test_half_the_contrast_is_half_the_strength(make_print: Make) -> None:
    sample = make_print()
    faint = changed(sample, 200 - (200 - sample.pixels.astype(float)) / 2)
    strong, weak = measured(sample), measured(faint)
    assert weak["strength"] == pytest.approx(strong["strength"] / 2, rel=0.05)
    assert weak["darkness"] == pytest.approx(strong["darkness"] / 2, rel=0.1)


def test_straight_ridges_are_sure_and_noise_is_not(make_print: Make) -> None:
    sample = make_print()
    noise = np.random.default_rng(1).normal(0, 120, sample.pixels.shape)
    sure, unsure = measured(sample), measured(changed(sample, sample.pixels + noise))
    assert sure["coherence"] > 0.95
    assert unsure["coherence"] < 0.75
    assert sure["flow"] > 0.95


@pytest.mark.parametrize("period", [7.0, 9.0, 12.0])
def test_the_period_is_found(make_print: Make, period: float) -> None:
    assert measured(make_print(period_px=period))["period_px"] == pytest.approx(period, rel=0.06)


def test_a_second_wave_across_is_crossing(make_print: Make) -> None:
    one, two = make_print(angle_rad=0.3), make_print(angle_rad=1.7)
    both = changed(one, (one.pixels.astype(float) + two.pixels) / 2)
    alone, crossed = measured(one), measured(both)
    assert crossed["crossing"] > 0.4
    assert alone["crossing"] < 0.1
    assert crossed["second_wave"] > 0.5
    assert alone["second_wave"] < 0.2


def test_wide_and_thin_ridges_part(make_print: Make) -> None:
    thin, even, wide = (measured(make_print(ridge_share=share)) for share in (0.3, 0.5, 0.7))
    assert thin["ridge_share"] < 0.43 < even["ridge_share"] < 0.57 < wide["ridge_share"]
    assert thin["skewness"] < even["skewness"] < wide["skewness"]


def test_broken_ridges_are_pieces_and_dots(make_print: Make) -> None:
    sample = make_print(angle_rad=0.0)
    gaps = (np.arange(320) % 9 < 4)[None, :] * 160.0
    whole, broken = measured(sample), measured(changed(sample, sample.pixels + gaps))
    assert broken["pieces"] > 5 * whole["pieces"]
    assert broken["dot_share"] > 0.5
    assert whole["dot_share"] < 0.1


def test_holes_in_ridges_are_counted(make_print: Make) -> None:
    sample = make_print(angle_rad=0.0, period_px=14.0, ridge_share=0.6)
    y, x = np.mgrid[0:384, 0:320]
    phase = 2 * np.pi * y / 14
    pores = (np.cos(phase) > 0.7) & (x % 20 < 4)
    holes = [
        measured(each)["holes"] for each in (sample, changed(sample, np.where(pores, 210, sample.pixels)))
    ]
    assert holes[1] > holes[0] + 5


def test_without_a_print_nothing_is_broken() -> None:
    blank = CapturedSample(pixels=np.full((200, 200), 200, np.uint8), resolution_ppi=500)
    picture = working_picture(blank)
    found = dryness_measures(picture, np.zeros((25, 25), np.bool_), find_relief(picture))
    assert set(found.values()) == {0.0}


def test_a_wipe_in_one_direction_leaves_ridges_along_it(make_print: Make) -> None:
    y, x = np.mgrid[0:384, 0:320]
    rings = 130 + 70 * np.sin(2 * np.pi * np.hypot(x - 160, y - 192) / 9)
    still = changed(make_print(), rings)
    wiped = changed(still, cv2.blur(still.pixels.astype(np.float32), (9, 1)))
    assert measured(wiped)["strength_direction"] > measured(still)["strength_direction"] + 0.3


@pytest.mark.parametrize("distance", [6, 11])
def test_a_second_print_is_an_echo_at_its_distance(make_print: Make, distance: int) -> None:
    rng = np.random.default_rng(2)
    sample = make_print(radius_px=150.0)
    rough = sample.pixels + cv2.GaussianBlur(rng.normal(0, 120, sample.pixels.shape), (0, 0), 1.3)
    twice = 0.55 * rough + 0.45 * np.roll(rough, distance, axis=1)
    once, echoed = measured(changed(sample, rough)), measured(changed(sample, twice))
    assert echoed["echo"] > 1.5 * once["echo"]
    assert echoed["echo_distance_px"] == distance


def test_faint_ridges_beside_the_print_are_a_ghost(make_print: Make) -> None:
    sample = make_print(radius_px=80.0)
    ghost = 18 * np.sin(np.arange(384) * 2 * np.pi / 9)[:, None] * (np.arange(320) < 75)
    outside = sample.pixels > 205
    clean, soiled = measured(sample), measured(changed(sample, sample.pixels - outside * (18 + ghost)))
    assert clean["ghost_mm2"] < 5
    assert soiled["ghost_mm2"] > 60
    assert soiled["ground_share"] > 0.5


def test_the_focus_of_a_loop_is_its_core(make_print: Make) -> None:
    y, x = np.mgrid[0:384, 0:320]
    parabolas = np.hypot(x - 200, y - 150) + (y - 150)
    loop = 130 + 70 * np.sin(2 * np.pi * parabolas / 14)
    found = measured(changed(make_print(), loop))
    straight = measured(make_print())
    assert found["core"] > 0.75
    assert straight["core"] < 0.5
    assert found["core_aside_mm"] == pytest.approx(40 * 25.4 / 500, abs=0.9)
    assert found["core_low_mm"] == pytest.approx(-42 * 25.4 / 500, abs=0.9)


def test_every_sample_has_the_same_measures_all_finite(make_print: Make) -> None:
    samples = [
        make_print(),
        CapturedSample(pixels=np.full((10, 10), 0, np.uint8), resolution_ppi=500),
        CapturedSample(pixels=np.full((700, 90), 255, np.uint8), resolution_ppi=1000),
        CapturedSample(
            pixels=np.random.default_rng(0).integers(0, 255, (400, 300), dtype=np.uint8), resolution_ppi=200
        ),
    ]
    found = [measured(sample) for sample in samples]
    assert all(list(each) == list(found[0]) for each in found)
    assert all(np.isfinite(list(each.values())).all() for each in found)


def test_the_flow_of_a_turned_print_changes_its_sign(make_print: Make) -> None:
    sample = make_print(x_px=159.5, y_px=191.5, noise=0.0)
    y, x = np.mgrid[0:384, 0:320]
    arches = 130 + 70 * np.sin(2 * np.pi * np.hypot(x - 159.5, y - 300) / 9)
    arched = changed(sample, np.where(sample.pixels < 215, arches, 215))
    upright = measure_finger(arched).flow
    turned = measure_finger(changed(arched, arched.pixels[::-1, ::-1])).flow
    assert np.abs(upright).max() > 0.3
    assert np.corrcoef(upright, turned)[0, 1] < -0.95
