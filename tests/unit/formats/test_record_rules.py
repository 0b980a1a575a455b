from __future__ import annotations

from collections.abc import Callable

import pytest

from biocapil.formats import ExtendedBlock, FingerView, MinutiaeRecord, RecordHeader, RecordStandard
from biocapil.formats.ansi_378_2004 import ANSI_378_2004
from biocapil.formats.iso_19794_2_2005 import ISO_19794_2_2005
from biocapil.formats.record_edition import RecordEdition
from biocapil.formats.record_rules import (
    header_violations,
    numbering_violations,
    reserved_header_violations,
    reserved_view_violations,
    view_violations,
)

ISO, ANSI = RecordStandard
RecordMaker = Callable[..., MinutiaeRecord]
ViewMaker = Callable[..., FingerView]


def owner_of(edition: RecordEdition) -> dict[str, int]:
    return {"product_owner": 0x42 if edition.has_product else 0}


@pytest.mark.parametrize(("standard", "edition"), [(ISO, ISO_19794_2_2005), (ANSI, ANSI_378_2004)])
def test_a_sound_record_breaks_no_rule(
    make_record: RecordMaker, make_view: ViewMaker, standard: RecordStandard, edition: RecordEdition
) -> None:
    view, header = make_view(), make_record(standard).header
    assert not [*header_violations(header, edition, view_count=176, device_offset=14)]
    assert not [*reserved_header_violations(header, edition, device_offset=14)]
    assert not [*view_violations(view, header, edition, name="v", offset=24)]
    assert not [*reserved_view_violations(view, edition, name="v", offset=24)]


@pytest.mark.parametrize(
    ("edition", "changes", "views", "place", "text"),
    [
        (ISO_19794_2_2005, {"width_px": 0}, 1, ("image width", 14), "0 is not allowed, must be 1..65535"),
        (ISO_19794_2_2005, {"height_px": 0}, 1, ("image height", 16), "must be 1..65535"),
        (ISO_19794_2_2005, {"x_ppcm": 98}, 1, ("horizontal resolution", 18), "98 .* must be 99..65535"),
        (ISO_19794_2_2005, {"y_ppcm": 0}, 1, ("vertical resolution", 20), "must be 99..65535"),
        (ISO_19794_2_2005, {}, 0, ("number of finger views", 22), "must be 1..176"),
        (ISO_19794_2_2005, {}, 177, ("number of finger views", 22), "177"),
        (ISO_19794_2_2005, {"product_owner": 5}, 1, ("product owner", 8), "5 is not allowed, must be 0"),
        (ISO_19794_2_2005, {"product_type": 5}, 1, ("product type", 10), "5 is not allowed, must be 0"),
        (ANSI_378_2004, {"product_owner": 0}, 1, ("product owner", 8), "must be 1..65535"),
        (ANSI_378_2004, {"x_ppcm": 0}, 1, ("horizontal resolution", 18), "must be 1..65535"),
    ],
)
def test_header_values_out_of_range_are_named(
    edition: RecordEdition,
    changes: dict[str, int],
    views: int,
    place: tuple[str, int],
    text: str,
) -> None:
    header = RecordHeader(
        **{"width_px": 9, "height_px": 9, "x_ppcm": 197, "y_ppcm": 197, **owner_of(edition), **changes}
    )
    (problem,) = header_violations(header, edition, view_count=views, device_offset=12)
    assert (problem.record, problem.field, problem.offset) == (edition.title, *place)
    with pytest.raises(type(problem), match=text):
        raise problem


def test_reserved_bits_of_the_header_must_be_zero(make_record: RecordMaker) -> None:
    header = make_record(ISO, compliance=0b1001, reserved=7).header
    problems = [*reserved_header_violations(header, ISO_19794_2_2005, device_offset=12)]
    assert [(p.field, p.offset) for p in problems] == [
        ("capture device, reserved bits", 12),
        ("reserved byte", 23),
    ]


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"position": 11}, ("v, finger position", 24), "11 is not allowed, must be 0..10"),
        ({"impression": 4}, ("v, impression type", 25), "4 is not one of 0, 1, 2, 3, 8, 9"),
        ({"impression": 7}, ("v, impression type", 25), "7 is not one of"),
        ({"quality": 101}, ("v, finger quality", 26), "101 is not allowed, must be 0..100"),
        ({"rows": [(1, 0, 0, 0, 0), (3, 0, 0, 0, 0)]}, ("v, type of minutia 2", 34), r"3 is outside 0\.\.2$"),
        ({"rows": [(1, 300, 0, 0, 0)]}, ("v, x of minutia 1", 28), r"300 is outside 0\.\.299"),
        ({"rows": [(1, 0, 400, 0, 0)]}, ("v, y of minutia 1", 30), r"400 is outside 0\.\.399"),
        ({"rows": [(1, 0, 0, 180, 0)] * 2}, ("v, angle of minutia 1", 32), r"180 .* \(2 minutiae"),
        ({"rows": [(1, 0, 0, 0, 101)]}, ("v, quality of minutia 1", 33), r"101 is outside 0\.\.100"),
        (
            {"blocks": (ExtendedBlock(kind=300, data=b"x"), ExtendedBlock(kind=1, data=b"xx"))},
            ("v, extended data block 2", 47),
            "type 1 has 2 bytes of content, its own counts ask for 4",
        ),
    ],
)
def test_view_values_out_of_range_are_named(
    make_record: RecordMaker,
    make_view: ViewMaker,
    changes: dict[str, object],
    place: tuple[str, int],
    text: str,
) -> None:
    header = make_record(ANSI).header
    (problem,) = view_violations(make_view(**changes), header, ANSI_378_2004, name="v", offset=24)
    assert (problem.field, problem.offset) == place
    with pytest.raises(type(problem), match=text):
        raise problem


def test_iso_knows_latents_and_finer_angles(make_record: RecordMaker, make_view: ViewMaker) -> None:
    view = make_view([(1, 0, 0, 255, 0)], impression=7)
    assert not [*view_violations(view, make_record(ISO).header, ISO_19794_2_2005, name="v", offset=24)]


def test_reserved_bits_of_minutiae_must_be_zero(make_view: ViewMaker) -> None:
    (problem,) = reserved_view_violations(make_view(reserved=2), ISO_19794_2_2005, name="v", offset=24)
    assert (problem.field, problem.offset) == ("v, reserved bits of minutia 1", 30)


def test_an_image_without_width_holds_no_minutia(make_record: RecordMaker, make_view: ViewMaker) -> None:
    header = make_record(ISO, width_px=0).header
    (problem,) = view_violations(make_view([(1, 0, 0, 0, 0)]), header, ISO_19794_2_2005, name="v", offset=24)
    assert problem.field == "v, x of minutia 1"


def test_views_of_one_finger_count_from_zero_in_order(make_view: ViewMaker) -> None:
    def numbered(*pairs: tuple[int, int]) -> list[str]:
        views = tuple(make_view(position=position, view_number=number) for position, number in pairs)
        offsets = tuple(range(len(views)))
        return [p.field for p in numbering_violations(views, offsets, ISO_19794_2_2005)]

    assert not numbered((1, 0), (2, 0), (1, 1), (1, 2), (2, 1))
    assert numbered((1, 1)) == ["finger view 1, view number"]
    assert numbered((1, 1), (1, 0)) == ["finger view 1, view number", "finger view 2, view number"]
    assert numbered((1, 0), (1, 0)) == ["finger view 2, view number"]
