"""`FingerprintTemplate` to bytes and back, without loss.

For exchange with others there is ISO/IEC 19794-2 in `formats`.

    "BCFT" | version u8 | position u8 | minutiae u32 | width, height f64 | model id u8 length, UTF-8
    | x, y f32 each | angle f32 each | kind u8 each | quality u8 each | CRC-32
"""

from __future__ import annotations

import struct

import numpy as np

from biocapil.errors import FormatError
from biocapil.extraction.record_frame import RECORD, RecordFrame
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, ModelId

BYTES_PER_MINUTIA = 14
FRAME = RecordFrame(magic=b"BCFT", version=1, head=struct.Struct("<4sBBIddB"))


def encode_minutiae(template: FingerprintTemplate) -> bytes:
    """Bytes of a template.

    Raises:
        ValueError: The model id is longer than 255 bytes.
    """
    body = (
        template.positions_um.astype("<f4").tobytes()
        + template.angles_rad.astype("<f4").tobytes()
        + template.kinds.tobytes()
        + template.qualities.tobytes()
    )
    return FRAME.seal((int(template.position), len(template), *template.extent_um), template.model_id, body)


def decode_minutiae(data: bytes) -> FingerprintTemplate:
    """Template of its bytes.

    Raises:
        UnsupportedVersion: A newer BioCapil wrote them.
        TruncatedRecord: They end too early.
        FormatError: They are no template, or damaged.
    """
    opened = FRAME.open(
        data, counts=lambda fields: int(fields[1]), bytes_each=BYTES_PER_MINUTIA, things="minutiae"
    )
    position, count, width_um, height_um = opened.fields
    minutiae = int(count)
    floats = np.frombuffer(opened.body, dtype="<f4", count=3 * minutiae).astype(np.float32)
    codes = np.frombuffer(opened.body, dtype=np.uint8, count=2 * minutiae, offset=12 * minutiae)
    try:
        return FingerprintTemplate(
            positions_um=floats[: 2 * minutiae].reshape(minutiae, 2),
            angles_rad=floats[2 * minutiae :],
            kinds=codes[:minutiae],
            qualities=codes[minutiae:],
            extent_um=(width_um, height_um),
            model_id=ModelId(opened.model_id.decode()),
            position=FingerPosition(int(position)),
        )
    except ValueError as exc:
        raise FormatError(f"holds no sound template: {exc}", record=RECORD) from exc
