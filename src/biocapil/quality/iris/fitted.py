"""The fit: what turns measures into score and reasons, read from the package's own data file.

The file is made by ``benchmarks/fit_iris_quality.py`` from synthetic eyes alone.
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
from biocapil.quality.network import Layer
from biocapil.vocabulary import IrisReason, ModelId

SCHEMA = "biocapil/iris_quality/1"
FILE = "iris_quality.json"
MODEL = "iris_quality"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrisQualityFit:
    """Everything that was fitted.

    Attributes:
        model_id: Name and the start of the file's checksum.
        measures: Names of the measures, in the order of the inputs.
        centre: Middle of each measure. Shape (M,), float32.
        spread: Spread of each measure. Shape (M,), float32.
        limit: Measures are taken for at most so many spreads from their middle.
        reasons: Network from the standard measures to a logit for each reason.
        order: Reasons in the order of that network's outputs.
        thresholds: Logit from which each reason is named. Shape (R,), float32.
        utility: Network from the same inputs to the expected similarity to a good picture of the eye.
        scale: Utility that gives a score of 0, and that which gives 100.
        best: Value of each measure in good pictures, which gives its component 100. Shape (M,), float32.
        worst: Value in poor ones, which gives 0. Shape (M,), float32.
    """

    model_id: ModelId
    measures: tuple[str, ...]
    centre: NDArray[np.float32]
    spread: NDArray[np.float32]
    limit: float
    reasons: tuple[Layer, ...]
    order: tuple[IrisReason, ...]
    thresholds: NDArray[np.float32]
    utility: tuple[Layer, ...]
    scale: tuple[float, float]
    best: NDArray[np.float32]
    worst: NDArray[np.float32]


@cache
def shipped_iris_fit() -> IrisQualityFit:
    """The fit that comes with the package; read once.

    Raises:
        ModelError: The file is missing or not one of ours.
    """
    return read_iris_fit(files("biocapil.quality.iris").joinpath(FILE).read_bytes())


def read_iris_fit(data: bytes) -> IrisQualityFit:
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
        raise ModelError(f"the fit of iris quality cannot be read: {exc}") from exc


def _fit(parts: Mapping[str, Any], *, digits: str) -> IrisQualityFit:
    arrays = {name: _array(parts[name]) for name in ("centre", "spread", "thresholds", "best", "worst")}
    return IrisQualityFit(
        model_id=ModelId(f"{MODEL}@{digits}"),
        measures=tuple(parts["measures"]),
        limit=float(parts["limit"]),
        reasons=_layers(parts["reasons"]),
        order=tuple(IrisReason(name) for name in parts["order"]),
        utility=_layers(parts["utility"]),
        scale=(float(parts["scale"][0]), float(parts["scale"][1])),
        **arrays,
    )


def _layers(parts: Any) -> tuple[Layer, ...]:
    return tuple(Layer(weights=_array(each["weights"]), bias=_array(each["bias"])) for each in parts)


def _array(values: Any) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)
