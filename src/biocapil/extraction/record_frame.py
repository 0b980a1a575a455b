"""The frame of BioCapil's own template records: magic, version, length and checksum, checked in that order.

    magic 4 bytes | version u8 | further fields of the head | model id, UTF-8 | body | CRC-32 of all before

Little-endian. Each kind of template has a magic and a version of its own.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from biocapil.errors import FormatError, TruncatedRecord, UnsupportedVersion
from biocapil.vocabulary import ModelId

RECORD = "BioCapil template"
MAGIC_BYTES = 4
MAX_MODEL_ID_BYTES = 255

_CRC = struct.Struct("<I")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRecord:
    """A record whose frame is sound.

    Attributes:
        fields: Fields of the head after magic and version, without the length of the model id.
        model_id: Bytes of the model id; whether they are text has not been looked at.
        body: What follows, without the checksum.
    """

    fields: tuple[int | float, ...]
    model_id: bytes
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFrame:
    """Frame of one kind of template.

    Attributes:
        magic: Four bytes that such a record begins with.
        version: The one version that is written and read.
        head: Magic, version, further fields, and the length of the model id as the last.
    """

    magic: bytes
    version: int
    head: struct.Struct

    def seal(self, fields: tuple[int | float, ...], model_id: ModelId, body: bytes) -> bytes:
        """Bytes of a record.

        Raises:
            ValueError: The model id is longer than 255 bytes.
        """
        name = model_id.encode()
        if len(name) > MAX_MODEL_ID_BYTES:
            raise ValueError(f"model_id must have at most {MAX_MODEL_ID_BYTES} bytes, got {len(name)}")
        sealed = self.head.pack(self.magic, self.version, *fields, len(name)) + name + body
        return sealed + _CRC.pack(zlib.crc32(sealed))

    def open(
        self, data: bytes, *, counts: Callable[[tuple[int | float, ...]], int], bytes_each: int, things: str
    ) -> OpenedRecord:
        """Check a record's frame and take it apart.

        Args:
            data: The record.
            counts: How many things the body holds, by the fields of the head.
            bytes_each: Bytes of one.
            things: What they are called, for errors.

        Raises:
            UnsupportedVersion: A newer BioCapil wrote it.
            TruncatedRecord: It ends too early.
            FormatError: It is another record, or damaged.
        """
        self._require_kind(data)
        if len(data) < self.head.size:
            raise TruncatedRecord(
                f"the header has {self.head.size} bytes, here are {len(data)}", record=RECORD
            )
        _, _, *fields, id_bytes = self.head.unpack_from(data)
        start = self.head.size + id_bytes
        count = counts(tuple(fields))
        wanted = start + count * bytes_each + _CRC.size
        if len(data) != wanted:
            error = TruncatedRecord if len(data) < wanted else FormatError
            raise error(f"{count} {things} make {wanted} bytes, here are {len(data)}", record=RECORD)
        if _CRC.unpack_from(data, wanted - _CRC.size)[0] != zlib.crc32(data[: -_CRC.size]):
            raise FormatError("the checksum does not agree", record=RECORD, field="CRC")
        return OpenedRecord(
            fields=tuple(fields), model_id=data[self.head.size : start], body=data[start : -_CRC.size]
        )

    def _require_kind(self, data: bytes) -> None:
        if data[:MAGIC_BYTES] != self.magic:
            raise FormatError(
                f"does not begin with {self.magic.decode()}", record=RECORD, field="magic", offset=0
            )
        if len(data) > MAGIC_BYTES and data[MAGIC_BYTES] != self.version:
            raise UnsupportedVersion(
                f"version {data[MAGIC_BYTES]} is unknown, this BioCapil reads {self.version}",
                record=RECORD,
                offset=MAGIC_BYTES,
            )
