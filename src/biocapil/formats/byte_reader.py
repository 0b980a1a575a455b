"""`ByteReader` walks a big-endian record and says where it ends too early; `ProblemLog` gathers problems.

Both stand below the readers of minutiae records. A strict log raises the first problem it is told of, a
lenient one keeps them, so that the reading code is written once.
"""

from __future__ import annotations

from collections.abc import Iterable

from biocapil.errors import FormatError, TruncatedRecord


class ByteReader:
    """Position in the bytes of one record.

    Attributes:
        record: Name of the format, for error texts.
        offset: Next byte to be read.
        stated_total: Length that the record itself states, once it is known.
    """

    __slots__ = ("_data", "offset", "record", "stated_total")

    def __init__(self, data: bytes, *, record: str, offset: int = 0) -> None:
        self._data = data
        self.record = record
        self.offset = offset
        self.stated_total: int | None = None

    @property
    def remaining(self) -> int:
        """Bytes that are left."""
        return len(self._data) - self.offset

    def take(self, count: int, field: str) -> bytes:
        """Next `count` bytes.

        Raises:
            TruncatedRecord: Fewer are left; the position does not move.
        """
        if count > self.remaining:
            raise self.truncated(count, field)
        start = self.offset
        self.offset += count
        return self._data[start : self.offset]

    def unsigned(self, count: int, field: str) -> int:
        """Next `count` bytes as one big-endian unsigned number."""
        return int.from_bytes(self.take(count, field), "big")

    def take_rest(self) -> bytes:
        """Everything that is left."""
        return self.take(self.remaining, "")

    def truncated(self, needed: int, field: str) -> TruncatedRecord:
        """Error for a field whose bytes are not all there."""
        text = f"bytes needed: {needed}, left: {self.remaining}"
        if self.stated_total is not None and self.stated_total != len(self._data):
            text += f"; the header states {self.stated_total} bytes in all, {len(self._data)} are there"
        return TruncatedRecord(text, record=self.record, field=field, offset=self.offset)


class ProblemLog:
    """Problems of one record, in the order they were met.

    Attributes:
        strict: Whether the first problem is raised.
        problems: What was reported so far.
    """

    __slots__ = ("problems", "strict")

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.problems: list[FormatError] = []

    def report(self, problem: FormatError) -> None:
        """Raise the problem (strict) or keep it (lenient)."""
        if self.strict:
            raise problem
        self.problems.append(problem)

    def report_all(self, problems: Iterable[FormatError]) -> None:
        """Report one after the other."""
        for problem in problems:
            self.report(problem)
