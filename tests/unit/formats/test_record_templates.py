from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError
from biocapil.formats import (
    FingerView,
    MinutiaeRecord,
    RecordStandard,
    read_minutiae_record,
    record_to_templates,
    templates_to_record,
    write_minutiae_record,
)
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, ImpressionType, ModelId

ISO, ANSI = RecordStandard
RecordMaker = Callable[..., MinutiaeRecord]
ViewMaker = Callable[..., FingerView]


def template_of(
    qualities: list[int], position: FingerPosition = FingerPosition.UNKNOWN, side_um: float = 20_000.0
) -> FingerprintTemplate:
    count = len(qualities)
    return FingerprintTemplate(
        positions_um=np.column_stack([np.arange(count), np.arange(count)]).astype(np.float32) * 50,
        angles_rad=np.zeros(count, np.float32),
        kinds=np.ones(count, np.uint8),
        qualities=np.array(qualities, np.uint8),
        extent_um=(side_um, side_um),
        model_id=ModelId("m"),
        position=position,
    )


def test_a_view_becomes_micrometres_and_radians(make_record: RecordMaker, make_view: ViewMaker) -> None:
    view = make_view([(2, 100, 200, 64, 55)], position=7)
    (template,) = record_to_templates(make_record(ISO, view, x_ppcm=200, y_ppcm=400))
    np.testing.assert_allclose(template.positions_um, [[5025, 5012.5]])
    np.testing.assert_allclose(template.angles_rad, [np.pi / 2])
    assert (template.kinds[0], template.qualities[0]) == (2, 55)
    assert template.extent_um == (15_000.0, 10_000.0)
    assert template.position is FingerPosition.LEFT_INDEX
    assert template.model_id == "minutiae:iso-19794-2-2005"


def test_ansi_counts_angles_in_two_degrees(make_record: RecordMaker, make_view: ViewMaker) -> None:
    (template,) = record_to_templates(make_record(ANSI, make_view([(1, 0, 0, 45, 0), (1, 0, 0, 179, 0)])))
    np.testing.assert_allclose(np.degrees(template.angles_rad), [90, 358], rtol=1e-6)
    assert template.model_id == "minutiae:ansi-378-2004"


def test_the_caller_may_name_the_model(make_record: RecordMaker, make_view: ViewMaker) -> None:
    (template,) = record_to_templates(make_record(ISO, make_view()), model_id=ModelId("vendor@1"))
    assert template.model_id == "vendor@1"


def test_values_that_only_lenient_reading_lets_through_are_made_sound(
    make_record: RecordMaker, make_view: ViewMaker
) -> None:
    view = make_view([(3, 500, 600, 200, 101)], position=99, view_number=0)
    (template,) = record_to_templates(make_record(ANSI, view, x_ppcm=100, y_ppcm=100))
    assert (template.kinds[0], template.qualities[0]) == (0, 0)
    np.testing.assert_allclose(np.degrees(template.angles_rad), [40])
    assert template.extent_um == (50_100.0, 60_100.0)
    assert template.position is FingerPosition.UNKNOWN


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ({"x_ppcm": 0}, "resolution: 0 pixels per centimetre"),
        ({"y_ppcm": 0}, "resolution: 0 pixels per centimetre"),
        ({"width_px": 65535, "x_ppcm": 99}, "image width and height: 6.6197e"),
        ({"height_px": 0}, "image width and height"),
    ],
)
def test_headers_that_give_no_positions_are_refused(
    make_record: RecordMaker, header: dict[str, int], text: str
) -> None:
    with pytest.raises(FormatError, match=text):
        record_to_templates(make_record(ISO, **header))


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_record_comes_back_from_its_templates(
    data: st.DataObject, records: st.SearchStrategy[MinutiaeRecord]
) -> None:
    record = data.draw(records)
    again = templates_to_record(record_to_templates(record), standard=record.standard)
    assert (again.header.width_px, again.header.height_px) == (
        record.header.width_px,
        record.header.height_px,
    )
    for new, old in zip(again.views, record.views, strict=True):
        assert (new.position, new.view_number) == (old.position, old.view_number)
        for name in ("kinds", "x_px", "y_px", "angles", "qualities"):
            np.testing.assert_array_equal(getattr(new.minutiae, name), getattr(old.minutiae, name))
    assert not read_minutiae_record(write_minutiae_record(again)).problems


