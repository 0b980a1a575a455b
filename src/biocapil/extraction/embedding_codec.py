"""`Embedding` to bytes and back, without loss.

"BCEM" | version u8 | dimensions u16 | model id u8 length, UTF-8 | values f32 each | CRC-32
"""

from __future__ import annotations

import struct

import numpy as np

from biocapil.embedding import Embedding
from biocapil.errors import FormatError
from biocapil.extraction.record_frame import RECORD, RecordFrame
from biocapil.vocabulary import ModelId

BYTES_PER_DIMENSION = 4
FRAME = RecordFrame(magic=b"BCEM", version=1, head=struct.Struct("<4sBHB"))


def encode_embedding(embedding: Embedding) -> bytes:
    """Bytes of an embedding.

    Raises:
        ValueError: The model id is longer than 255 bytes.
    """
    return FRAME.seal((len(embedding),), embedding.model_id, embedding.values.astype("<f4").tobytes())


def decode_embedding(data: bytes) -> Embedding:
    """Embedding of its bytes.

    Raises:
        UnsupportedVersion: A newer BioCapil wrote them.
        TruncatedRecord: They end too early.
        FormatError: They are no embedding, or damaged.
    """
    opened = FRAME.open(
        data, counts=lambda fields: int(fields[0]), bytes_each=BYTES_PER_DIMENSION, things="dimensions"
    )
    values = np.frombuffer(opened.body, dtype="<f4").astype(np.float32)
    try:
        return Embedding(values=values, model_id=ModelId(opened.model_id.decode()))
    except ValueError as exc:
        raise FormatError(f"holds no sound embedding: {exc}", record=RECORD) from exc
