"""Elementary files of a travel document: which there are, the printed lines, and the picture of the holder.

Reference: ICAO Doc 9303 part 10, clauses 4.6 and 4.7; ISO/IEC 7816-11 (CBEFF templates in BER-TLV).
"""

from __future__ import annotations

from collections.abc import Iterator

from biocapil.errors import FormatError
from biocapil.formats import decode_pixels, read_image_record
from biocapil.sample import CapturedSample, Origin
from biocapil.vocabulary import Modality
from biocapil_drivers.emrtd.mrz import Mrz, parse_mrz
from biocapil_drivers.iso7816 import find_value, read_tlv, read_tlvs

APPLICATION_NAME = bytes.fromhex("a0000002471001")
EF_COM, EF_SOD, EF_DG1, EF_DG2 = 0x011E, 0x011D, 0x0101, 0x0102
COM_TAG, SOD_TAG, DG1_TAG, DG2_TAG = 0x60, 0x77, 0x61, 0x75
TAG_LIST, MRZ_TAG = 0x5C, 0x5F1F
GROUP_TEMPLATE, INSTANCE_TEMPLATE = 0x7F61, 0x7F60
IMAGE_DATA, CONSTRUCTED_IMAGE = 0x5F2E, 0x7F2E
MOST_DEPTH = 4

GROUP_OF_TAG = {
    0x61: 1,
    0x75: 2,
    0x63: 3,
    0x76: 4,
    0x65: 5,
    0x66: 6,
    0x67: 7,
    0x68: 8,
    0x69: 9,
    0x6A: 10,
    0x6B: 11,
    0x6C: 12,
    0x6D: 13,
    0x6E: 14,
    0x6F: 15,
    0x70: 16,
}
"""Number of a data group by its tag."""


def groups_of_com(data: bytes) -> tuple[int, ...]:
    """Numbers of the data groups that EF.COM lists; nobody signs that list.

    Raises:
        FormatError: It is no EF.COM.
    """
    body = read_tlv(data).require(COM_TAG, "EF.COM")
    tags = find_value(body, TAG_LIST, what="EF.COM")
    return tuple(GROUP_OF_TAG[tag] for tag in tags if tag in GROUP_OF_TAG)


def mrz_of_dg1(data: bytes) -> Mrz:
    """The printed lines from data group 1.

    Raises:
        FormatError: It is no data group 1; the message shows nothing of it.
    """
    body = read_tlv(data).require(DG1_TAG, "data group 1")
    try:
        return parse_mrz(find_value(body, MRZ_TAG, what="data group 1").decode("ascii"))
    except UnicodeDecodeError:
        raise FormatError("letters beyond ASCII", record="data group 1") from None


def portrait_of_dg2(data: bytes, origin: Origin = Origin.DEVICE) -> CapturedSample:
    """The picture of the holder from data group 2, the first where there are several.

    Args:
        data: The whole file.
        origin: Where it came from.

    Raises:
        FormatError: It is no data group 2, or holds no picture that is read.
        MissingPart: A package that decodes the picture is not installed.
    """
    body = read_tlv(data).require(DG2_TAG, "data group 2")
    record = read_image_record(next(_image_data(body, 0), b""))
    item = record.images[0]
    if item.modality is not Modality.FACE:
        raise FormatError(f"an image of a {item.modality.value}, not of a face", record="data group 2")
    return CapturedSample(
        pixels=decode_pixels(item.image, colour=item.image.is_colour), modality=Modality.FACE, origin=origin
    )


def _image_data(body: bytes, depth: int) -> Iterator[bytes]:
    """Image records below the templates, in their order."""
    for part in read_tlvs(body):
        if part.tag in {IMAGE_DATA, CONSTRUCTED_IMAGE}:
            yield part.value
        elif part.tag in {GROUP_TEMPLATE, INSTANCE_TEMPLATE} and depth < MOST_DEPTH:
            yield from _image_data(part.value, depth + 1)
