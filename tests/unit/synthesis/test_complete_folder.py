from pathlib import Path

import pytest

from biocapil.synthesis.complete_folder import complete_or_nothing, refuse_to_replace

MARK = "mark.csv"


def fill(folder: Path, text: str) -> None:
    with complete_or_nothing(folder) as draft:
        (draft / MARK).write_text(text, encoding="utf-8")


def test_the_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "set"
    with complete_or_nothing(target) as draft:
        (draft / MARK).write_text("new", encoding="utf-8")
        assert not target.exists()
    assert (target / MARK).read_text(encoding="utf-8") == "new"
    assert list(target.parent.iterdir()) == [target]


def test_an_older_folder_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "set"
    fill(target, "old")
    with pytest.raises(OSError, match="no space"), complete_or_nothing(target):
        raise OSError("no space")
    assert (target / MARK).read_text(encoding="utf-8") == "old"
    fill(target, "new")
    assert (target / MARK).read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_only_what_bears_the_mark_may_be_replaced(tmp_path: Path) -> None:
    refuse_to_replace(tmp_path / "absent", MARK, overwrite=False)
    refuse_to_replace(tmp_path, MARK, overwrite=False)
    fill(tmp_path / "set", "old")
    with pytest.raises(FileExistsError, match="exists and is no population"):
        refuse_to_replace(tmp_path, MARK, overwrite=True)
    with pytest.raises(FileExistsError, match="already holds a population"):
        refuse_to_replace(tmp_path / "set", MARK, overwrite=False)
    refuse_to_replace(tmp_path / "set", MARK, overwrite=True)
