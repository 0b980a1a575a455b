"""The table of commands: every one loads, and is imported only when it is named."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

import pytest
import typer

from biocapil.cli.nouns import NOUNS, Noun, load_application
from biocapil.errors import MissingPart


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_every_command_loads(noun: Noun) -> None:
    assert isinstance(load_application(noun), typer.Typer)


def test_names_are_unique() -> None:
    assert len({noun.name for noun in NOUNS}) == len(NOUNS)


def test_a_missing_package_of_the_command_line_is_told_with_its_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "typer", None)
    with pytest.raises(MissingPart, match=r"biocapil demo needs typer: .*biocapil\[cli\]"):
        load_application(Noun(name="demo", module="nowhere", attribute="app", summary=""))


def test_a_module_that_is_missing_for_another_reason_is_not_covered_up() -> None:
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        load_application(Noun(name="demo", module="nowhere", attribute="app", summary=""))


def test_a_function_becomes_a_command_and_an_application_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("probe_commands")
    module.app = typer.Typer()  # type: ignore[attr-defined] # a module made for this test
    module.act = lambda: None  # type: ignore[attr-defined] # the same
    monkeypatch.setitem(sys.modules, "probe_commands", module)
    assert importlib.import_module("probe_commands") is module
    app = load_application(Noun(name="x", module="probe_commands", attribute="app", summary=""))
    act = load_application(Noun(name="y", module="probe_commands", attribute="act", summary=""))
    assert app is module.app
    assert [command.name for command in act.registered_commands] == ["y"]
