"""`ModelManifest`: what a model's folder says about its file, read from ``manifest.toml`` and checked.

First half of the way from a name to a running network: manifest and registry say which file may be
loaded, :mod:`biocapil.extraction.session` runs it. Every number that shapes a template stands in the
manifest, none in the code.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from biocapil.errors import FormatError, ModelError, UnsupportedVersion
from biocapil.extraction.face.rules import (
    DetectionRule,
    EmbeddingRule,
    read_detection_rule,
    read_embedding_rule,
)
from biocapil.extraction.iris_rule import IrisCodeRule, IrisRule, read_iris_rule
from biocapil.extraction.manifest_table import ManifestTable
from biocapil.vocabulary import ModelId

MANIFEST = "manifest.toml"
SCHEMA = 1


class Task(Enum):
    """What a model does."""

    FINGER_MINUTIAE = "finger_minutiae"
    FACE_DETECTION = "face_detection"
    FACE_EMBEDDING = "face_embedding"
    IRIS_SEGMENTATION = "iris_segmentation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInput:
    """What the network reads: float32 of shape (1, channels, height, width), values 0 to 255.

    Attributes:
        name: Name of the graph's input.
        channels: Channels of the image.
        resolution_ppi: Resolution the network was trained for; 0 where it knows none (faces).
        stride_px: Both sides must be a multiple of this.
    """

    name: str
    channels: int
    resolution_ppi: float
    stride_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOutput:
    """What the network delivers, float32: maps (1, channels, rows, columns), cells (1, N, 16), vector (1, D).

    Attributes:
        name: Name of the graph's output.
        channels: Meaning of each channel of the maps, in order; empty where it delivers no maps.
    """

    name: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutiaeRule:
    """How minutiae are read from the maps, and what an image must offer.

    Attributes:
        score_threshold: Least score of a minutia, 0 to 1.
        max_minutiae: How many are kept, best first.
        min_distance_px: Of two peaks closer than this along both axes the better stays.
        min_minutiae: Fewer are a failure to extract.
        min_side_mm: Least side of the imaged area.
        max_pixels: Most pixels at the model's resolution; memory grows with them.
        min_contrast: Least standard deviation of the grey values.
    """

    score_threshold: float
    max_minutiae: int
    min_distance_px: int
    min_minutiae: int
    min_side_mm: float
    max_pixels: int
    min_contrast: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLicence:
    """Under which terms the weights may be used.

    Attributes:
        spdx: SPDX identifier.
        file: Name of the licence's text in the folder.
        commercial_use: Whether the licence of the weights allows commercial use.
        training_data: What is known of the data the model was trained on.
        training_data_verified: Whether somebody has verified that.
    """

    spdx: str
    file: str
    commercial_use: bool
    training_data: str
    training_data_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelManifest:
    """Everything a folder says about its model.

    Attributes:
        name: Name of the model, lower case; it starts the model id.
        title: One line for a person.
        task: What it does.
        file: Name of the ONNX file in the folder.
        sha256: Checksum that the file must have, 64 hexadecimal digits.
        input: What it reads.
        output: What it delivers.
        minutiae: How its output becomes minutiae; None where the task has none.
        iris: How its output becomes an iris code; None where the task has none.
        detection: How its output becomes faces; None where the task is another.
        embedding: How a face is cut out for it; None where the task is another.
        licence: Terms and training data.
    """

    name: str
    title: str
    task: Task
    file: str
    sha256: str
    input: ModelInput
    output: ModelOutput
    minutiae: MinutiaeRule | None
    licence: ModelLicence
    iris: IrisRule | None = None
    detection: DetectionRule | None = None
    embedding: EmbeddingRule | None = None

    @property
    def model_id(self) -> ModelId:
        """Name and 12 digits that change with the file and with every number that shapes a template."""
        if self.iris is not None:
            return self.iris_model_id(None)
        return self._id_of(f"{self.detection or self.embedding or self.minutiae}")

    def iris_model_id(self, code: str | None) -> ModelId:
        """The id of one size of iris code; None for the first: sizes never compare.

        Raises:
            ModelError: The model makes no such code.
        """
        chosen = self.iris_code_rule(code)
        rule = self.iris if self.iris is None else replace(self.iris, codes=(("", chosen),))
        return self._id_of(f"{rule}")

    def iris_code_rule(self, code: str | None) -> IrisCodeRule:
        """One size of iris code by name; None for the first.

        Raises:
            ModelError: The model makes no such code.
        """
        codes = dict(self.iris.codes) if self.iris is not None else {}
        name = next(iter(codes), "") if code is None else code
        if name not in codes:
            raise ModelError(
                f"model {self.name} makes no iris code named {name!r}; it makes: {', '.join(codes) or 'none'}"
            )
        return codes[name]

    def _id_of(self, rule: str) -> ModelId:
        shaping = f"{self.sha256} {self.input} {self.output} {rule}"
        return ModelId(f"{self.name}@{hashlib.sha256(shaping.encode()).hexdigest()[:12]}")


def read_model_manifest(folder: Path) -> ModelManifest:
    """Read ``manifest.toml`` of a model's folder.

    Args:
        folder: The model's folder.

    Returns:
        The manifest; whether the model file fits it is checked when the model is loaded.

    Raises:
        FormatError: The file is absent, no TOML, or a field is missing, unknown or out of range.
        UnsupportedVersion: The manifest has another schema.
    """
    path = folder / MANIFEST
    try:
        return parse_model_manifest(path.read_text(encoding="utf-8"))
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise FormatError(f"cannot read {path.name} in {folder.name}: {reason}", record=MANIFEST) from exc
    except UnicodeDecodeError as exc:
        raise FormatError("not UTF-8 text", record=MANIFEST) from exc


def parse_model_manifest(text: str) -> ModelManifest:
    """Parse the text of a manifest; see :func:`read_model_manifest`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise FormatError(f"no TOML: {exc}", record=MANIFEST) from exc
    root = ManifestTable(values, "", record=MANIFEST)
    schema = root.whole("schema", least=0)
    if schema != SCHEMA:
        raise UnsupportedVersion(
            f"schema {schema} is not known, this version reads {SCHEMA}", record=MANIFEST, field="schema"
        )
    manifest = _manifest(root)
    root.refuse_rest()
    return manifest


