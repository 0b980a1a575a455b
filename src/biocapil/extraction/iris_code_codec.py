"""`IrisCode` to bytes and back, without loss.

"BCIC" | version u8 | columns u16 | bits of a column u8 | model id u8 length, UTF-8
| code u64 each | mask u64 each | CRC-32
"""

from __future__ import annotations

import struct

import numpy as np

from biocapil.errors import FormatError
from biocapil.extraction.record_frame import RECORD, RecordFrame
from biocapil.iris_code import WORD_BITS, CodeGeometry, IrisCode
from biocapil.vocabulary import ModelId

BYTES_PER_WORD = 16
"""A word of the code and one of the mask."""

FRAME = RecordFrame(magic=b"BCIC", version=1, head=struct.Struct("<4sBHBB"))


def encode_iris_code(template: IrisCode) -> bytes:
    """Bytes of an iris code.

    Raises:
        ValueError: The model id is longer than 255 bytes.
    """
    geometry = template.geometry
    body = template.code.astype("<u8").tobytes() + template.mask.astype("<u8").tobytes()
    return FRAME.seal((geometry.columns, geometry.column_bits), template.model_id, body)


def decode_iris_code(data: bytes) -> IrisCode:
    """Iris code of its bytes.

    Raises:
        UnsupportedVersion: A newer BioCapil wrote them.
        TruncatedRecord: They end too early.
        FormatError: They are no iris code, or damaged.
    """
    opened = FRAME.open(
        data,
        counts=lambda fields: -(-int(fields[0]) * int(fields[1]) // WORD_BITS),
        bytes_each=BYTES_PER_WORD,
        things="words",
    )
    columns, column_bits = opened.fields
    words = np.frombuffer(opened.body, dtype="<u8").astype(np.uint64)
    half = len(words) // 2
    try:
        return IrisCode(
            code=words[:half],
            mask=words[half:],
            geometry=CodeGeometry(columns=int(columns), column_bits=int(column_bits)),
            model_id=ModelId(opened.model_id.decode()),
        )
    except ValueError as exc:
        raise FormatError(f"holds no sound iris code: {exc}", record=RECORD) from exc