@pytest.mark.parametrize("standard", RecordStandard)
def test_positions_become_their_pixel_and_angles_round_to_the_nearest(standard: RecordStandard) -> None:
    unit = 2 * np.pi / standard.angle_units
    template = replace(
        template_of([10, 20, 30]),
        positions_um=np.array([[99, 101], [199, 201], [20_000, 20_000]], np.float32),
        angles_rad=np.array([0.4 * unit, 0.6 * unit, 2 * np.pi - 0.4 * unit], np.float32),
    )
    record = templates_to_record([template], standard=standard, resolution_ppcm=100)
    minutiae = record.views[0].minutiae
    assert minutiae.x_px.tolist() == [0, 1, 199]
    assert minutiae.y_px.tolist() == [1, 2, 199]
    assert minutiae.angles.tolist() == [0, 1, 0]
    assert record.views[0].quality == 20


def test_of_too_many_minutiae_the_best_stay_in_their_order() -> None:
    qualities = [50] * 100 + [1] * 45 + [90] * 155
    record = templates_to_record([template_of(qualities)], standard=ISO)
    minutiae = record.views[0].minutiae
    assert minutiae.qualities.tolist() == [50] * 100 + [90] * 155
    tied = templates_to_record([template_of([7] * 300)], standard=ISO).views[0].minutiae
    assert len(tied) == 255
    assert int(tied.x_px.max()) == round(254 * 50 * 197 / 10_000)


def test_several_fingers_share_one_image_size_and_count_their_views() -> None:
    thumb, index = FingerPosition.RIGHT_THUMB, FingerPosition.RIGHT_INDEX
    templates = [template_of([1], thumb), template_of([0, 0], index, 30_000.0), template_of([3], thumb)]
    record = templates_to_record(templates, standard=ANSI, impression=ImpressionType.LIVE_ROLLED)
    assert [(view.position, view.view_number) for view in record.views] == [(1, 0), (2, 0), (1, 1)]
    assert [view.quality for view in record.views] == [1, 0, 3]
    assert {view.impression for view in record.views} == {1}
    assert (record.header.width_px, record.header.x_ppcm) == (591, 197)
    assert record.header.product_owner == 0x0103
    assert not read_minutiae_record(write_minutiae_record(record)).problems


def test_what_a_record_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one template, got none"):
        templates_to_record([], standard=ISO)
    with pytest.raises(ValueError, match=r"resolution_ppcm must lie in 99\.\.65535, got 98"):
        templates_to_record([template_of([1])], standard=ISO, resolution_ppcm=98)
    with pytest.raises(ValueError, match="at most 16 views of one finger, got more of UNKNOWN"):
        templates_to_record([template_of([1])] * 17, standard=ISO)
    assert len(templates_to_record([template_of([1])] * 16, standard=ISO).views) == 16
    large = template_of([1], side_um=163_840.0)
    assert templates_to_record([large], standard=ISO, resolution_ppcm=1000).header.width_px == 16384
    with pytest.raises(ValueError, match=r"16401 by 16401 pixels at 1001 per centimetre; .* 16384 on a side"):
        templates_to_record([large], standard=ISO, resolution_ppcm=1001)


@pytest.mark.lent
def test_both_standards_give_the_same_template_of_the_same_prints(lent_data: Path) -> None:
    folder = lent_data / "vectors" / "libbiomeval_vectors"
    first, second = (
        record_to_templates(read_minutiae_record((folder / name).read_bytes(), strict=False).record)
        for name in ("fmr.iso2005", "fmr.ansi2004")
    )
    for iso, ansi in zip(first, second[:2], strict=True):
        np.testing.assert_array_equal(iso.positions_um, ansi.positions_um)
        np.testing.assert_array_equal(iso.kinds, ansi.kinds)
        turns = (iso.angles_rad - ansi.angles_rad + np.pi) % (2 * np.pi) - np.pi
        assert np.degrees(np.abs(turns)).max() < 2.0
