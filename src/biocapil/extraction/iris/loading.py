"""`load_iris_extractor`: from a model's name or folder to something that reads irises."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.extraction.model_manifest import Task
from biocapil.extraction.registry import find_model, load_model, require_task
from biocapil.extraction.session import GraphSession

DEFAULT_IRIS_MODEL = "pelangi"


def load_iris_extractor(
    name: str | Path = DEFAULT_IRIS_MODEL,
    allow_licences: Iterable[str] | None = None,
    *,
    code: str | None = None,
) -> IrisExtractor:
    """Load the extractor of an iris model.

    Args:
        name: Name of a registered model, or the folder of your own as a `Path`.
        allow_licences: SPDX identifiers that the caller accepts; None accepts every licence.
        code: Name of the size of code, as the manifest lists them; None takes the first.

    Returns:
        An extractor that any number of threads may share.

    Raises:
        ModelNotFound: No installed package registers the name.
        ModelError: The model is for another task, names no such code, is broken, not the one its manifest
            names (`ChecksumMismatch`), or not allowed by its licence (`LicenceRefused`).
        FormatError: Its manifest is wrong.
        MissingPart: The extra ``extract`` is not installed.
    """
    if isinstance(name, Path):
        model = load_model(name, allow_licences=allow_licences)
    else:
        model = find_model(name, allow_licences=allow_licences)
    require_task(model.manifest, Task.IRIS_SEGMENTATION)
    return IrisExtractor(manifest=model.manifest, network=GraphSession(model), code=code)
