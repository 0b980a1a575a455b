"""Embeddings as a gallery keeps them, back to vectors of unit length.

What was quantised comes back as the middle of its step. A step of 0 comes back as a quarter of a step up or
down, as its sign bit says, so that packing it again gives the same bytes and the same signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.embedding_layout import signed_bytes
from biocapil.comparison.embedding_precision import EmbeddingPrecision, widened
from biocapil.embedding import LENGTH_TOLERANCE
from biocapil.gallery.models import FaceModel

WITHIN = LENGTH_TOLERANCE / 2
"""How far a length may be from 1 before the vector is divided by it."""


def embedding_rows(rows: Mapping[str, NDArray[Any]], model: FaceModel) -> NDArray[np.float32]:
    """Embeddings of rows of a shelf.

    Args:
        rows: Rows of each column in lanes.
        model: How they are kept.

    Returns:
        Shape (N, dimensions), float32, of length 1 within `LENGTH_TOLERANCE`.
    """
    if model.precision is EmbeddingPrecision.INT8:
        vectors = _of_steps(rows["octets"], rows["signs"], model)
    else:
        vectors = _of_values(rows["values"], model)
    lengths = np.sqrt(np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64))
    lengths[np.abs(lengths - 1.0) <= WITHIN] = 1.0
    unit: NDArray[np.float32] = (vectors / lengths[:, None]).astype(np.float32)
    return unit


def _of_values(values: NDArray[Any], model: FaceModel) -> NDArray[np.float32]:
    if model.precision is EmbeddingPrecision.FLOAT16:
        floats = values.astype("<u2").view("<f2").astype(np.float32)
    elif model.precision is EmbeddingPrecision.BFLOAT16:
        floats = widened(values)
    else:
        floats = values.astype(np.float32)
    return _flat(floats)[:, : model.dimensions]


def _of_steps(octets: NDArray[np.uint8], signs: NDArray[np.uint64], model: FaceModel) -> NDArray[np.float32]:
    steps = _flat(signed_bytes(octets))[:, : model.dimensions].astype(np.float32)
    octets_of_signs = _flat(signs.astype("<u8").view(np.uint8))
    bits = np.unpackbits(octets_of_signs, axis=1, bitorder="little")
    quarters = np.where(bits[:, : model.dimensions] > 0, np.float32(0.25), np.float32(-0.25))
    steps = np.where(steps == 0, quarters, steps)
    vectors: NDArray[np.float32] = (steps / np.float32(model.scale)).astype(np.float32, copy=False)
    return vectors


def _flat(rows: NDArray[Any]) -> NDArray[Any]:
    """One axis for all that a row holds, also where there is no row."""
    return rows.reshape(len(rows), prod(rows.shape[1:]))
