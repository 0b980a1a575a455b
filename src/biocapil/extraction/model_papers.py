"""`ModelPapers`: what lies beside a model for people to read: its card, its licence, its manifest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biocapil.extraction.model_manifest import MANIFEST, ModelManifest, read_model_manifest
from biocapil.extraction.registry import find_folder

CARD = "CARD.md"
NOTICE = "NOTICE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPapers:
    """Texts of a model's folder; a text that does not lie there is empty.

    Attributes:
        manifest: The manifest as it is read.
        card: Model card.
        licence: Text of the licence.
        notice: Notice that the licence asks to pass on.
        manifest_text: The manifest as it is written.
    """

    manifest: ModelManifest
    card: str
    licence: str
    notice: str
    manifest_text: str


def read_model_papers(name: str | Path) -> ModelPapers:
    """Read what a model's folder says to people.

    Args:
        name: Name of a registered model, or the folder of your own as a `Path`.

    Raises:
        ModelNotFound: No installed package registers the name.
        FormatError: The manifest is absent or wrong.
    """
    folder = name if isinstance(name, Path) else find_folder(name)
    manifest = read_model_manifest(folder)
    return ModelPapers(
        manifest=manifest,
        card=_text(folder / CARD),
        licence=_text(folder / manifest.licence.file),
        notice=_text(folder / NOTICE),
        manifest_text=_text(folder / MANIFEST),
    )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
