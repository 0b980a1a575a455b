"""Templates of every modality to bytes and back, without loss: how they wait between two steps.

The first four bytes say which record it is: BCFT (minutiae), BCEM (embedding), BCIC (iris code).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from biocapil.any_template import Template
from biocapil.embedding import Embedding
from biocapil.errors import FormatError
from biocapil.extraction import embedding_codec, iris_code_codec, minutiae_codec
from biocapil.extraction.record_frame import MAGIC_BYTES, RECORD
from biocapil.iris_code import IrisCode

DECODERS: Mapping[bytes, Callable[[bytes], Template]] = {
    minutiae_codec.FRAME.magic: minutiae_codec.decode_minutiae,
    embedding_codec.FRAME.magic: embedding_codec.decode_embedding,
    iris_code_codec.FRAME.magic: iris_code_codec.decode_iris_code,
}


def encode_template(template: Template) -> bytes:
    """Bytes of a template.

    Raises:
        ValueError: The model id is longer than 255 bytes.
    """
    if isinstance(template, Embedding):
        return embedding_codec.encode_embedding(template)
    if isinstance(template, IrisCode):
        return iris_code_codec.encode_iris_code(template)
    return minutiae_codec.encode_minutiae(template)


def decode_template(data: bytes) -> Template:
    """Template of its bytes.

    Raises:
        UnsupportedVersion: A newer BioCapil wrote them.
        TruncatedRecord: They end too early.
        FormatError: They are no template, or damaged.
    """
    decode = DECODERS.get(data[:MAGIC_BYTES])
    if decode is None:
        known = ", ".join(magic.decode() for magic in DECODERS)
        raise FormatError(f"begins with none of {known}", record=RECORD, field="magic", offset=0)
    return decode(data)