def _manifest(root: ManifestTable) -> ModelManifest:
    task = Task(root.choice("task", [member.value for member in Task]))
    return ModelManifest(
        name=root.text("name", pattern=re.compile(r"[a-z][a-z0-9_]*")),
        title=root.text("title"),
        task=task,
        file=root.text("file", pattern=re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.onnx")),
        sha256=root.text("sha256", pattern=re.compile(r"[0-9a-f]{64}")),
        input=_input(root.table("input"), task),
        output=_output(root.table("output"), task),
        minutiae=_minutiae(root.table("minutiae")) if task is Task.FINGER_MINUTIAE else None,
        iris=read_iris_rule(root.table("iris")) if task is Task.IRIS_SEGMENTATION else None,
        licence=_licence(root.table("licence")),
        detection=read_detection_rule(root.table("detection")) if task is Task.FACE_DETECTION else None,
        embedding=read_embedding_rule(root.table("embedding")) if task is Task.FACE_EMBEDDING else None,
    )


def _input(table: ManifestTable, task: Task) -> ModelInput:
    least_ppi = 50 if task is Task.FINGER_MINUTIAE else 0
    value = ModelInput(
        name=table.text("name"),
        channels=table.whole("channels", least=1),
        resolution_ppi=table.number("resolution_ppi", least=least_ppi, most=4000),
        stride_px=table.whole("stride_px", least=1),
    )
    table.refuse_rest()
    return value


def _output(table: ManifestTable, task: Task) -> ModelOutput:
    has_maps = task not in {Task.FACE_DETECTION, Task.FACE_EMBEDDING}
    value = ModelOutput(name=table.text("name"), channels=table.texts("channels") if has_maps else ())
    table.refuse_rest()
    return value


def _minutiae(table: ManifestTable) -> MinutiaeRule:
    value = MinutiaeRule(
        score_threshold=table.number("score_threshold", least=0, most=1),
        max_minutiae=table.whole("max_minutiae", least=1),
        min_distance_px=table.whole("min_distance_px", least=1),
        min_minutiae=table.whole("min_minutiae", least=1),
        min_side_mm=table.number("min_side_mm", least=0, most=100),
        max_pixels=table.whole("max_pixels", least=1),
        min_contrast=table.number("min_contrast", least=0, most=128),
    )
    table.refuse_rest()
    return value


def _licence(table: ManifestTable) -> ModelLicence:
    value = ModelLicence(
        spdx=table.text("spdx", pattern=re.compile(r"[A-Za-z0-9.+() -]+")),
        file=table.text("file", pattern=re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")),
        commercial_use=table.flag("commercial_use"),
        training_data=table.text("training_data"),
        training_data_verified=table.flag("training_data_verified"),
    )
    table.refuse_rest()
    return value
