"""`load_face_extractor`: from a model's name or folder to something that extracts faces.

The embedding network's manifest names its detector, which is loaded along with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from biocapil.errors import ModelError
from biocapil.extraction.face.detector import FaceDetector
from biocapil.extraction.face.extractor import FaceExtractor
from biocapil.extraction.model_manifest import Task
from biocapil.extraction.registry import Model, find_model, load_model, require_task
from biocapil.extraction.session import TensorSession


def load_face_extractor(
    name: str | Path, *, allow_licences: Iterable[str] | None = None, detector: Path | None = None
) -> FaceExtractor:
    """Load the extractor of a face model.

    Args:
        name: Name of a registered model, or the folder of your own as a `Path`.
        allow_licences: SPDX identifiers that the caller accepts, of both models; None accepts every licence.
        detector: Folder of a detector of your own; None takes the registered one that the manifest names.

    Returns:
        An extractor that any number of threads may share.

    Raises:
        ModelNotFound: No installed package registers the name, or the detector's.
        ModelError: A model is for another task, broken, not the one its manifest names
            (`ChecksumMismatch`), or not allowed by its licence (`LicenceRefused`).
        FormatError: A manifest is wrong.
        MissingPart: The extra ``extract`` is not installed.
    """
    allowed = None if allow_licences is None else frozenset(allow_licences)
    model = _load(name, allowed)
    require_task(model.manifest, Task.FACE_EMBEDDING)
    if model.manifest.embedding is None:  # the schema gives this task its table
        raise ModelError(f"model {model.manifest.name} has no table [embedding]")
    wanted = model.manifest.embedding.detector_name if detector is None else detector
    return FaceExtractor(
        manifest=model.manifest,
        network=TensorSession(model),
        detector=load_face_detector(wanted, allow_licences=allowed),
    )


def load_face_detector(name: str | Path, *, allow_licences: Iterable[str] | None = None) -> FaceDetector:
    """Load a face detector; arguments and errors as those of `load_face_extractor`."""
    model = _load(name, allow_licences)
    require_task(model.manifest, Task.FACE_DETECTION)
    return FaceDetector(manifest=model.manifest, network=TensorSession(model))


def _load(name: str | Path, allow_licences: Iterable[str] | None) -> Model:
    if isinstance(name, Path):
        return load_model(name, allow_licences=allow_licences)
    return find_model(name, allow_licences=allow_licences)
