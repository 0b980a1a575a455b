"""The fit: what turns measures into score and reasons, read from the package's own data file.

The file is made by ``benchmarks/fit_finger_quality.py`` from synthetic prints alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError, UnsupportedVersion
from biocapil.quality.finger.fields import shipped_fields
from biocapil.quality.network import Layer, layers_of
from biocapil.vocabulary import FingerReason, ModelId

SCHEMA = "biocapil/finger_quality/1"
FILE = "finger_quality.json"
MODEL = "finger_quality"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentScale:
    """How a measure becomes a component from 0 to 100.

    Attributes:
        name: Name of the component.
        measure: Measure that it tells.
        worst: Value that gives 0.
        best: Value that gives 100.
    """

    name: str
    measure: str
    worst: float
    best: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QualityFit:
    """Everything that was fitted.

    Attributes:
        model_id: Name and the start of the file's checksum.
        fields: Start of the checksum of the learned fields whose measures this was fitted to.
        measures: Names of the measures that enter, in the order of the inputs.
        centre: Middle of each measure. Shape (M,), float32.
        spread: Spread of each measure. Shape (M,), float32.
        limit: Measures are taken for at most so many spreads from their middle.
        upright: Network from differences of flow to how surely the finger points up.
        reasons: Network from the standard measures, `upright` among them, to a logit for each reason.
        order: Reasons in the order of that network's outputs.
        thresholds: Logit from which each reason is named. Shape (R,), float32.
        utility: Network from the same inputs to the expected utility.
        scale: Utility that gives a score of 0, and that which gives 100.
        components: Scales of the named components.
    """

    model_id: ModelId
    fields: str
    measures: tuple[str, ...]
    centre: NDArray[np.float32]
    spread: NDArray[np.float32]
    limit: float
    upright: tuple[Layer, ...]
    reasons: tuple[Layer, ...]
    order: tuple[FingerReason, ...]
    thresholds: NDArray[np.float32]
    utility: tuple[Layer, ...]
    scale: tuple[float, float]
    components: tuple[ComponentScale, ...]


@cache
def shipped_fit() -> QualityFit:
    """The fit that comes with the package; read once.

    Raises:
        ModelError: The file is missing, not one of ours, or fitted to measures of other learned fields.
    """
    fit = read_fit(files("biocapil.quality.finger").joinpath(FILE).read_bytes())
    if fit.fields != shipped_fields().digest:
        raise ModelError(
            f"{FILE} was fitted to measures by fields {fit.fields}, those here are {shipped_fields().digest}"
        )
    return fit


def read_fit(data: bytes) -> QualityFit:
    """Fit of a file's bytes.

    Raises:
        UnsupportedVersion: The file is of another schema.
        ModelError: A part is missing or does not fit the others.
    """
    try:
        parts = json.loads(data)
        if parts["schema"] != SCHEMA:
            raise UnsupportedVersion(f"schema {parts['schema']!r} is unknown; this is {SCHEMA}", record=MODEL)
        return _fit(parts, digits=hashlib.sha256(data).hexdigest()[:12])
    except (KeyError, TypeError, ValueError) as exc:
        raise ModelError(f"the fit of finger quality cannot be read: {exc}") from exc


def _fit(parts: Mapping[str, Any], *, digits: str) -> QualityFit:
    return QualityFit(
        model_id=ModelId(f"{MODEL}@{digits}"),
        fields=str(parts["fields"]),
        measures=tuple(parts["measures"]),
        centre=_array(parts["centre"]),
        spread=_array(parts["spread"]),
        limit=float(parts["limit"]),
        upright=layers_of(parts["upright"]),
        reasons=layers_of(parts["reasons"]),
        order=tuple(FingerReason(name) for name in parts["order"]),
        thresholds=_array(parts["thresholds"]),
        utility=layers_of(parts["utility"]),
        scale=(float(parts["scale"][0]), float(parts["scale"][1])),
        components=tuple(ComponentScale(**each) for each in parts["components"]),
    )


def _array(values: Any) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)
