"""From a model's name to its verified bytes.

Packages announce models by entry point of group ``biocapil.models``; the entry point names a package
whose folder holds ``manifest.toml`` and the ONNX file. Nothing is imported before its model is asked
for, nothing is ever downloaded, and no model can replace another of the same name.
"""

from __future__ import annotations

import hashlib
import importlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from biocapil.errors import BiocapilError, ChecksumMismatch, LicenceRefused, ModelError, ModelNotFound
from biocapil.extraction.model_manifest import ModelManifest, Task, read_model_manifest

GROUP = "biocapil.models"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model whose file is the one its manifest names.

    Attributes:
        manifest: What its folder says about it.
        graph: The verified bytes of the ONNX file: these run, whatever happens to the file later.
    """

    manifest: ModelManifest
    graph: bytes

    def __repr__(self) -> str:
        return f"Model({self.manifest.model_id}, {self.manifest.task.value}, {len(self.graph)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """One registered model as `list_models` found it.

    Attributes:
        name: Name of the entry point.
        package: Package that the entry point names.
        manifest: Its manifest, or None where it could not be read.
        problem: Why the model cannot be used; empty where it can.
    """

    name: str
    package: str
    manifest: ModelManifest | None
    problem: str


def list_models() -> tuple[ListedModel, ...]:
    """Every registered model with its state, checksum included, in order of name.

    A broken package is listed with its error: it must not hide the others.
    """
    entries = sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))
    counts = Counter(entry.name for entry in entries)
    return tuple(_listed(entry, duplicated=counts[entry.name] > 1) for entry in entries)


def find_model(name: str, *, allow_licences: Iterable[str] | None = None) -> Model:
    """Load a registered model.

    Args:
        name: Name of its entry point.
        allow_licences: SPDX identifiers that the caller accepts; None accepts every licence.

    Returns:
        The verified model.

    Raises:
        ModelNotFound: No package registers the name.
        ModelError: Two packages register it, or its package cannot be imported.
        FormatError: Its manifest is wrong.
        ChecksumMismatch: Its file is not the one the manifest names.
        LicenceRefused: Its licence is not among the allowed ones.
    """
    model = load_model(find_folder(name), allow_licences=allow_licences)
    _require_name(name, model.manifest)
    return model


def find_folder(name: str) -> Path:
    """Folder of a registered model; what lies in it is not looked at.

    Raises:
        ModelNotFound: No package registers the name.
        ModelError: Two packages register it, or its package cannot be imported.
    """
    entries = entry_points(group=GROUP)
    found = [entry for entry in entries if entry.name == name]
    if not found:
        known = ", ".join(sorted({entry.name for entry in entries})) or "none"
        raise ModelNotFound(
            f"no installed package registers a model named {name!r}; installed: {known}. Install the "
            f"package that brings it, or load a model's folder by its path with load_model"
        )
    if len(found) > 1:
        packages = ", ".join(sorted(entry.value for entry in found))
        raise ModelError(f"model {name!r} is registered more than once: {packages}; uninstall all but one")
    return _folder(found[0])


def load_model(folder: Path, *, allow_licences: Iterable[str] | None = None) -> Model:
    """Load a model from its folder, registered or your own.

    Args:
        folder: Folder that holds ``manifest.toml`` and the ONNX file.
        allow_licences: SPDX identifiers that the caller accepts; None accepts every licence.

    Returns:
        The verified model.

    Raises:
        FormatError: The manifest is absent or wrong.
        ModelError: The ONNX file cannot be read.
        ChecksumMismatch: The file is not the one the manifest names.
        LicenceRefused: The licence is not among the allowed ones.
    """
    manifest = read_model_manifest(folder)
    require_licence(manifest, allow_licences)
    path = folder / manifest.file
    try:
        graph = path.read_bytes()
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise ModelError(f"model {manifest.name}: cannot read {path.name}: {reason}") from exc
    found = hashlib.sha256(graph).hexdigest()
    if found != manifest.sha256:
        raise ChecksumMismatch(f"{path.name}: expected sha256 {manifest.sha256}, found {found}")
    return Model(manifest=manifest, graph=graph)


def require_licence(manifest: ModelManifest, allow_licences: Iterable[str] | None) -> None:
    """Refuse a model whose licence the caller does not accept.

    Raises:
        LicenceRefused: The licence is not among the allowed ones.
        TypeError: One text was given where a set of identifiers is meant.
    """
    if allow_licences is None:
        return
    if isinstance(allow_licences, str):
        raise TypeError(f"allow_licences must be a set of SPDX identifiers, got the text {allow_licences!r}")
    allowed = frozenset(allow_licences)
    if manifest.licence.spdx not in allowed:
        raise LicenceRefused(
            f"model {manifest.name} is under {manifest.licence.spdx}, "
            f"allowed are: {', '.join(sorted(allowed)) or 'none'}"
        )


def require_task(manifest: ModelManifest, task: Task) -> None:
    """Refuse a model that does something else.

    Raises:
        ModelError: The model's task is another.
    """
    if manifest.task is not task:
        raise ModelError(
            f"model {manifest.name} is for {manifest.task.value}, but {task.value} was asked for"
        )


def _require_name(name: str, manifest: ModelManifest) -> None:
    if manifest.name != name:
        raise ModelError(f"entry point {name!r} leads to a model that calls itself {manifest.name!r}")


def _listed(entry: EntryPoint, *, duplicated: bool) -> ListedModel:
    manifest: ModelManifest | None = None
    problem = "registered more than once" if duplicated else ""
    try:
        folder = _folder(entry)
        manifest = read_model_manifest(folder)
        _require_name(entry.name, manifest)
        load_model(folder)
    except BiocapilError as exc:
        problem = problem or str(exc)
    return ListedModel(name=entry.name, package=entry.value, manifest=manifest, problem=problem)


def _folder(entry: EntryPoint) -> Path:
    """Folder of the package that an entry point names."""
    try:
        package = importlib.import_module(entry.value)
    except Exception as exc:  # foreign code runs here: whatever it raises is one diagnosis
        raise ModelError(
            f"model {entry.name!r}: package {entry.value} cannot be imported: {type(exc).__name__}: {exc}"
        ) from exc
    if package.__file__ is None:
        raise ModelError(f"model {entry.name!r}: {entry.value} is no regular package on disk")
    return Path(package.__file__).parent
