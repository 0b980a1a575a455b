"""Records for the tests of this folder: makers of small ones, strategies of sound ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from biocapil.formats import (
    CaptureDate,
    CaptureDetails,
    CertificationBlock,
    CompressionHistory,
    EncodedImage,
    ExtendedBlock,
    FaceImage2005,
    FaceImage2011,
    FaceImageRecord2005,
    FaceImageRecord2011,
    FingerImage2005,
    FingerImage2011,
    FingerImageRecord2005,
    FingerImageRecord2011,
    FingerView,
    ImageEncoding,
    ImageRecord,
    IrisImage2005,
    IrisImage2011,
    IrisImageRecord2005,
    IrisImageRecord2011,
    Landmark,
    MinutiaeRecord,
    Orientation,
    QualityBlock,
    RecordedEye2005,
    RecordedMinutiae,
    RecordHeader,
    RecordStandard,
    encode_pixels,
    iso_19794_4_2005,
    iso_19794_4_2011,
    iso_19794_5_2005,
    iso_19794_5_2011,
    iso_19794_6_2005,
    iso_19794_6_2011,
    properties_of,
)
from biocapil.formats.capture_details import (
    CERTIFICATION_LAYOUT,
    DATE_LAYOUT,
    DEVICE_LAYOUT,
    QUALITY_LAYOUT,
)
from biocapil.formats.field_layout import Field

RecordMaker = Callable[..., MinutiaeRecord]
WIDTH, HEIGHT = 300, 400


def minutiae_of(rows: list[tuple[int, int, int, int, int]], reserved: int = 0) -> RecordedMinutiae:
    """Minutiae from (kind, x, y, angle, quality)."""
    table = np.array(rows, np.int64).reshape(-1, 5)
    return RecordedMinutiae(
        kinds=table[:, 0].astype(np.uint8),
        x_px=table[:, 1].astype(np.uint16),
        y_px=table[:, 2].astype(np.uint16),
        angles=table[:, 3].astype(np.uint8),
        qualities=table[:, 4].astype(np.uint8),
        reserved=np.full(len(table), reserved, np.uint8),
    )


def record_of(standard: RecordStandard, *views: FingerView, **header: int) -> MinutiaeRecord:
    """A record of a 300 by 400 image at 500 ppi."""
    owner = 0x42 if standard is RecordStandard.ANSI_378_2004 else 0
    fields = {"width_px": WIDTH, "height_px": HEIGHT, "x_ppcm": 197, "y_ppcm": 197, "product_owner": owner}
    return MinutiaeRecord(standard=standard, header=RecordHeader(**{**fields, **header}), views=views)


def view_of(
    rows: list[tuple[int, int, int, int, int]] | None = None, *, reserved: int = 0, **fields: object
) -> FingerView:
    """A view of the right index with two minutiae, or of the given ones."""
    chosen = [(1, 10, 20, 30, 40), (2, 299, 399, 179, 100)] if rows is None else rows
    values: dict[str, object] = {"position": 2, "view_number": 0, "impression": 0, "quality": 80}
    return FingerView(**{**values, **fields}, minutiae=minutiae_of(chosen, reserved))  # type: ignore[arg-type]  # a maker of test data


@st.composite
def sound_views(draw: st.DrawFn, standard: RecordStandard, number: int) -> FingerView:
    """View `number` of the left thumb, with anything in it that the standard allows."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.integers(0, WIDTH - 1),
                st.integers(0, HEIGHT - 1),
                st.integers(0, standard.angle_units - 1),
                st.integers(0, 100),
            ),
            max_size=12,
        )
    )
    blocks = draw(st.lists(st.tuples(st.integers(256, 0xFFFF), st.binary(max_size=9)), max_size=3))
    return view_of(
        rows,
        position=6,
        view_number=number,
        impression=draw(st.sampled_from([0, 1, 2, 3, 8, 9])),
        quality=draw(st.integers(0, 100)),
        blocks=tuple(ExtendedBlock(kind=kind, data=data) for kind, data in blocks),
    )


@st.composite
def sound_records(draw: st.DrawFn) -> MinutiaeRecord:
    """Records that strict reading accepts."""
    standard = draw(st.sampled_from(RecordStandard))
    count = draw(st.integers(1, 3))
    views = [draw(sound_views(standard, number)) for number in range(count)]
    return record_of(standard, *views, device_id=draw(st.integers(0, 0xFFF)))


@pytest.fixture(scope="session")
def make_record() -> RecordMaker:
    return record_of


@pytest.fixture(scope="session")
def make_view() -> Callable[..., FingerView]:
    return view_of


@pytest.fixture(scope="session")
def make_minutiae() -> Callable[..., RecordedMinutiae]:
    return minutiae_of


@pytest.fixture(scope="session")
def records() -> st.SearchStrategy[MinutiaeRecord]:
    return sound_records()


def field_values(layout: Iterable[Field], *leave_out: str) -> st.SearchStrategy[dict[str, int]]:
    """A value that is allowed for each field of a layout, but for the ones left out."""
    return st.fixed_dictionaries(
        {field.name: _allowed(field) for field in layout if field.name not in leave_out}
    )


