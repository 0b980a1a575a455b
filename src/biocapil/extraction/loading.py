"""`load_extractor`: from a model's name or folder to something that extracts.

name or folder ─► manifest ─► task ─► modality ─► extractor of fingers, faces or irises
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from biocapil.errors import ModelError
from biocapil.extraction.face.loading import load_face_extractor
from biocapil.extraction.finger.extractor import FingerExtractor
from biocapil.extraction.iris.loading import load_iris_extractor
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
    Modality.IRIS: Task.IRIS_SEGMENTATION,
}
"""What a model must do so that templates of a modality come of it."""


def load_extractor(
    name: str | Path | None = None,
    *,
    modality: Modality = Modality.FINGER,
    iris_code: str | None = None,
    allow_licences: Iterable[str] | None = None,
) -> Extractor:
    """Load the extractor of a modality.

    Args:
        name: Name of a registered model, or the folder of your own as a `Path`; None takes the modality's
            own of `DEFAULT_MODELS`.
        modality: What its samples are of.
        iris_code: Size of iris code by the name that the model's manifest gives it; None takes the first.
        allow_licences: SPDX identifiers that the caller accepts; None accepts every licence.

    Returns:
        An extractor that any number of threads may share.

    Raises:
        ModelNotFound: No installed package registers the name.
        ModelError: The model is for another modality or task, makes no such code, is broken, not the one its
            manifest names (`ChecksumMismatch`), or not allowed by its licence (`LicenceRefused`).
        FormatError: Its manifest is wrong.
        MissingPart: The extra ``extract`` is not installed.
        ValueError: A size of iris code is asked for of another modality.
    """
    chosen = DEFAULT_MODELS[modality] if name is None else name
    if iris_code is not None and modality is not Modality.IRIS:
        raise ValueError(f"iris_code {iris_code!r} says nothing about {modality.value} samples")
    if modality is Modality.IRIS:
        return load_iris_extractor(chosen, allow_licences, code=iris_code)
    if modality is Modality.FACE:
        return load_face_extractor(chosen, allow_licences=allow_licences)
    return _load_finger_extractor(chosen, allow_licences)


def _load_finger_extractor(name: str | Path, allow_licences: Iterable[str] | None) -> Extractor:
    if isinstance(name, Path):
        model = load_model(name, allow_licences=allow_licences)
    else:
        model = find_model(name, allow_licences=allow_licences)
    require_task(model.manifest, EXTRACTING_TASKS[Modality.FINGER])
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
