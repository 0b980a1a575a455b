from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from biocapil.errors import FormatError
from biocapil.extraction.manifest_table import ManifestTable

Read = Callable[[ManifestTable], Any]


def _table(**values: Any) -> ManifestTable:
    return ManifestTable(values, "top.", record="some.toml")


@pytest.mark.parametrize(
    ("value", "read", "expected"),
    [
        ("word", lambda t: t.text("field"), "word"),
        ("word", lambda t: t.text("field", pattern=re.compile("w.*d")), "word"),
        (["b", "a"], lambda t: t.texts("field"), ("b", "a")),
        (0, lambda t: t.whole("field", least=0), 0),
        (1, lambda t: t.number("field", least=0, most=1), 1.0),
        (0.25, lambda t: t.number("field", least=0, most=1), 0.25),
        (False, lambda t: t.flag("field"), False),
        ("b", lambda t: t.choice("field", ["a", "b"]), "b"),
        ({"x": True}, lambda t: t.table("field").flag("x"), True),
    ],
)
def test_a_right_field_is_read(value: Any, read: Read, expected: Any) -> None:
    table = _table(field=value)
    found = read(table)
    assert found == expected
    assert type(found) is type(expected)
    table.refuse_rest()


@pytest.mark.parametrize(
    ("value", "read", "message"),
    [
        (1, lambda t: t.text("field"), "must be a text that is not empty, got 1"),
        ("  ", lambda t: t.text("field"), "must be a text that is not empty"),
        ("words", lambda t: t.text("field", pattern=re.compile("word")), "must fit 'word', got 'words'"),
        ("ab", lambda t: t.texts("field"), "list of different texts"),
        ([], lambda t: t.texts("field"), "list of different texts"),
        (["a", 1], lambda t: t.texts("field"), "list of different texts"),
        (["a", "a"], lambda t: t.texts("field"), "list of different texts"),
        (-1, lambda t: t.whole("field", least=0), "whole number of at least 0, got -1"),
        (1.0, lambda t: t.whole("field", least=0), "whole number"),
        (True, lambda t: t.whole("field", least=0), "whole number"),
        ("1", lambda t: t.number("field", least=0, most=1), "must be a number"),
        (True, lambda t: t.number("field", least=0, most=1), "must be a number"),
        (float("nan"), lambda t: t.number("field", least=0, most=1), "must be a number"),
        (1.5, lambda t: t.number("field", least=0, most=1), "between 0 and 1, got 1.5"),
        (1, lambda t: t.flag("field"), "must be true or false, got 1"),
        ("c", lambda t: t.choice("field", ["a", "b"]), "one of a, b, got 'c'"),
        ("x", lambda t: t.table("field"), "must be a table, got 'x'"),
    ],
)
def test_a_wrong_field_is_named_with_its_value(value: Any, read: Read, message: str) -> None:
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read(_table(field=value))
    assert caught.value.field == "top.field"
    assert caught.value.record == "some.toml"


def test_a_missing_field_is_named() -> None:
    with pytest.raises(FormatError, match=re.escape("some.toml, top.field: is missing")):
        _table().flag("field")


def test_a_field_inside_a_table_is_named_with_its_path() -> None:
    with pytest.raises(FormatError, match=re.escape("top.inner.field: is missing")):
        _table(inner={}).table("inner").flag("field")


def test_a_field_that_nobody_knows_is_refused() -> None:
    table = _table(known=True, treshold=0.5)
    table.flag("known")
    with pytest.raises(FormatError, match=re.escape("top.treshold: is not a field of this schema")):
        table.refuse_rest()
