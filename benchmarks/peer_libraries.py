"""Other libraries that the kernels are raced with, where they are installed; no benchmark needs them.

open-iris asks for old versions of many packages, but compares codes with one file that needs numpy alone:
only that file is loaded, beside stand-ins for the two classes that it names in signatures.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.iris_code import CodeGeometry

PEERS = ("faiss-cpu", "numkong", "open-iris")
OPEN_IRIS = ("nodes", "matcher", "utils.py")


def use_peers_of(folder: Path | None) -> None:
    """Find libraries in another environment's folder of packages, after those of this one."""
    if folder is not None:
        sys.path.append(str(folder))


def library(name: str) -> Any | None:
    """A module, or None where it is not installed."""
    if importlib.util.find_spec(name) is None:
        return None
    return import_module(name)


def open_iris_distance() -> Callable[..., tuple[float, int]] | None:
    """`simple_hamming_distance` of open-iris, or None where it is not installed."""
    spec = importlib.util.find_spec("iris")
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    file = Path(places[0], *OPEN_IRIS) if places else None
    if file is None or not file.is_file():
        return None
    stand_ins: dict[str, tuple[str, ...]] = {
        "iris": (),
        "iris.io": (),
        "iris.io.dataclasses": ("IrisTemplate",),
        "iris.io.errors": ("MatcherError",),
    }
    for name, known in stand_ins.items():
        module = ModuleType(name)
        for each in known:
            setattr(module, each, type(each, (Exception,), {}))
        sys.modules[name] = module
    described = importlib.util.spec_from_file_location("open_iris_matcher_utils", file)
    assert described is not None
    assert described.loader is not None
    loaded = importlib.util.module_from_spec(described)
    described.loader.exec_module(loaded)
    found: Callable[..., tuple[float, int]] = loaded.simple_hamming_distance
    return found


def open_iris_template(words: NDArray[np.uint64], geometry: CodeGeometry) -> Any:
    """Code and mask, shape (2, words), as open-iris has them: bits of (row, column, part), by wavelet."""
    columns = np.ascontiguousarray(geometry.columns_of(words))
    bits = np.unpackbits(columns[..., None].view(np.uint8), axis=-1, bitorder="little").astype(np.bool_)
    parts = bits.reshape(2, geometry.columns, 2, geometry.column_bits // 4, 2).transpose(0, 2, 3, 1, 4)
    code, mask = (list(np.ascontiguousarray(part)) for part in parts)
    return SimpleNamespace(iris_codes=code, mask_codes=mask)
