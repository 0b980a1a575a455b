from __future__ import annotations

from pathlib import Path

import pytest

from biocapil.cli import model_choice as room
from biocapil.cli.model_choice import ModelChoice, chosen_models, model_choice
from biocapil.errors import ModelError, ModelNotFound
from biocapil.vocabulary import Modality


def test_each_modality_has_a_model_of_its_own() -> None:
    chosen = chosen_models(None, [Modality.IRIS, Modality.FINGER])
    assert {modality: str(each) for modality, each in chosen.items()} == {
        Modality.FINGER: "sidik",
        Modality.IRIS: "pelangi",
    }
    assert list(chosen) == [Modality.FINGER, Modality.IRIS]


@pytest.mark.parametrize(
    ("word", "name", "code"),
    [
        ("leader", "leader", None),
        ("pelangi:short", "pelangi", "short"),
        ("models/mine", Path("models/mine"), None),
        ("models/mine:short", Path("models/mine"), "short"),
        ("a:b/mine", Path("a:b/mine"), None),
    ],
)
def test_a_word_is_a_name_or_a_path_with_a_size_of_code_or_none(
    word: str, name: str | Path, code: str | None
) -> None:
    found = model_choice(word)
    assert (found.name, found.iris_code) == (name, code)
    assert str(found) == word


def test_one_model_is_taken_for_the_one_modality_without_looking() -> None:
    assert chosen_models(["nobody"], [Modality.FACE]) == {Modality.FACE: ModelChoice(name="nobody")}


def test_a_model_is_taken_for_the_modality_that_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        room, "model_modality", {"leader": Modality.FINGER, "sidik": Modality.FINGER}.__getitem__
    )
    both = [Modality.FINGER, Modality.IRIS]
    assert str(chosen_models(["leader"], both)[Modality.FINGER]) == "leader"
    assert str(chosen_models(["leader"], both)[Modality.IRIS]) == "pelangi"
    with pytest.raises(ValueError, match="names two models for finger"):
        chosen_models(["leader", "sidik"], both)
    with pytest.raises(ValueError, match="leader reads finger samples, worked on are face and iris"):
        chosen_models(["leader"], [Modality.IRIS, Modality.FACE])


def test_a_name_that_nobody_registers_is_refused() -> None:
    with pytest.raises((ModelNotFound, ModelError), match="nobody"):
        chosen_models(["nobody"], list(Modality))
