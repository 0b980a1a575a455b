"""How much of the print the sensor's borders cut off, and how straight its own border is."""

from __future__ import annotations

import numpy as np

from biocapil.quality.finger.picture import MM_PER_CELL
from biocapil.quality.opencv import Mask

BORDER_CELLS = 2
DEPTH_CELLS = 2.0
"""Cells less deep than this behind the outermost one belong to its piece of the border."""


def edge_measures(foreground: Mask) -> dict[str, float]:
    """Length of the print at each border of the picture, and the longest straight piece of its own border.

    Returns:
        Lengths in mm; `cut_share` is their sum in parts of what surrounds the region; `straight_share` is
        the longest straight piece of its border inside the picture in parts of its longest side.
    """
    if not foreground.any():
        return dict.fromkeys(("cut_left_mm", "cut_right_mm", "cut_top_mm", "cut_bottom_mm", "cut_share",
                              "straight_share"), 0.0)  # fmt: skip
    sides = {
        "cut_left_mm": foreground[:, :BORDER_CELLS].any(axis=1),
        "cut_right_mm": foreground[:, -BORDER_CELLS:].any(axis=1),
        "cut_top_mm": foreground[:BORDER_CELLS].any(axis=0),
        "cut_bottom_mm": foreground[-BORDER_CELLS:].any(axis=0),
    }
    lengths = {name: float(side.sum()) * MM_PER_CELL for name, side in sides.items()}
    around = 2 * float(np.ptp(np.nonzero(foreground), axis=1).sum() + 2) * MM_PER_CELL
    return {**lengths, "cut_share": sum(lengths.values()) / around, "straight_share": _straight(foreground)}


def _straight(foreground: Mask) -> float:
    """Longest straight piece of the region's border inside the picture, as a share of its longest side.

    Seen from each of 48 directions: how broad the cells are that lie furthest out.
    """
    core = np.pad(foreground, 1)
    core = core[:-2, 1:-1] & core[2:, 1:-1] & core[1:-1, :-2] & core[1:-1, 2:]
    rows, columns = (each.astype(np.float32)[:, None] for each in np.nonzero(foreground & ~core))
    outward = columns * _COSINE + rows * _SINE
    along = rows * _COSINE - columns * _SINE
    inside = np.minimum(np.minimum(rows, foreground.shape[0] - 1 - rows),
                        np.minimum(columns, foreground.shape[1] - 1 - columns)) >= BORDER_CELLS  # fmt: skip
    furthest = (outward > outward.max(axis=0) - DEPTH_CELLS) & inside
    broad = np.where(furthest, along, -np.inf).max(axis=0) - np.where(furthest, along, np.inf).min(axis=0)
    side = max(float(np.ptp(rows)), float(np.ptp(columns)), 1.0)
    return max(0.0, float(broad.max())) / side


_ANGLES = np.arange(48) * (2 * np.pi / 48)
_COSINE, _SINE = np.cos(_ANGLES).astype(np.float32), np.sin(_ANGLES).astype(np.float32)
