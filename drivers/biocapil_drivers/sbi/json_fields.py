"""Fields of JSON from outside, taken out with a check each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from biocapil.errors import ProtocolError

Fields = Mapping[str, object]


def json_object(data: bytes | str, what: str) -> dict[str, object]:
    """A JSON object.

    Raises:
        ProtocolError: It is none.
    """
    found = json_value(data, what)
    if not isinstance(found, dict):
        raise ProtocolError(f"the {what} is no JSON object")
    return cast("dict[str, object]", found)


def json_value(data: bytes | str, what: str) -> object:
    """Any JSON value.

    Raises:
        ProtocolError: It is none.
    """
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"the {what} is no JSON") from error
    return found


def objects_of(value: object, what: str) -> list[dict[str, object]]:
    """Objects of a list; one object alone counts as a list of one.

    Raises:
        ProtocolError: Something else stands there.
    """
    entries = cast("list[object]", value) if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) for entry in entries):
        raise ProtocolError(f"the {what} is no list of JSON objects")
    return cast("list[dict[str, object]]", entries)


def text_of(fields: Fields, name: str) -> str:
    """A text, or a number as text; empty where there is none."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def texts_of(fields: Fields, name: str) -> tuple[str, ...]:
    """Texts of a list, or the one that stands there alone."""
    value = fields.get(name)
    entries = cast("list[object]", value) if isinstance(value, list) else [value]
    return tuple(
        str(entry) for entry in entries if isinstance(entry, str | int) and not isinstance(entry, bool)
    )


def whole_of(fields: Fields, name: str) -> int | None:
    """A whole number, also one that is written as text; None where there is none."""
    text = text_of(fields, name).strip()
    try:
        return int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None


def error_of(fields: Fields) -> tuple[int, str]:
    """Code and words of the ``error`` that stands beside every answer; 0 where there is none.

    Raises:
        ProtocolError: The error has no code.
    """
    error = fields.get("error")
    if error is None or error == "":
        return 0, ""
    if not isinstance(error, dict):
        raise ProtocolError("an error is a JSON object with errorCode and errorInfo")
    inner = cast("dict[str, object]", error)
    code = whole_of(inner, "errorCode")
    if code is None:
        raise ProtocolError("an error names no errorCode")
    return code, text_of(inner, "errorInfo")[:200]
