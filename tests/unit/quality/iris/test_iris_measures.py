from __future__ import annotations

import numpy as np
import pytest

from biocapil.iris_segmentation import CONTOUR_ANGLES, IrisContour, IrisSegmentation, UnwrappedIris
from biocapil.quality.iris.direction import detail_by_direction
from biocapil.quality.iris.edges import measure_edge
from biocapil.quality.iris.geometry import inside_share, off_centre, ovalness
from biocapil.quality.iris.glare import glare_share
from biocapil.quality.iris.interlace import combing
from biocapil.quality.iris.measures import MEASURES, measure_iris
from biocapil.quality.iris.texture import fine_detail, strength
from biocapil.quality.opencv import opencv

ROWS, COLUMNS = 240, 320
ALL = np.ones(CONTOUR_ANGLES, np.bool_)


def circle(x: float, y: float, radius: float, *, oval: float = 0.0) -> IrisContour:
    waves = np.cos(2 * np.linspace(0, 2 * np.pi, CONTOUR_ANGLES, endpoint=False))
    return IrisContour(center_x_px=x, center_y_px=y, radius_px=radius, radii_px=radius * (1 + oval * waves))


def found(x: float = 160, y: float = 120, radius: float = 80.0) -> IrisSegmentation:
    cells = np.ones((ROWS // 2, COLUMNS // 2), np.float32)
    return IrisSegmentation(
        pupil=circle(x + 4, y, radius * 0.4),
        limbus=circle(x, y, radius),
        opening=cells,
        valid=cells,
        px_per_cell=2.0,
        confidence=0.9,
    )


def eye(pupil: float = 30, iris: float = 90, white: float = 180) -> np.ndarray:
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    away = np.hypot(columns - 160, rows - 120)
    inner = np.hypot(columns - 164, rows - 120)
    grey = np.where(away < 80, iris, white)
    return np.where(inner < 32, pupil, grey).astype(np.float32)


def test_an_iris_in_the_middle_lies_inside() -> None:
    assert inside_share(found(), (ROWS, COLUMNS)) == 1.0
    assert inside_share(found(x=0), (ROWS, COLUMNS)) == pytest.approx(0.5, abs=0.06)


def test_an_oval_is_told_by_two_waves() -> None:
    assert ovalness(circle(0, 0, 50)) == pytest.approx(0, abs=1e-9)
    assert ovalness(circle(0, 0, 50, oval=0.07)) == pytest.approx(0.07)


def test_the_distance_of_centres_is_in_radii() -> None:
    assert off_centre(found()) == pytest.approx(4 / 80)


def test_steps_are_told_in_grey_values() -> None:
    told = measure_edge(eye(), found().limbus, ALL, iris_radius_px=80)
    assert told.contrast == pytest.approx(90, abs=3)
    assert measure_edge(eye(), found().pupil, ALL, iris_radius_px=80).contrast == pytest.approx(60, abs=3)


def test_defocus_widens_every_edge_and_motion_some() -> None:
    cv2 = opencv()
    sharp, soft, moved = (
        measure_edge(image, found().pupil, ALL, iris_radius_px=80)
        for image in (eye(), cv2.GaussianBlur(eye(), (0, 0), 4), cv2.blur(eye(), (15, 1)))
    )
    assert soft.width > 2 * sharp.width
    assert moved.unevenness > soft.unevenness + 0.15


def test_a_border_that_nobody_sees_has_no_width() -> None:
    told = measure_edge(eye(), found().pupil, ~ALL, iris_radius_px=80)
    assert (told.contrast, told.width, told.unevenness) == (0, 0, 0)


def test_torn_rows_comb() -> None:
    rng = np.random.default_rng(1)
    whole = opencv().GaussianBlur(rng.normal(128, 60, (200, 200)).astype(np.float32), (0, 0), 1.5)
    torn = whole.copy()
    torn[1::2] = np.roll(torn, 5, axis=1)[1::2]
    assert combing(torn) > combing(whole) + 0.3
    assert combing(whole[:2]) == 0


def test_a_reflection_is_told_by_its_share() -> None:
    image = eye()
    assert glare_share(image, found()) == pytest.approx(0, abs=0.01)
    image[60:120, 120:200] = 250
    disc = np.pi * 80**2
    assert glare_share(image, found()) == pytest.approx(60 * 80 / disc, abs=0.06)


def test_motion_takes_detail_one_way_and_defocus_every_way() -> None:
    cv2 = opencv()
    noise = cv2.GaussianBlur(np.random.default_rng(2).normal(128, 40, (200, 200)), (0, 0), 1).astype(
        np.float32
    )
    sharp, soft, moved = (
        detail_by_direction(image, np.ones(image.shape, np.bool_), radius_px=60)
        for image in (noise, cv2.GaussianBlur(noise, (0, 0), 3), cv2.blur(noise, (13, 1)))
    )
    assert soft.fineness < sharp.fineness - 0.3
    assert moved.one_sidedness > sharp.one_sidedness + 0.2
    assert soft.one_sidedness < moved.one_sidedness - 0.2


def unwrapped(smooth: float, share: float = 1.0) -> UnwrappedIris:
    grey = opencv().GaussianBlur(
        np.random.default_rng(3).normal(100, 20, (64, 512)).astype(np.float32), (0, 0), smooth
    )
    mask = np.random.default_rng(4).random((64, 512)) < share
    return UnwrappedIris(grey=grey, mask=mask)


def test_a_smooth_iris_has_less_fine_detail() -> None:
    assert fine_detail(unwrapped(4)) < fine_detail(unwrapped(1)) - 0.5
    assert strength(unwrapped(1)) > strength(unwrapped(4)) > 0


def test_a_hidden_iris_has_no_detail() -> None:
    assert fine_detail(unwrapped(1, share=0.0)) == 0
    assert strength(unwrapped(1, share=0.0)) == 0


@pytest.mark.parametrize("x", [160.0, 8.0])
def test_all_measures_are_finite_numbers(x: float) -> None:
    told = measure_iris(eye().astype(np.uint8), found(x=x), unwrapped(1))
    assert tuple(told) == MEASURES
    assert np.isfinite(list(told.values())).all()
    assert told["dilation"] == pytest.approx(0.4)
    assert told["radius"] == pytest.approx(np.log(80))


def test_too_little_iris_has_no_direction() -> None:
    told = detail_by_direction(eye(), np.zeros((ROWS, COLUMNS), np.bool_), radius_px=60)
    assert (told.fineness, told.one_sidedness) == (0, 0)
