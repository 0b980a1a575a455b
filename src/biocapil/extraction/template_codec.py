"""`FingerprintTemplate` to bytes and back, without loss: how templates wait between two steps.

BioCapil's own record, little-endian; for exchange with others there is ISO/IEC 19794-2 in `formats`.

    "BCFT" | version u8 | position u8 | minutiae u32 | width, height f64 | model id u8 length, UTF-8
    | x, y f32 each | angle f32 each | kind u8 each | quality u8 each | CRC-32 of all before u32
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from biocapil.errors import FormatError, TruncatedRecord, UnsupportedVersion
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, ModelId

MAGIC = b"BCFT"
VERSION = 1
RECORD = "BioCapil template"
BYTES_PER_MINUTIA = 14
MAX_MODEL_ID_BYTES = 255

_HEAD = struct.Struct("<4sBBIddB")
_CRC = struct.Struct("<I")


def encode_template(template: FingerprintTemplate) -> bytes:
    """Bytes of a template.

    Raises:
        ValueError: The model id is longer than 255 bytes.
    """
    model_id = template.model_id.encode()
    if len(model_id) > MAX_MODEL_ID_BYTES:
        raise ValueError(f"model_id must have at most {MAX_MODEL_ID_BYTES} bytes, got {len(model_id)}")
    width_um, height_um = template.extent_um
    head = _HEAD.pack(MAGIC, VERSION, template.position, len(template), width_um, height_um, len(model_id))
    body = (
        head
        + model_id
        + template.positions_um.astype("<f4").tobytes()
        + template.angles_rad.astype("<f4").tobytes()
        + template.kinds.tobytes()
        + template.qualities.tobytes()
    )
    return body + _CRC.pack(zlib.crc32(body))


def decode_template(data: bytes) -> FingerprintTemplate:
    """Template of its bytes.

    Raises:
        UnsupportedVersion: A newer BioCapil wrote them.
        TruncatedRecord: They end too early.
        FormatError: They are no template, or damaged.
    """
    if data[: len(MAGIC)] != MAGIC:
        raise FormatError("does not begin with BCFT", record=RECORD, field="magic", offset=0)
    if len(data) > len(MAGIC) and data[len(MAGIC)] != VERSION:
        raise UnsupportedVersion(
            f"version {data[len(MAGIC)]} is unknown, this BioCapil reads {VERSION}", record=RECORD, offset=4
        )
    if len(data) < _HEAD.size:
        raise TruncatedRecord(f"the header has {_HEAD.size} bytes, here are {len(data)}", record=RECORD)
    _, _, position, count, width_um, height_um, id_bytes = _HEAD.unpack_from(data)
    wanted = _HEAD.size + id_bytes + count * BYTES_PER_MINUTIA + _CRC.size
    if len(data) != wanted:
        error = TruncatedRecord if len(data) < wanted else FormatError
        raise error(f"{count} minutiae make {wanted} bytes, here are {len(data)}", record=RECORD)
    if _CRC.unpack_from(data, wanted - _CRC.size)[0] != zlib.crc32(data[: -_CRC.size]):
        raise FormatError("the checksum does not agree", record=RECORD, field="CRC")
    return _template(data, position=position, count=count, extent_um=(width_um, height_um), id_bytes=id_bytes)


def _template(
    data: bytes, *, position: int, count: int, extent_um: tuple[float, float], id_bytes: int
) -> FingerprintTemplate:
    start = _HEAD.size + id_bytes
    floats = np.frombuffer(data, dtype="<f4", count=3 * count, offset=start).astype(np.float32)
    codes = np.frombuffer(data, dtype=np.uint8, count=2 * count, offset=start + 12 * count)
    try:
        return FingerprintTemplate(
            positions_um=floats[: 2 * count].reshape(count, 2),
            angles_rad=floats[2 * count :],
            kinds=codes[:count],
            qualities=codes[count:],
            extent_um=extent_um,
            model_id=ModelId(data[_HEAD.size : start].decode()),
            position=FingerPosition(position),
        )
    except ValueError as exc:
        raise FormatError(f"holds no sound template: {exc}", record=RECORD) from exc
