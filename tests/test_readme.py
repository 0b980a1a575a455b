"""The README's examples run as they stand, in an empty folder and without a network."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)#]+)\)")
PAGES = sorted([REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")])


def examples() -> list[str]:
    """Code of each python block, in the order of the page."""
    return EXAMPLE.findall((REPOSITORY / "README.md").read_text(encoding="utf-8"))


def refuse(*_: object, **__: object) -> NoReturn:
    """Stand in for every way to open a connection."""
    raise AssertionError("an example opened a connection")


def test_there_is_an_example_for_each_kind_of_user() -> None:
    assert len(examples()) >= 3


@pytest.mark.parametrize("number", range(len(examples())))
def test_an_example_runs_as_it_stands(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    code = compile(examples()[number], f"README.md, example {number + 1}", "exec")
    exec(code, {"__name__": "example"})  # noqa: S102 - running the page is the test
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
