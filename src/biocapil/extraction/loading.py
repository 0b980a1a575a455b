"""`load_extractor`: from a model's name or folder to something that extracts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from biocapil.extraction.finger.extractor import FingerExtractor
from biocapil.extraction.model_manifest import Task
from biocapil.extraction.registry import find_model, load_model, require_task
from biocapil.extraction.seam import Extractor
from biocapil.extraction.session import GraphSession

DEFAULT_MODEL = "sidik"
"""Extractor of fingers where none is named: BioCapil's own, fast and trained on synthetic prints alone."""


def load_extractor(
    name: str | Path = DEFAULT_MODEL, *, allow_licences: Iterable[str] | None = None
) -> Extractor:
    """Load the extractor of a finger model.

    Args:
        name: Name of a registered model, or the folder of your own as a `Path`.
        allow_licences: SPDX identifiers that the caller accepts; None accepts every licence.

    Returns:
        An extractor that any number of threads may share.

    Raises:
        ModelNotFound: No installed package registers the name.
        ModelError: The model is for another task, broken, not the one its manifest names
            (`ChecksumMismatch`), or not allowed by its licence (`LicenceRefused`).
        FormatError: Its manifest is wrong.
        MissingPart: The extra ``extract`` is not installed.
    """
    if isinstance(name, Path):
        model = load_model(name, allow_licences=allow_licences)
    else:
        model = find_model(name, allow_licences=allow_licences)
    require_task(model.manifest, Task.FINGER_MINUTIAE)
    return FingerExtractor(manifest=model.manifest, network=GraphSession(model))