def _allowed(field: Field) -> st.SearchStrategy[int]:
    if field.codes is not None:
        return st.sampled_from(sorted(field.codes))
    inside = st.integers(field.low, field.largest if field.high is None else field.high)
    return inside if field.also is None else inside | st.just(field.also)


@st.composite
def capture_details(draw: st.DrawFn) -> CaptureDetails:
    """Capture details with anything in them that is allowed."""
    qualities = draw(st.lists(field_values(QUALITY_LAYOUT), max_size=3))
    return CaptureDetails(
        date=CaptureDate(**draw(field_values(DATE_LAYOUT))),
        qualities=tuple(QualityBlock(**block) for block in qualities),
        **draw(field_values(DEVICE_LAYOUT)),
    )


@st.composite
def payloads(draw: st.DrawFn, encodings: Iterable[ImageEncoding], *, bit_depth: int = 8) -> EncodedImage:
    """A small image; only its raw bytes are as many as they must be, others are noise."""
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    encoding = draw(st.sampled_from(sorted(set(encodings), key=lambda one: one.value)))
    size = width * height * bit_depth // 8
    data = st.binary(min_size=size, max_size=size) if encoding.is_raw else st.binary(min_size=1, max_size=60)
    return EncodedImage(
        encoding=encoding, width_px=width, height_px=height, bit_depth=bit_depth, data=draw(data)
    )


@st.composite
def finger_records_2011(draw: st.DrawFn) -> FingerImageRecord2011:
    """Finger image records of the 2011 edition."""
    certified = draw(st.booleans())

    @st.composite
    def images(draw: st.DrawFn) -> FingerImage2011:
        blocks = draw(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=9)), max_size=2))
        certifications = draw(st.lists(field_values(CERTIFICATION_LAYOUT), max_size=2 if certified else 0))
        return FingerImage2011(
            capture=draw(capture_details()),
            certifications=tuple(CertificationBlock(**block) for block in certifications),
            impression=draw(st.sampled_from(sorted(iso_19794_4_2011.IMPRESSIONS_2011))),
            image=draw(payloads(iso_19794_4_2011.ENCODINGS_2011.values())),
            blocks=tuple(ExtendedBlock(kind=kind, data=data) for kind, data in blocks),
            **draw(field_values(iso_19794_4_2011.PLACE_LAYOUT)),
        )

    parts = draw(st.lists(images(), min_size=1, max_size=3))
    return FingerImageRecord2011(representations=tuple(parts), has_certifications=certified)


@st.composite
def finger_records_2005(draw: st.DrawFn) -> FingerImageRecord2005:
    """Finger image records of the 2005 edition."""
    encoding = draw(st.sampled_from(list(iso_19794_4_2005.ENCODINGS_2005.values())))
    parts = draw(
        st.lists(
            st.builds(
                lambda values, image: FingerImage2005(image=image, **values),
                field_values(iso_19794_4_2005.IMAGE_LAYOUT, "width_px", "height_px"),
                payloads([encoding]),
            ),
            min_size=1,
            max_size=3,
        )
    )
    values = draw(
        field_values(iso_19794_4_2005.HEADER_LAYOUT, "number_of_images", "bit_depth", "compression")
    )
    return FingerImageRecord2005(representations=tuple(parts), **values)


@st.composite
def face_records_2005(draw: st.DrawFn) -> FaceImageRecord2005:
    """Face image records of the 2005 edition."""

    @st.composite
    def images(draw: st.DrawFn) -> FaceImage2005:
        shape = draw(field_values(iso_19794_5_2005.IMAGE_LAYOUT, "compression", "width_px", "height_px"))
        depth = iso_19794_5_2005.depth_of(shape["colour_space"])
        landmarks = draw(st.lists(field_values(iso_19794_5_2005.LANDMARK_LAYOUT), max_size=3))
        image = draw(payloads(iso_19794_5_2005.ENCODINGS_2005.values(), bit_depth=depth))
        return FaceImage2005(
            landmarks=tuple(Landmark(**values) for values in landmarks),
            image=replace(image, is_colour=shape["colour_space"] != 3),
            **draw(field_values(iso_19794_5_2005.FACE_LAYOUT)),
            **shape,
        )

    return FaceImageRecord2005(representations=tuple(draw(st.lists(images(), min_size=1, max_size=3))))


