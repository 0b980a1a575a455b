from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from biocapil.comparison.iris_agreement import IrisAgreement
from biocapil.iris_segmentation import CONTOUR_ANGLES, IrisContour, IrisSegmentation, UnwrappedIris
from biocapil.reporting.iris_picture import DrawnEye, iris_pair_svg
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality

SVG = "{http://www.w3.org/2000/svg}"


def eye(label: str) -> DrawnEye:
    cells = np.ones((24, 32), np.float32)
    pupil, limbus = (
        IrisContour(center_x_px=30, center_y_px=20, radius_px=r, radii_px=np.full(CONTOUR_ANGLES, r))
        for r in (6.0, 15.0)
    )
    mask = np.ones((8, 16), np.bool_)
    mask[:, :4] = False
    return DrawnEye(
        sample=CapturedSample(pixels=np.full((48, 64), 90, np.uint8), modality=Modality.IRIS),
        segmentation=IrisSegmentation(
            pupil=pupil, limbus=limbus, opening=cells, valid=cells, px_per_cell=2.0, confidence=1.0
        ),
        unwrapped=UnwrappedIris(grey=np.full((8, 16), 100, np.float32), mask=mask),
        label=label,
    )


@pytest.fixture
def agreement() -> IrisAgreement:
    agrees = np.random.default_rng(1).random((16, 32)) < 0.8
    return IrisAgreement(
        turn=3,
        differing_bits=1204,
        compared_bits=6020,
        similarity=62.5,
        compared=np.ones_like(agrees),
        agrees=agrees,
    )


def test_both_eyes_their_borders_the_sheets_and_the_map_are_drawn(agreement: IrisAgreement) -> None:
    drawn = ET.fromstring(iris_pair_svg(eye("Probe <1>"), eye("Reference"), agreement))  # noqa: S314  # our own
    assert len(drawn.findall(f"{SVG}polygon")) == 4
    assert len(drawn.findall(f"{SVG}image")) == 5
    told = " ".join(each.text or "" for each in drawn.findall(f"{SVG}text"))
    assert "1,204 of 6,020 compared bits differ" in told
    assert "similarity 62.5" in told
    assert "Probe <1>" in told


def test_codes_that_cannot_be_compared_have_no_map() -> None:
    drawn = ET.fromstring(iris_pair_svg(eye("One"), eye("Other"), None))  # noqa: S314  # our own
    assert len(drawn.findall(f"{SVG}image")) == 4
    assert "cannot be compared" in (drawn.findtext(f"{SVG}desc") or "")


def test_nothing_outside_is_referred_to(agreement: IrisAgreement) -> None:
    svg = iris_pair_svg(eye("One"), eye("Other"), agreement)
    assert svg.count("http") == svg.count("http://www.w3.org/2000/svg") == 1
