"""Bytes of files and records to nouns and back: everything from outside is checked here, once."""

from biocapil.formats.capture_details import CaptureDate, CaptureDetails, CertificationBlock, QualityBlock
from biocapil.formats.card_minutiae import CardFormat, CardOrder, read_card_minutiae, write_card_minutiae
from biocapil.formats.exclusions import exclusion_line, read_exclusions
from biocapil.formats.face_image_codes import (
    ColourSpace,
    EyeColour,
    FaceDeviceTechnology,
    FaceFeature,
    FaceImageType,
    Gender,
    HairColour,
    TemporalSemantics,
)
from biocapil.formats.finger_image_codes import (
    FingerDeviceTechnology,
    RecordedImpression,
    RecordedPosition,
    ScaleUnit,
)
from biocapil.formats.image_files import decode_sample, read_sample, sample_reader
from biocapil.formats.image_payload import EncodedImage, ImageEncoding
from biocapil.formats.image_records import ImageRecord, is_image_record, read_image_record, write_image_record
from biocapil.formats.iris_image_codes import (
    CompressionHistory,
    IrisDeviceTechnology,
    IrisImageType,
    Orientation,
    roll_deg,
)
from biocapil.formats.iso_19794_4_2005 import FingerImage2005, FingerImageRecord2005
from biocapil.formats.iso_19794_4_2011 import FingerImage2011, FingerImageRecord2011
from biocapil.formats.iso_19794_5_2005 import FaceImage2005, FaceImageRecord2005
from biocapil.formats.iso_19794_5_2011 import FaceImage2011, FaceImageRecord2011, Landmark, angle_deg
from biocapil.formats.iso_19794_6_2005 import IrisImage2005, IrisImageRecord2005, RecordedEye2005
from biocapil.formats.iso_19794_6_2011 import IrisImage2011, IrisImageRecord2011, properties_of
from biocapil.formats.known_editions import MAX_RECORD_BYTES
from biocapil.formats.manifest import read_manifest
from biocapil.formats.minutiae_reading import read_minutiae_record
from biocapil.formats.minutiae_record import (
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    ParsedMinutiaeRecord,
    RecordedMinutiae,
    RecordHeader,
    RecordStandard,
)
from biocapil.formats.minutiae_removal import remove_minutiae, shorten_record
from biocapil.formats.minutiae_writing import write_minutiae_record
from biocapil.formats.payload_pixels import decode_pixels, encode_pixels
from biocapil.formats.record_conversion import convert_record
from biocapil.formats.record_samples import record_to_samples, samples_to_record
from biocapil.formats.record_templates import record_to_templates, templates_to_record
from biocapil.formats.recorded_image import RecordedImage

__all__ = [
    "MAX_RECORD_BYTES",
    "CaptureDate",
    "CaptureDetails",
    "CardFormat",
    "CardOrder",
    "CertificationBlock",
    "ColourSpace",
    "CompressionHistory",
    "EncodedImage",
    "ExtendedBlock",
    "EyeColour",
    "FaceDeviceTechnology",
    "FaceFeature",
    "FaceImage2005",
    "FaceImage2011",
    "FaceImageRecord2005",
    "FaceImageRecord2011",
    "FaceImageType",
    "FingerDeviceTechnology",
    "FingerImage2005",
    "FingerImage2011",
    "FingerImageRecord2005",
    "FingerImageRecord2011",
    "FingerView",
    "Gender",
    "HairColour",
    "ImageEncoding",
    "ImageRecord",
    "IrisDeviceTechnology",
    "IrisImage2005",
    "IrisImage2011",
    "IrisImageRecord2005",
    "IrisImageRecord2011",
    "IrisImageType",
    "Landmark",
    "MinutiaeRecord",
    "Orientation",
    "ParsedMinutiaeRecord",
    "QualityBlock",
    "RecordHeader",
    "RecordStandard",
    "RecordedEye2005",
    "RecordedImage",
    "RecordedImpression",
    "RecordedMinutiae",
    "RecordedPosition",
    "ScaleUnit",
    "TemporalSemantics",
    "angle_deg",
    "convert_record",
    "decode_pixels",
    "decode_sample",
    "encode_pixels",
    "exclusion_line",
    "is_image_record",
    "properties_of",
    "read_card_minutiae",
    "read_exclusions",
    "read_image_record",
    "read_manifest",
    "read_minutiae_record",
    "read_sample",
    "record_to_samples",
    "record_to_templates",
    "remove_minutiae",
    "roll_deg",
    "sample_reader",
    "samples_to_record",
    "shorten_record",
    "templates_to_record",
    "write_card_minutiae",
    "write_image_record",
    "write_minutiae_record",
]
