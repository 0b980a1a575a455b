"""Finger image records to samples and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from biocapil.errors import FormatError
from biocapil.formats.capture_details import CaptureDate, CaptureDetails
from biocapil.formats.finger_image_codes import RecordedImpression, RecordedPosition, ScaleUnit
from biocapil.formats.image_payload import ImageEncoding
from biocapil.formats.image_records import ImageRecord, read_image_record
from biocapil.formats.iso_19794_4_2011 import FingerImage2011, FingerImageRecord2011
from biocapil.formats.payload_pixels import decode_pixels, encode_pixels
from biocapil.formats.picture import TaggedPicture
from biocapil.formats.recorded_image import RecordedImage
from biocapil.formats.resolution_tags import ResolutionTag, believable_ppi
from biocapil.sample import CapturedSample, Origin
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, Position

DEFAULT_NAME = "finger image record"


def record_to_samples(
    record: ImageRecord, *, resolution_ppi: float | None = None, name: str = DEFAULT_NAME
) -> tuple[CapturedSample, ...]:
    """Samples of a finger image record, one an image.

    Args:
        record: A record of fingers.
        resolution_ppi: True resolution; wins over the record's. None takes the record's where it can be
            believed, by the rules for the tags of image files.
        name: What messages call the record.

    Raises:
        FormatError: The record is of faces or irises, an image shows several fingers or a palm, or its
            bytes are damaged.
        ResolutionUnknown: The record's resolution cannot be believed.
        MissingPart: A package that reads an image is not installed.
    """
    return tuple(_sample(item, resolution_ppi=resolution_ppi, name=name) for item in record.images)


def samples_to_record(
    samples: Sequence[CapturedSample],
    *,
    encoding: ImageEncoding = ImageEncoding.PNG,
    impression: RecordedImpression = RecordedImpression.UNKNOWN,
    captured: datetime | None = None,
) -> FingerImageRecord2011:
    """A finger image record of samples, ISO/IEC 19794-4:2011.

    Args:
        samples: Samples of fingers, at least one; images of one finger are numbered in their order.
        encoding: How the pixels are kept; see `encode_pixels`.
        impression: How the samples came about.
        captured: Moment of the capture with its time zone; None where unknown.

    Raises:
        ValueError: There is no sample, one is not of a finger, or there is no writer of the encoding.
        FormatError: A resolution is no whole number of pixels per inch.
        MissingPart: Pillow is not installed.
    """
    if not samples or any(sample.modality is not Modality.FINGER for sample in samples):
        raise ValueError("a finger image record is made of at least one sample, each of a finger")
    date = CaptureDate() if captured is None else CaptureDate.of(captured)
    counted: dict[int, int] = {}
    images: list[FingerImage2011] = []
    for sample in samples:
        number = counted.get(sample.finger, 0)
        counted[sample.finger] = number + 1
        rate = _whole_ppi(sample.resolution_ppi)
        images.append(
            FingerImage2011(
                capture=CaptureDetails(date=date),
                position=sample.finger,
                number=number,
                scale_unit=ScaleUnit.PER_INCH,
                x_capture_rate=rate,
                y_capture_rate=rate,
                x_image_rate=rate,
                y_image_rate=rate,
                impression=impression,
                image=encode_pixels(sample.pixels, encoding),
            )
        )
    return FingerImageRecord2011(representations=tuple(images))


def record_picture(data: bytes, *, modality: Modality) -> TaggedPicture:
    """Pixels of a record with one image, as if it were an image file.

    Args:
        data: The whole record.
        modality: What the image must be of.

    Raises:
        FormatError: The record is unsound, of another modality, or holds several images.
        MissingPart: A package that reads the image is not installed.
    """
    record = read_image_record(data)
    if len(record.images) != 1:
        raise FormatError(f"the record holds {len(record.images)} images: save each as a record of its own")
    (item,) = record.images
    if item.modality is not modality:
        raise FormatError(f"the record is of a {item.modality.value}, wanted is a {modality.value}")
    pixels = decode_pixels(item.image, colour=modality is Modality.FACE and item.image.is_colour)
    return TaggedPicture(pixels=pixels, tag=resolution_of(item), position=_position_of(item))


def _position_of(item: RecordedImage) -> Position:
    if item.modality is Modality.FINGER:
        return finger_of(item)
    return EyePosition(item.position) if item.modality is Modality.IRIS else FingerPosition.UNKNOWN


def finger_of(item: RecordedImage) -> FingerPosition:
    """The one finger that an image shows.

    Raises:
        FormatError: It is no finger, or several, or a palm.
    """
    if item.modality is not Modality.FINGER:
        raise FormatError(f"the record is of a {item.modality.value}, not of a finger")
    position = RecordedPosition(item.position)
    if position.finger is None:
        raise FormatError(
            f"the image shows {position.name.lower().replace('_', ' ')} (position {position.value}): "
            "cut it into single fingers first"
        )
    return position.finger


def resolution_of(item: RecordedImage) -> ResolutionTag:
    """What a record says about the resolution of an image, to be believed or not."""
    if item.x_ppi is None or item.y_ppi is None:
        return ResolutionTag(x_ppi=None, y_ppi=None, said="the record states no resolution")
    said = f"its record says {item.x_ppi:.4g} x {item.y_ppi:.4g} per inch"
    return ResolutionTag(x_ppi=item.x_ppi, y_ppi=item.y_ppi, said=said)


def _sample(item: RecordedImage, *, resolution_ppi: float | None, name: str) -> CapturedSample:
    position = finger_of(item)
    stated_ppi = believable_ppi(resolution_of(item), name=name) if resolution_ppi is None else resolution_ppi
    return CapturedSample(
        pixels=decode_pixels(item.image),
        resolution_ppi=stated_ppi,
        position=position,
        origin=Origin.FILE,
    )


def _whole_ppi(resolution_ppi: float) -> int:
    if not float(resolution_ppi).is_integer():
        raise FormatError(f"a record states whole pixels per inch, the sample has {resolution_ppi:g}")
    return int(resolution_ppi)