@st.composite
def face_records_2011(draw: st.DrawFn) -> FaceImageRecord2011:
    """Face image records of the 2011 edition."""

    @st.composite
    def images(draw: st.DrawFn) -> FaceImage2011:
        shape = draw(field_values(iso_19794_5_2011.IMAGE_LAYOUT, "compression", "width_px", "height_px"))
        depth = iso_19794_5_2011.depth_of(shape["colour_space"])
        landmarks = draw(st.lists(field_values(iso_19794_5_2011.LANDMARK_LAYOUT), max_size=3))
        return FaceImage2011(
            capture=draw(capture_details()),
            landmarks=tuple(Landmark(**values) for values in landmarks),
            image=draw(payloads(iso_19794_5_2011.ENCODINGS_2011.values(), bit_depth=depth)),
            three_dimensional=draw(st.binary(max_size=9)) if shape["image_type"] >= 128 else b"",
            **draw(field_values(iso_19794_5_2011.FACE_LAYOUT)),
            **shape,
        )

    parts = draw(st.lists(images(), min_size=1, max_size=3))
    return FaceImageRecord2011(representations=tuple(parts), temporal_semantics=draw(st.integers(0, 0xFFFF)))


@st.composite
def iris_records_2011(draw: st.DrawFn) -> IrisImageRecord2011:
    """Iris image records of the 2011 edition."""
    shape = ("compression", "width_px", "height_px", "bit_depth", "properties")

    @st.composite
    def images(draw: st.DrawFn) -> IrisImage2011:
        return IrisImage2011(
            capture=draw(capture_details()),
            properties=properties_of(
                horizontal=draw(st.sampled_from(Orientation)),
                vertical=draw(st.sampled_from(Orientation)),
                history=draw(st.sampled_from(CompressionHistory)),
            ),
            image=replace(
                draw(payloads(iso_19794_6_2011.ENCODINGS_2011.values())), is_colour=draw(st.booleans())
            ),
            **draw(field_values(iso_19794_6_2011.IMAGE_LAYOUT, *shape)),
        )

    parts = draw(st.lists(images(), min_size=1, max_size=3))
    return IrisImageRecord2011(representations=tuple(parts), number_of_eyes=draw(st.integers(0, 2)))


@st.composite
def iris_records_2005(draw: st.DrawFn) -> IrisImageRecord2005:
    """Iris image records of the 2005 edition."""
    kind = replace(draw(payloads(iso_19794_6_2005.ENCODINGS_2005.values())), is_colour=draw(st.booleans()))
    image = st.builds(
        lambda values: IrisImage2005(image=kind, **values), field_values(iso_19794_6_2005.IMAGE_LAYOUT)
    )
    eye = st.builds(
        RecordedEye2005,
        eye=st.integers(0, 2),
        images=st.lists(image, min_size=1, max_size=2).map(tuple),
    )
    left_out = ("number_of_eyes", "header_length", "compression", "width_px", "height_px", "bit_depth")
    return IrisImageRecord2005(
        device_name=draw(st.binary(min_size=16, max_size=16)),
        eyes=tuple(draw(st.lists(eye, min_size=1, max_size=2))),
        **draw(field_values(iso_19794_6_2005.HEADER_LAYOUT, *left_out)),
    )


@pytest.fixture(scope="session")
def image_records() -> st.SearchStrategy[ImageRecord]:
    """Image records of every edition that is read."""
    return st.one_of(
        finger_records_2011(),
        finger_records_2005(),
        face_records_2005(),
        face_records_2011(),
        iris_records_2011(),
        iris_records_2005(),
    )


def plain_records() -> dict[str, ImageRecord]:
    """One small record of each edition by the name of its standard, each with one raw or PNG image."""
    grey = EncodedImage(encoding=ImageEncoding.RAW, width_px=4, height_px=3, data=bytes(range(12)))
    rates = {"x_capture_rate": 500, "y_capture_rate": 500, "x_image_rate": 500, "y_image_rate": 500}
    quality = CaptureDetails(qualities=(QualityBlock(score=70, vendor=1, algorithm=2),))
    picture = encode_pixels(np.arange(12, dtype=np.uint8).reshape(3, 4), ImageEncoding.PNG)
    finger = FingerImage2011(
        capture=quality, position=7, image=grey, blocks=(ExtendedBlock(kind=3, data=b"note"),), **rates
    )
    eye = RecordedEye2005(eye=2, images=(IrisImage2005(quality=80, image=grey),))
    records: tuple[ImageRecord, ...] = (
        FingerImageRecord2011(representations=(finger,)),
        FingerImageRecord2005(
            representations=(FingerImage2005(position=2, quality=60, image=grey),), **rates
        ),
        FaceImageRecord2011(
            representations=(
                FaceImage2011(
                    landmarks=(Landmark(kind=1, code=0x21, x=1, y=2),),
                    colour_space=3,
                    image=picture,
                ),
            )
        ),
        FaceImageRecord2005(
            representations=(
                FaceImage2005(
                    landmarks=(Landmark(kind=1, code=0x21, x=1, y=2),),
                    colour_space=3,
                    quality=70,
                    image=encode_pixels(np.arange(12, dtype=np.uint8).reshape(3, 4), ImageEncoding.JPEG),
                ),
            )
        ),
        IrisImageRecord2011(representations=(IrisImage2011(capture=quality, eye=1, image=grey),)),
        IrisImageRecord2005(eyes=(eye,)),
    )
    return {record.title: record for record in records}


@pytest.fixture
def plain_image_records() -> dict[str, ImageRecord]:
    return plain_records()
