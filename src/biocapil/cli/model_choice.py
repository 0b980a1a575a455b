"""Which model makes the templates of each modality, as commands ask for it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from biocapil.extraction import DEFAULT_MODELS, model_modality
from biocapil.vocabulary import MODALITIES, Modality

CODE_SIGN = ":"
"""What stands before the size of code behind the name of an iris model: ``pelangi:short``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """A model, and of an iris model the size of code.

    Attributes:
        name: Name of a registered model, or the folder of one's own.
        iris_code: Size of code as the model's manifest names it; None for the first.
    """

    name: str | Path
    iris_code: str | None = None

    def __str__(self) -> str:
        return f"{self.name}{CODE_SIGN}{self.iris_code}" if self.iris_code else str(self.name)


ModelChoices = Mapping[Modality, ModelChoice]
"""A model for each modality."""

ExtractorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--extractor",
        help="Registered model that makes the templates, or the path of your own; may be repeated, one for "
        "each modality; pelangi:short chooses a size of iris code. Else the modality's own: "
        + ", ".join(f"{name} for {modality.value}" for modality, name in DEFAULT_MODELS.items())
        + ".",
    ),
]


def model_choice(word: str) -> ModelChoice:
    """A word as a name, or as a path where it has a folder in it; a size of code may stand behind it."""
    name, sign, code = word.rpartition(CODE_SIGN)
    if not sign or os.sep in code:
        name, code = word, ""
    return ModelChoice(name=Path(name) if os.sep in name else name, iris_code=code or None)


def chosen_models(names: Sequence[str] | None, modalities: Sequence[Modality]) -> dict[Modality, ModelChoice]:
    """Model of each modality: the one that the caller names, else the modality's own.

    Args:
        names: Models that the caller names, each of another modality.
        modalities: Modalities that are worked on, in any order.

    Raises:
        ValueError: Two models of one modality were named, or one of a modality that is not worked on.
        ModelNotFound: No installed package registers a name.
        ModelError: No template comes of a model.
        FormatError: A manifest is wrong.
    """
    wanted = [modality for modality in MODALITIES if modality in modalities]
    named = [model_choice(name) for name in names or ()]
    if len(wanted) == len(named) == 1:
        return {wanted[0]: named[0]}
    by_modality: dict[Modality, ModelChoice] = {}
    for name in named:
        modality = model_modality(name.name)
        if modality not in wanted:
            there = " and ".join(each.value for each in wanted)
            raise ValueError(f"--extractor {name} reads {modality.value} samples, worked on are {there}")
        if modality in by_modality:
            raise ValueError(f"--extractor names two models for {modality.value}: name one a modality")
        by_modality[modality] = name
    own = {modality: ModelChoice(name=DEFAULT_MODELS[modality]) for modality in wanted}
    return own | by_modality
