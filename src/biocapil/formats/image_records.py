"""`read_image_record` and `write_image_record`: every edition, told by its first bytes.

Reading raises only `FormatError`, whatever the bytes, and holds nothing that is longer than the bytes are.
The images stay encoded; `decode_pixels` decodes one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from biocapil.errors import FormatError, UnsupportedVersion
from biocapil.formats import (
    iso_19794_4_2005,
    iso_19794_4_2011,
    iso_19794_5_2005,
    iso_19794_5_2011,
    iso_19794_6_2005,
    iso_19794_6_2011,
)
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.image_record_frame import MAGIC_BYTES, OPENING_BYTES
from biocapil.formats.iso_19794_4_2005 import FingerImageRecord2005
from biocapil.formats.iso_19794_4_2011 import FingerImageRecord2011
from biocapil.formats.iso_19794_5_2005 import FaceImageRecord2005
from biocapil.formats.iso_19794_5_2011 import FaceImageRecord2011
from biocapil.formats.iso_19794_6_2005 import IrisImageRecord2005
from biocapil.formats.iso_19794_6_2011 import IrisImageRecord2011

ImageRecord = (
    FingerImageRecord2005
    | FingerImageRecord2011
    | FaceImageRecord2005
    | FaceImageRecord2011
    | IrisImageRecord2005
    | IrisImageRecord2011
)

ANY_RECORD = "image record"
MAGICS = {b"FIR\0": "finger", b"FAC\0": "face", b"IIR\0": "iris"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    """One edition and the two functions that know it."""

    noun: type[ImageRecord]
    title: str
    decode: Callable[[bytes], ImageRecord]
    encode: Callable[[Any], bytes]


EDITIONS = {
    module.OPENING: _Edition(
        noun=noun, title=module.TITLE, decode=module.decode_record, encode=module.encode_record
    )
    for module, noun in (
        (iso_19794_4_2005, FingerImageRecord2005),
        (iso_19794_4_2011, FingerImageRecord2011),
        (iso_19794_5_2005, FaceImageRecord2005),
        (iso_19794_5_2011, FaceImageRecord2011),
        (iso_19794_6_2005, IrisImageRecord2005),
        (iso_19794_6_2011, IrisImageRecord2011),
    )
}


def is_image_record(data: bytes) -> bool:
    """Whether bytes open like an image record of a finger, a face or an iris, of whatever edition."""
    return data[:MAGIC_BYTES] in MAGICS


def read_image_record(data: bytes) -> ImageRecord:
    """Read a finger, face or iris image record.

    Args:
        data: The whole record.

    Raises:
        TruncatedRecord: The bytes end before the record.
        UnsupportedVersion: Another edition.
        FormatError: No image record, or a violation of its standard.
    """
    if not any(magic.startswith(data[:MAGIC_BYTES]) for magic in MAGICS):
        known = ", ".join(repr(magic) for magic in MAGICS)
        raise FormatError(
            f"begins with {data[:MAGIC_BYTES]!r}, an image record with one of {known}",
            record=ANY_RECORD,
            field="format identifier",
            offset=0,
        )
    reader = ByteReader(data, record=ANY_RECORD)
    magic = reader.take(MAGIC_BYTES, "format identifier")
    version = reader.take(OPENING_BYTES - MAGIC_BYTES, "version")
    edition = EDITIONS.get(magic + version)
    if edition is None:
        read = " and ".join(e.title for opening, e in EDITIONS.items() if opening.startswith(magic))
        raise UnsupportedVersion(
            f"{version!r} of a {MAGICS[magic]} image record is no known edition; read are {read}",
            record=ANY_RECORD,
            field="version",
            offset=MAGIC_BYTES,
        )
    return edition.decode(data)


def write_image_record(record: ImageRecord) -> bytes:
    """Bytes of an image record; a record that was read gives the bytes that it was read from.

    Args:
        record: The record, in the edition of its class.

    Raises:
        FormatError: The record holds a value that its standard does not allow.
    """
    edition = next(edition for edition in EDITIONS.values() if isinstance(record, edition.noun))
    return edition.encode(record)
