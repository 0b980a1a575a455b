"""`LaneColumn`: rows that stand side by side, the same word of all rows of a block in one run.

A template takes one lane of a block, so the templates of an instance begin at a block of their own; lanes
that are left over hold what the kernels expect of no template.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import embedding_layout, packed_codes
from biocapil.comparison.embedding_precision import EmbeddingPrecision, form_of_values
from biocapil.gallery.models import FaceModel, GalleryModels, IrisModel
from biocapil.iris_code import CodeGeometry
from biocapil.vocabulary import Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneColumn:
    """One column of a shelf whose rows stand in the lanes of blocks.

    Attributes:
        dtype: Little-endian type.
        row_shape: Shape of one row.
        lanes: Rows of a block.
        axis: Axis of the lanes in a block of the column, counted with that of the blocks.
        fill: What stands in lanes that are left over.
    """

    dtype: str
    row_shape: tuple[int, ...]
    lanes: int
    axis: int
    fill: int = 0

    def shape(self, slots: int) -> tuple[int, ...]:
        """Shape of a column with so many lanes in all, a multiple of those of a block."""
        blocks = slots // self.lanes
        return (blocks, *self.row_shape[: self.axis - 1], self.lanes, *self.row_shape[self.axis - 1 :])

    def rows(self, column: NDArray[Any], slots: NDArray[np.int64]) -> NDArray[Any]:
        """Copies of some rows. Shape (n, row_shape)."""
        lanes = np.moveaxis(column, self.axis, 1)
        rows: NDArray[Any] = lanes[slots // self.lanes, slots % self.lanes]
        return rows

    def blocks(self, rows: NDArray[Any], slots: int) -> NDArray[Any]:
        """A column whose first lanes hold some rows, the others `fill`."""
        lanes = np.full((slots // self.lanes, self.lanes, *self.row_shape), self.fill, self.dtype)
        lanes.reshape(slots, *self.row_shape)[: len(rows)] = rows
        return np.ascontiguousarray(np.moveaxis(lanes, 1, self.axis))


def iris_columns(model: IrisModel) -> dict[str, LaneColumn]:
    """Columns of iris codes, see `PackedCodes` and `ThinnedCodes`."""
    columns = _code_columns(model.geometry, "")
    if model.thinned is not None:
        columns |= _code_columns(model.thinned, "thinned_")
    return columns


def face_columns(model: FaceModel) -> dict[str, LaneColumn]:
    """Columns of embeddings, see `PackedEmbeddings`; the precision decides what `values` are."""
    lanes = embedding_layout.LANES
    signs, octets = -(-model.dimensions // 64), -(-model.dimensions // lanes) * lanes // 4
    zero = embedding_layout.BYTE_ZERO
    columns = {
        "signs": LaneColumn(dtype="<u8", row_shape=(signs, 1), lanes=lanes, axis=2),
        "octets": LaneColumn(dtype="u1", row_shape=(octets, 4), lanes=lanes, axis=2, fill=zero),
    }
    if model.precision is not EmbeddingPrecision.INT8:
        dtype, shape = form_of_values(model.precision, blocks=0, dimensions=model.dimensions)
        little = dtype.newbyteorder("<").str
        columns["values"] = LaneColumn(dtype=little, row_shape=(shape[1], shape[3]), lanes=lanes, axis=2)
    return columns


def _code_columns(geometry: CodeGeometry, prefix: str) -> dict[str, LaneColumn]:
    lanes = packed_codes.LANES
    return {
        f"{prefix}codes": LaneColumn(dtype="<u8", row_shape=(geometry.words, 2), lanes=lanes, axis=3),
        f"{prefix}valid_bits": LaneColumn(dtype="<i8", row_shape=(), lanes=lanes, axis=1),
    }


def lane_columns(modality: Modality, models: GalleryModels) -> dict[str, LaneColumn]:
    """Columns in lanes of a modality, by name; none for fingers."""
    if modality is Modality.IRIS and models.iris is not None:
        return iris_columns(models.iris)
    if modality is Modality.FACE and models.face is not None:
        return face_columns(models.face)
    return {}
