"""Bytes of files and records to nouns and back: everything from outside is checked here, once."""

from biocapil.formats.card_minutiae import CardFormat, CardOrder, read_card_minutiae, write_card_minutiae
from biocapil.formats.exclusions import exclusion_line, read_exclusions
from biocapil.formats.image_files import decode_sample, read_sample, sample_reader
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
from biocapil.formats.record_conversion import convert_record
from biocapil.formats.record_templates import record_to_templates, templates_to_record

__all__ = [
    "MAX_RECORD_BYTES",
    "CardFormat",
    "CardOrder",
    "ExtendedBlock",
    "FingerView",
    "MinutiaeRecord",
    "ParsedMinutiaeRecord",
    "RecordHeader",
    "RecordStandard",
    "RecordedMinutiae",
    "convert_record",
    "decode_sample",
    "exclusion_line",
    "read_card_minutiae",
    "read_exclusions",
    "read_manifest",
    "read_minutiae_record",
    "read_sample",
    "record_to_templates",
    "remove_minutiae",
    "sample_reader",
    "shorten_record",
    "templates_to_record",
    "write_card_minutiae",
    "write_minutiae_record",
]
