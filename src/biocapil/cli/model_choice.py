"""Which model makes the templates of each modality, as commands ask for it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from biocapil.extraction import DEFAULT_MODELS, model_modality
from biocapil.vocabulary import MODALITIES, Modality

ModelName = str | Path
"""Name of a registered model, or the folder of one's own."""

ModelNames = Mapping[Modality, ModelName]
"""A model for each modality."""

ExtractorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--extractor",
        help="Registered model that makes the templates, or the path of your own; may be repeated, one for "
        "each modality. Else the modality's own: "
        + ", ".join(f"{name} for {modality.value}" for modality, name in DEFAULT_MODELS.items())
        + ".",
    ),
]


def model_name(name: str) -> ModelName:
    """A word of the command line as a name, or as a path where it has a folder in it."""
    return Path(name) if os.sep in name else name


def chosen_models(names: Sequence[str] | None, modalities: Sequence[Modality]) -> dict[Modality, ModelName]:
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
    named = [model_name(name) for name in names or ()]
    if len(wanted) == len(named) == 1:
        return {wanted[0]: named[0]}
    by_modality: dict[Modality, ModelName] = {}
    for name in named:
        modality = model_modality(name)
        if modality not in wanted:
            there = " and ".join(each.value for each in wanted)
            raise ValueError(f"--extractor {name} reads {modality.value} samples, worked on are {there}")
        if modality in by_modality:
            raise ValueError(f"--extractor names two models for {modality.value}: name one a modality")
        by_modality[modality] = name
    return {modality: by_modality.get(modality, DEFAULT_MODELS[modality]) for modality in wanted}
