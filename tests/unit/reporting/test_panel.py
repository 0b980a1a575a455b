from __future__ import annotations

from collections.abc import Callable

import pytest

from biocapil import CapturedSample, FingerprintTemplate
from biocapil.reporting.panel import Panel, drawn_extent_um, panel_background, scale_to_fit


def test_a_point_keeps_its_proportion() -> None:
    panel = Panel(left=10, top=20, extent_um=(10_000, 20_000), units_per_um=0.01)

    assert panel.point(5_000, 20_000) == (60, 220)
    assert (panel.width, panel.height) == (100, 200)


def test_the_print_is_as_large_as_its_pixels_say(
    template: Callable[..., FingerprintTemplate], print_sample: CapturedSample
) -> None:
    panel = Panel(left=0, top=0, extent_um=template.extent_um, units_per_um=0.01)

    drawn = panel_background(panel, print_sample)

    assert f'width="{200 * 50.8 * 0.01:g}"' in drawn
    assert 'href="data:image/png;base64,' in drawn


def test_the_extent_holds_the_template_and_the_print(
    template: Callable[..., FingerprintTemplate], print_sample: CapturedSample
) -> None:
    assert drawn_extent_um(template, None) == (10_000, 12_000)
    assert drawn_extent_um(template, print_sample) == pytest.approx((10_160, 12_000))


def test_one_scale_fits_every_print() -> None:
    assert scale_to_fit(100, (10_000, 5_000), (20_000, 1_000)) == pytest.approx(0.005)


def test_a_panel_narrower_than_the_bar_has_none() -> None:
    wide = Panel(left=0, top=0, extent_um=(10_000, 10_000), units_per_um=0.03)
    narrow = Panel(left=0, top=0, extent_um=(3_000, 3_000), units_per_um=0.03)

    assert "5 mm" in panel_background(wide, None)
    assert "5 mm" not in panel_background(narrow, None)
