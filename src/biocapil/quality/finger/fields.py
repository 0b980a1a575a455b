"""What was learned about places: a network over the cells of a print, and one over the flow of the picture.

The file is made by ``benchmarks/fit_finger_fields.py`` from synthetic prints alone.
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
from biocapil.quality.network import Layer, layers_of, run_network

SCHEMA = "biocapil/finger_fields/1"
FILE = "finger_fields.json"
MODEL = "finger_fields"
DIGITS = 12
BLOCK_ROWS = 128
"""Rows at a time: so few that the library of linear algebra wakes no threads of its own beside the pool's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScaledNetwork:
    """A network and the scale of what it reads.

    Attributes:
        centre: Middle of each input. Shape (M,), float32.
        spread: Spread of each input. Shape (M,), float32.
        layers: First to last.
    """

    centre: NDArray[np.float32]
    spread: NDArray[np.float32]
    layers: tuple[Layer, ...]

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Outputs for inputs as they were measured. Shape (N, M) to (N, outputs), float32."""
        standard = (inputs - self.centre) / self.spread
        blocks = range(0, max(len(standard), 1), BLOCK_ROWS)
        return np.concatenate(
            [run_network(self.layers, standard[start : start + BLOCK_ROWS]) for start in blocks]
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FingerFields:
    """The learned networks that measures use.

    Attributes:
        digest: Start of the file's checksum: what measures by these networks are told apart by.
        ghost: From figures of a cell to a logit of its showing an earlier finger, see `ghost`.
        place: From the flow of the picture to where the finger's middle lies, see `placing`.
    """

    digest: str
    ghost: ScaledNetwork
    place: ScaledNetwork


@cache
def shipped_fields() -> FingerFields:
    """The networks that come with the package; read once.

    Raises:
        ModelError: The file is missing or not one of ours.
    """
    return read_fields(files("biocapil.quality.finger").joinpath(FILE).read_bytes())


def read_fields(data: bytes) -> FingerFields:
    """Networks of a file's bytes.

    Raises:
        UnsupportedVersion: The file is of another schema.
        ModelError: A part is missing or does not fit the others.
    """
    try:
        parts = json.loads(data)
        if parts["schema"] != SCHEMA:
            raise UnsupportedVersion(f"schema {parts['schema']!r} is unknown; this is {SCHEMA}", record=MODEL)
        return FingerFields(
            digest=hashlib.sha256(data).hexdigest()[:DIGITS],
            ghost=_network(parts["ghost"]),
            place=_network(parts["place"]),
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise ModelError(f"the learned fields of finger quality cannot be read: {exc}") from exc


def _network(parts: Mapping[str, Any]) -> ScaledNetwork:
    centre, spread = (np.array(parts[name], np.float32) for name in ("centre", "spread"))
    layers = layers_of(parts["layers"])
    if not len(centre) == len(spread) == len(layers[0].weights):
        raise ValueError(
            f"{len(centre)} middles and {len(spread)} spreads for {len(layers[0].weights)} inputs"
        )
    return ScaledNetwork(centre=centre, spread=spread, layers=layers)
