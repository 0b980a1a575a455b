from __future__ import annotations

import pytest

from biocapil.synthesis.iris import EyeConditions, EyeDegradation, degrade

VISIT = EyeConditions()


@pytest.mark.parametrize("way", EyeDegradation)
def test_each_degradation_changes_the_visit(way: EyeDegradation) -> None:
    mild, grave = degrade(VISIT, way, 0.0), degrade(VISIT, way, 1.0)
    assert mild != VISIT
    assert (mild != grave) or way is EyeDegradation.CLOSED


@pytest.mark.parametrize("center_x_px", [100.0, 220.0])
def test_an_eye_is_cut_on_the_side_where_it_is(center_x_px: float) -> None:
    cut = degrade(EyeConditions(center_x_px=center_x_px), EyeDegradation.CUT, 0.0)
    assert min(cut.center_x_px, cut.columns - cut.center_x_px) < cut.radius_px
    assert (cut.center_x_px > 160) == (center_x_px > 160)


def test_a_severity_lies_between_0_and_1() -> None:
    with pytest.raises(ValueError, match="severity of far"):
        degrade(VISIT, EyeDegradation.FAR, 1.5)
