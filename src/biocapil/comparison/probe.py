"""`Probe`: one template laid out so that the kernels can run over it; prepared once, used against all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import POSE_WORD, TURN, WORDS
from biocapil.comparison.packed import pack_template
from biocapil.comparison.parameters import GATE_WINDOW
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

LANES = 8
"""Columns are read in whole vectors of this many words."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probe:
    """A template prepared for comparison with many references.

    Attributes:
        rows: Packed minutiae. Shape (n, 8), uint64.
        columns: The same words in columns, sorted by direction and repeated three times, so that a
            window of directions is one contiguous slice; zeros at the end. Shape (8, 3n + 16), uint64.
        windows: For each of 256 directions the first column inside the window and how many
            columns to read, a multiple of `LANES`. Shape (2, 256), int32.
        model_id: Model that made the template.
    """

    rows: NDArray[np.uint64]
    columns: NDArray[np.uint64]
    windows: NDArray[np.int32]
    model_id: ModelId

    def __repr__(self) -> str:
        return f"Probe({len(self.rows)} minutiae, model {self.model_id})"


def prepare_probe(template: FingerprintTemplate) -> Probe:
    """Prepare a template for comparison."""
    return probe_from_rows(pack_template(template)[0], template.model_id)


def probe_from_rows(rows: NDArray[np.uint64], model_id: ModelId) -> Probe:
    """Prepare a packed template for comparison.

    Args:
        rows: Packed minutiae. Shape (n, 8), uint64.
        model_id: Model that made the template.
    """
    turns = ((rows[:, POSE_WORD] >> np.uint64(32)) & np.uint64(255)).astype(np.int64)
    order = np.argsort(turns, kind="stable")
    ordered, turns = rows[order], turns[order]
    padding = np.zeros((2 * LANES, WORDS), np.uint64)
    columns = np.ascontiguousarray(np.concatenate([ordered, ordered, ordered, padding]).T)

    unrolled = np.concatenate([turns - TURN, turns, turns + TURN])
    directions = np.arange(TURN)
    first = np.searchsorted(unrolled, directions - GATE_WINDOW, "left")
    beyond = np.searchsorted(unrolled, directions + GATE_WINDOW, "right")
    count = -(-(beyond - first) // LANES) * LANES
    windows = np.stack([first, count]).astype(np.int32)
    return Probe(rows=rows, columns=columns, windows=windows, model_id=model_id)
