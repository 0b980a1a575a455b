from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from biocapil.errors import FormatError, ResolutionUnknown
from biocapil.formats import (
    FingerImageRecord2011,
    ImageEncoding,
    ImageRecord,
    RecordedImpression,
    decode_sample,
    read_image_record,
    record_to_samples,
    samples_to_record,
    write_image_record,
)
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FingerPosition, Modality

FINGER, OLD_FINGER = "ISO/IEC 19794-4:2011", "ISO/IEC 19794-4:2005"
FACE, IRIS = "ISO/IEC 19794-5:2011", "ISO/IEC 19794-6:2011"
Records = dict[str, ImageRecord]


def sample_of(position: FingerPosition, *, seed: int = 1, ppi: float = 500.0) -> CapturedSample:
    pixels = np.random.default_rng(seed).integers(0, 256, (30, 20), dtype=np.uint8)
    return CapturedSample(pixels=pixels, resolution_ppi=ppi, position=position)


@pytest.fixture
def finger(plain_image_records: Records) -> FingerImageRecord2011:
    record = plain_image_records[FINGER]
    assert isinstance(record, FingerImageRecord2011)
    return record


def changed(record: FingerImageRecord2011, **fields: int) -> FingerImageRecord2011:
    return replace(record, representations=(replace(record.representations[0], **fields),))  # type: ignore[arg-type]  # only whole numbers are changed


@pytest.mark.parametrize("encoding", [ImageEncoding.RAW, ImageEncoding.PNG, ImageEncoding.JPEG_2000_LOSSLESS])
def test_samples_come_back_from_their_record(encoding: ImageEncoding) -> None:
    samples = [
        sample_of(FingerPosition.LEFT_INDEX),
        sample_of(FingerPosition.LEFT_INDEX, seed=2),
        sample_of(FingerPosition.UNKNOWN, seed=3, ppi=1000.0),
    ]
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    record = samples_to_record(
        samples, encoding=encoding, impression=RecordedImpression.LIVE_PLAIN, captured=moment
    )
    assert [item.number for item in record.representations] == [0, 1, 0]
    assert {item.capture.date.moment for item in record.representations} == {moment}
    again = record_to_samples(read_image_record(write_image_record(record)))
    for before, after in zip(samples, again, strict=True):
        assert np.array_equal(before.pixels, after.pixels)
        assert (before.position, before.resolution_ppi) == (after.position, after.resolution_ppi)


def test_a_moment_that_nobody_knows_stays_unknown() -> None:
    record = samples_to_record([sample_of(FingerPosition.LEFT_INDEX)])
    assert record.representations[0].capture.date.moment is None


def test_only_samples_of_fingers_make_a_record() -> None:
    face = replace(sample_of(FingerPosition.UNKNOWN), modality=Modality.FACE)
    for samples in ([], [face]):
        with pytest.raises(ValueError, match="at least one sample, each of a finger"):
            samples_to_record(samples)
    with pytest.raises(FormatError, match=r"whole pixels per inch, the sample has 500\.5"):
        samples_to_record([sample_of(FingerPosition.UNKNOWN, ppi=500.5)])


def test_pixels_per_centimetre_become_pixels_per_inch(finger: FingerImageRecord2011) -> None:
    (sample,) = record_to_samples(changed(finger, scale_unit=2, x_image_rate=197, y_image_rate=197))
    assert sample.resolution_ppi == pytest.approx(500.38)


def test_a_resolution_that_cannot_be_believed_is_not(finger: FingerImageRecord2011) -> None:
    for rates in ({"x_image_rate": 72, "y_image_rate": 72}, {"x_image_rate": 250}):
        record = changed(finger, **rates)
        with pytest.raises(ResolutionUnknown, match="its record says"):
            record_to_samples(record)
        (sample,) = record_to_samples(record, resolution_ppi=500.0)
        assert sample.resolution_ppi == 500.0


@pytest.mark.parametrize(("position", "name"), [(13, "right four"), (21, "right full palm")])
def test_several_fingers_and_palms_are_no_sample(
    finger: FingerImageRecord2011, position: int, name: str
) -> None:
    with pytest.raises(
        FormatError, match=rf"the image shows {name} \(position {position}\): cut it into single"
    ):
        record_to_samples(changed(finger, position=position))


@pytest.mark.parametrize(("title", "name"), [(FACE, "face"), (IRIS, "iris")])
def test_faces_and_irises_are_no_fingers(plain_image_records: Records, title: str, name: str) -> None:
    with pytest.raises(FormatError, match=f"the record is of a {name}, not of a finger"):
        record_to_samples(plain_image_records[title])


@pytest.mark.parametrize(
    ("title", "position"), [(FINGER, FingerPosition.LEFT_INDEX), (OLD_FINGER, FingerPosition.RIGHT_INDEX)]
)
def test_a_record_is_read_like_an_image_file(
    plain_image_records: Records, title: str, position: FingerPosition
) -> None:
    data = write_image_record(plain_image_records[title])
    sample = decode_sample(data)
    assert (sample.position, sample.resolution_ppi, sample.pixels.tolist()[0]) == (
        position,
        500.0,
        [0, 1, 2, 3],
    )
    assert decode_sample(data, position=position, resolution_ppi=250.0).resolution_ppi == 250.0


def test_a_record_of_another_finger_than_stated_is_refused(plain_image_records: Records) -> None:
    data = write_image_record(plain_image_records[FINGER])
    with pytest.raises(
        FormatError, match=r"a\.fir: the record names the left_index finger, stated is right_ring"
    ):
        decode_sample(data, position=FingerPosition.RIGHT_RING, name="a.fir")


def test_an_eye_or_a_face_is_read_with_its_place_and_without_a_resolution(
    plain_image_records: Records,
) -> None:
    for title, modality in ((FACE, Modality.FACE), (IRIS, Modality.IRIS)):
        record = plain_image_records[title]
        data = write_image_record(record)
        sample = decode_sample(data, modality=modality)
        assert (sample.modality, sample.position) == (modality, record.images[0].position)
        assert sample.resolution_ppi == 0
        assert decode_sample(data, modality=modality, resolution_ppi=300.0).resolution_ppi == 300
        with pytest.raises(FormatError, match=f"the record is of a {modality.value}, wanted is a finger"):
            decode_sample(data)


def test_a_record_of_several_images_is_no_image_file() -> None:
    record = samples_to_record([sample_of(FingerPosition.LEFT_INDEX), sample_of(FingerPosition.LEFT_RING)])
    with pytest.raises(
        FormatError, match=r"two\.fir: the record holds 2 images: save each as a record of its own"
    ):
        decode_sample(write_image_record(record), name="two.fir")
