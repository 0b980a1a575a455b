"""One TOML table, field by field: each must be there, of its type, in its range, and none left over."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, cast

from biocapil.errors import FormatError


class ManifestTable:
    """A table whose fields are taken out one at a time; what is wrong is named with its full path."""

    def __init__(self, values: Mapping[str, Any], path: str, *, record: str) -> None:
        self._values = dict(values)
        self._path = path
        self._record = record

    def text(self, field: str, *, pattern: re.Pattern[str] | None = None) -> str:
        """A text that is not empty and fits the pattern as a whole."""
        value = self._take(field)
        if not isinstance(value, str) or not value.strip():
            self._refuse(field, f"must be a text that is not empty, got {value!r}")
        if pattern is not None and not pattern.fullmatch(value):
            self._refuse(field, f"must fit {pattern.pattern!r}, got {value!r}")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of one or more texts, each once."""
        value = self._take(field)
        texts = [item for item in _items(value) if isinstance(item, str)]
        if not texts or texts != value or len(set(texts)) != len(texts):
            self._refuse(field, f"must be a list of different texts, got {value!r}")
        return tuple(texts)

    def whole(self, field: str, *, least: int) -> int:
        """A whole number of at least `least`."""
        value = self._take(field)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self._refuse(field, f"must be a whole number of at least {least}, got {value!r}")
        return value

    def number(self, field: str, *, least: float, most: float) -> float:
        """A number between `least` and `most`, both allowed."""
        value = self._take(field)
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            self._refuse(field, f"must be a number, got {value!r}")
        if not least <= value <= most:
            self._refuse(field, f"must lie between {least:g} and {most:g}, got {value!r}")
        return float(value)

    def numbers(
        self, field: str, *, least: float = -math.inf, most: float = math.inf, count: int | None = None
    ) -> tuple[float, ...]:
        """A list of one or more numbers between `least` and `most`, `count` of them where one is given."""
        value = self._take(field)
        found = [
            item
            for item in _items(value)
            if isinstance(item, int | float) and not isinstance(item, bool) and math.isfinite(item)
        ]
        if not found or found != value or len(found) != (count or len(found)):
            wanted = "numbers" if count is None else f"{count} numbers"
            self._refuse(field, f"must be a list of {wanted}, got {value!r}")
        if not all(least <= item <= most for item in found):
            self._refuse(field, f"must hold numbers between {least:g} and {most:g}, got {value!r}")
        return tuple(float(item) for item in found)

    def flag(self, field: str) -> bool:
        """True or false."""
        value = self._take(field)
        if not isinstance(value, bool):
            self._refuse(field, f"must be true or false, got {value!r}")
        return value

    def choice(self, field: str, choices: Sequence[str]) -> str:
        """One of a closed set of texts."""
        value = self.text(field)
        if value not in choices:
            self._refuse(field, f"must be one of {', '.join(choices)}, got {value!r}")
        return value

    def table(self, field: str) -> ManifestTable:
        """A table inside this one."""
        value = self._take(field)
        if not isinstance(value, dict):
            self._refuse(field, f"must be a table, got {value!r}")
        return ManifestTable(cast("dict[str, Any]", value), f"{self._path}{field}.", record=self._record)

    def refuse_rest(self) -> None:
        """Refuse fields that nobody has taken: a misspelt field must not be passed over in silence."""
        if self._values:
            self._refuse(min(self._values), "is not a field of this schema")

    def _take(self, field: str) -> Any:
        if field not in self._values:
            self._refuse(field, "is missing")
        return self._values.pop(field)

    def _refuse(self, field: str, message: str) -> NoReturn:
        raise FormatError(message, record=self._record, field=f"{self._path}{field}")


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]  # TOML's own
