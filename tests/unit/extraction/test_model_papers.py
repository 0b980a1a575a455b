from collections.abc import Callable
from pathlib import Path

import pytest

from biocapil.errors import FormatError, ModelNotFound
from biocapil.extraction import read_model_papers


def test_the_texts_of_a_folder_are_read(model_folder: Callable[..., Path]) -> None:
    folder = model_folder()
    (folder / "CARD.md").write_text("# Made for a test", encoding="utf-8")
    (folder / "LICENSE").write_bytes(b"Do what you like \xff")
    papers = read_model_papers(folder)
    assert papers.manifest.name == "mine"
    assert papers.card == "# Made for a test"
    assert papers.licence == "Do what you like \ufffd"
    assert papers.notice == ""
    assert papers.manifest_text.startswith("schema = 1")


def test_a_registered_model_is_found_by_its_name() -> None:
    papers = read_model_papers("leader")
    assert papers.card
    assert papers.licence


def test_a_model_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        read_model_papers(tmp_path)
    with pytest.raises(ModelNotFound):
        read_model_papers("nobody")
