from pathlib import Path

import pytest

from biocapil.errors import FormatError
from biocapil.synthesis import PlantedKind, PlantedPair, read_truth
from biocapil.synthesis.truth import MANIFEST_FILE, TRUTH_FILE, write_truth
from biocapil.vocabulary import SubjectId

PAIRS = (
    PlantedPair(kind=PlantedKind.DUPLICATE, first=SubjectId("S0001"), second=SubjectId("S0004")),
    PlantedPair(kind=PlantedKind.LOOKALIKE, first=SubjectId("S0002"), second=SubjectId("S0003")),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_truth(tmp_path / TRUTH_FILE, PAIRS)
    (tmp_path / MANIFEST_FILE).write_text("path,subject\na.png,S0001\nb.png,S0002\n", encoding="utf-8")
    return tmp_path


def test_the_truth_comes_back_as_it_was_written(folder: Path) -> None:
    truth = read_truth(folder)
    assert truth.pairs == PAIRS
    assert truth.samples == 2
    assert truth.manifest == folder / MANIFEST_FILE


def test_duplicates_and_lookalikes_are_told_apart(folder: Path) -> None:
    truth = read_truth(folder)
    assert truth.duplicates == PAIRS[:1]
    assert truth.lookalikes == PAIRS[1:]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind,subject\n",
        "kind,first_subject,second_subject\nsibling,S0001,S0002\n",
        "kind,first_subject,second_subject\nduplicate,S0001\n",
    ],
)
def test_a_truth_that_nobody_wrote_is_refused(folder: Path, text: str) -> None:
    (folder / TRUTH_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=r"truth\.csv"):
        read_truth(folder)


def test_a_folder_without_truth_is_no_population(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_truth(tmp_path)
