"""ISO records to samples and back: what a sample of this interface is made of."""

from __future__ import annotations

from datetime import datetime

from biocapil.errors import FormatError, ProtocolError, ResolutionUnknown
from biocapil.formats import (
    ColourSpace,
    FaceImage2011,
    FaceImageRecord2011,
    ImageEncoding,
    IrisImage2011,
    IrisImageRecord2011,
    RecordedImpression,
    decode_pixels,
    decode_sample,
    encode_pixels,
    is_image_record,
    read_image_record,
    samples_to_record,
    write_image_record,
)
from biocapil.sample import CapturedSample, Origin
from biocapil.vocabulary import Modality
from biocapil_drivers.sbi.messages import CapturedRecord
from biocapil_drivers.sbi.words import position_named


def sample_of(captured: CapturedRecord) -> CapturedSample:
    """The one sample of a record.

    Raises:
        ProtocolError: The record is unsound, of another modality or position than the device said, or holds
            several images.
        MissingPart: A package that reads the image is not installed.
    """
    if not is_image_record(captured.record):
        raise ProtocolError("what the device signed is no ISO image record")
    try:
        if captured.modality is Modality.FACE:
            return _face(captured.record)
        return decode_sample(
            captured.record,
            modality=captured.modality,
            position=position_named(captured.name, captured.modality),
            origin=Origin.DEVICE,
            name="record of the device",
        )
    except (FormatError, ResolutionUnknown, ValueError) as error:
        raise ProtocolError(f"the device's record is unsound: {error}") from error


def record_of(sample: CapturedSample, *, captured: datetime) -> bytes:
    """A sample as the record that registration asks for: lossless JPEG 2000, one image.

    Raises:
        MissingPart: Pillow is not installed.
        FormatError: The sample's resolution is none that a record can state.
    """
    iris = sample.modality is Modality.IRIS
    encoding = ImageEncoding.JPEG_2000 if iris else ImageEncoding.JPEG_2000_LOSSLESS
    if sample.modality is Modality.FINGER:
        fingers = samples_to_record(
            [sample], encoding=encoding, impression=RecordedImpression.LIVE_PLAIN, captured=captured
        )
        return write_image_record(fingers)
    image = encode_pixels(sample.pixels, encoding)
    if sample.modality is Modality.FACE:
        space = ColourSpace.RGB_24 if image.is_colour else ColourSpace.GREY_8
        face = FaceImage2011(image=image, colour_space=space)
        return write_image_record(FaceImageRecord2011(representations=(face,)))
    return write_image_record(
        IrisImageRecord2011(representations=(IrisImage2011(image=image, eye=int(sample.position)),))
    )


def _face(data: bytes) -> CapturedSample:
    """The one face of a record, in colour where there is any."""
    record = read_image_record(data)
    if len(record.images) != 1 or record.images[0].modality is not Modality.FACE:
        raise ProtocolError("a sample is one image of a face")
    pixels = decode_pixels(record.images[0].image, colour=True)
    grey = bool((pixels == pixels[..., :1]).all())
    seen = pixels[..., 0] if grey else pixels
    return CapturedSample(pixels=seen, modality=Modality.FACE, origin=Origin.DEVICE)
