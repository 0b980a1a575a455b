"""The packed minutia: eight 64-bit words, one cache line, the unit in which galleries are held and read.

    word 0-5   six directional layers of an 8x8 cell grid around the minutia, one bit a cell:
               set where neighbours stand near that cell with about that relative direction
    word 6     validity mask: cells inside the circle and near the convex hull of the minutiae;
               shared by all layers, so that masking costs one AND
    word 7     pose: bits 0-15 x, 16-31 y (10 µm units, y up), 32-39 angle (1/256 turn),
               40-47 quality (0-100), 48-49 kind, 50-63 zero

The grid is turned to the minutia's own direction, so that the bits do not change when the finger is
turned or shifted. The bits follow the minutia cylinder code (Cappelli, Ferrara, Maltoni, 2010,
doi:10.1109/TPAMI.2010.52), with bits in place of reals and the layout made for popcount.
"""

from __future__ import annotations

LAYOUT_VERSION = 1
WORDS = 8
LAYERS = 6
MASK_WORD = 6
POSE_WORD = 7
UNIT_UM = 10.0
"""Length of one coordinate step."""

TURN = 256
"""Angle steps in a full turn."""

MAX_MINUTIAE = 37
"""Minutiae kept a template, the best by quality, then the most central: 2.4 kB, and on synthetic prints
better than 64. All minutiae of the template still shape the cylinders of those kept."""

GRID = 8
"""Cells along one side of the grid."""

RADIUS_UM = 3810.0
"""Radius of the cylinder (75 px at 500 ppi)."""

SPATIAL_SIGMA_UM = 472.0
"""Spread of a neighbour over cells."""

ANGULAR_SIGMA_RAD = 0.7
"""Spread of a neighbour over directional layers."""

BIT_THRESHOLD = 0.15
"""Accumulated contribution from which a cell's bit is set."""

HULL_MARGIN_UM = 1524.0
"""How far outside the convex hull a cell still counts as valid."""
