"""`load_extractor`: from a model's name or folder to something that extracts.

name or folder ─► manifest ─► task ─► modality ─► extractor of fingers, faces or irises
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from biocapil.errors import ModelError
from biocapil.extraction.finger.extractor import FingerExtractor
from biocapil.extraction.model_manifest import Task, read_model_manifest
from biocapil.extraction.registry import find_folder, find_model, load_model, require_task
from biocapil.extraction.seam import Extractor
from biocapil.extraction.session import GraphSession
from biocapil.vocabulary import Modality

DEFAULT_MODELS: Mapping[Modality, str] = {
    Modality.FINGER: "sidik",
    Modality.FACE: "sface",
    Modality.IRIS: "pelangi",
}
"""Extractor of each modality where none is named."""

DEFAULT_MODEL = DEFAULT_MODELS[Modality.FINGER]
"""Extractor of fingers where none is named: BioCapil's own, fast and trained on synthetic prints alone."""

EXTRACTING_TASKS: Mapping[Modality, Task] = {
    Modality.FINGER: Task.FINGER_MINUTIAE,
    Modality.FACE: Task.FACE_EMBEDDING,
}
"""What a model must do so that templates of a modality come of it."""


def load_extractor(
    name: str | Path | None = None,
    *,
    modality: Modality = Modality.FINGER,
    allow_licences: Iterable[str] | None = None,
) -> Extractor:
    """Load the extractor of a modality.

    Args:
        name: Name of a registered model, or the folder of your own as a `Path`; None takes the modality's
            own of `DEFAULT_MODELS`.
        modality: What its samples are of.
        allow_licences: SPDX identifiers that the caller accepts; None accepts every licence.

    Returns:
        An extractor that any number of threads may share.

    Raises:
        ModelNotFound: No installed package registers the name.
        ModelError: The model is for another modality or task, broken, not the one its manifest names
            (`ChecksumMismatch`), or not allowed by its licence (`LicenceRefused`).
        FormatError: Its manifest is wrong.
        MissingPart: The extra ``extract`` is not installed.
    """
    chosen = DEFAULT_MODELS[modality] if name is None else name
    if modality is not Modality.FINGER:
        raise ModelError(f"no model of {modality.value} can be run in this version, got {chosen}")
    if isinstance(chosen, Path):
        model = load_model(chosen, allow_licences=allow_licences)
    else:
        model = find_model(chosen, allow_licences=allow_licences)
    require_task(model.manifest, EXTRACTING_TASKS[modality])
    return FingerExtractor(manifest=model.manifest, network=GraphSession(model))


def model_modality(name: str | Path) -> Modality:
    """Modality of the templates that a model makes, as its manifest says; the model is not loaded.

    Args:
        name: Name of a registered model, or the folder of your own as a `Path`.

    Raises:
        ModelNotFound: No installed package registers the name.
        ModelError: No template comes of the model's task.
        FormatError: Its manifest is wrong.
    """
    manifest = read_model_manifest(name if isinstance(name, Path) else find_folder(name))
    for modality, task in EXTRACTING_TASKS.items():
        if manifest.task is task:
            return modality
    raise ModelError(f"model {manifest.name} is for {manifest.task.value}: no template comes of it")
