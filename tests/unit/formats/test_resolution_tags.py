from __future__ import annotations

import pytest

from biocapil.errors import ResolutionUnknown
from biocapil.formats.resolution_tags import ResolutionTag, believable_ppi, tag_of


def ppi_of(info: dict[str, object], tiff_tags: dict[int, object] | None = None) -> float:
    return believable_ppi(tag_of(info=info, tiff_tags=tiff_tags), name="print.png")


def test_a_tag_per_inch_is_taken() -> None:
    assert ppi_of({"dpi": (512.0, 512.0)}) == 512.0


@pytest.mark.parametrize(("tagged", "meant"), [(499.999, 500.0), (499.9873, 500.0), (999.998, 1000.0)])
def test_a_tag_in_whole_pixels_per_metre_means_the_whole_number(tagged: float, meant: float) -> None:
    assert ppi_of({"dpi": (tagged, tagged)}) == meant


def test_a_resolution_between_whole_numbers_is_kept() -> None:
    assert ppi_of({"dpi": (500.38, 500.38)}) == 500.38


@pytest.mark.parametrize(
    ("info", "said"),
    [
        ({}, "no resolution tag, so its resolution is unknown"),
        ({"dpi": (72, 72)}, "72 x 72 per inch, the default of image editors"),
        ({"dpi": (96.012, 96.012)}, "96.01 x 96.01 per inch, the default of image editors"),
        ({"dpi": (500, 250)}, "500 x 250 per inch, different along the two axes"),
        ({"dpi": (1, 1)}, "1 x 1 per inch, outside the 50 to 4000 ppi"),
        ({"dpi": (500, 5000)}, "500 x 5000 per inch, outside the 50 to 4000 ppi"),
        ({"dpi": (float("nan"), float("inf"))}, "0 x 0 per inch, outside"),
        ({"dpi": ("many", None)}, "0 x 0 per inch, outside"),
        ({"jfif_density": (500, 500)}, "JFIF density 500 x 500 names no unit"),
        ({"aspect": (1, 1)}, "PNG pHYs 1 x 1 names no unit"),
    ],
)
def test_a_tag_that_means_nothing_is_refused_in_its_own_words(info: dict[str, object], said: str) -> None:
    with pytest.raises(ResolutionUnknown, match=said) as refusal:
        ppi_of(info)
    assert str(refusal.value).startswith("print.png: ")
    assert "--ppi (resolution_ppi=...)" in str(refusal.value)


def test_a_tiff_tag_per_centimetre_is_converted() -> None:
    assert ppi_of({}, {282: 200.0, 283: 200.0, 296: 3}) == pytest.approx(508.0)


def test_a_tiff_tag_without_a_unit_tag_is_per_inch() -> None:
    assert ppi_of({}, {282: 569.0, 283: 569.0}) == 569.0


def test_the_resolution_pillow_invents_for_an_untagged_tiff_is_not_believed() -> None:
    with pytest.raises(ResolutionUnknown, match="the TIFF carries no resolution tag"):
        ppi_of({"dpi": (500, 500)}, {})


def test_a_tiff_tag_of_unit_none_is_refused() -> None:
    with pytest.raises(ResolutionUnknown, match="TIFF resolution 500 x 500 names no unit"):
        ppi_of({}, {282: 500.0, 283: 500.0, 296: 1})


def test_one_known_axis_is_not_enough() -> None:
    with pytest.raises(ResolutionUnknown, match="odd, so its resolution is unknown"):
        believable_ppi(ResolutionTag(x_ppi=500.0, y_ppi=None, said="odd"), name="a")
