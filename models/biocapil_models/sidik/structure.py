"""The network, one row a step: read by training (:mod:`.train.network`) and by the recipe (:mod:`.build`).

Half the image's size at once, three times halved, brought back with what was seen on the way down; the head
unfolds 2×2 pixels from each place, so that answers have the image's size at a quarter of the cost.

Reference: Ronneberger, Fischer, Brox, U-Net, MICCAI 2015; Shi et al., Real-time single image and video
super-resolution using a sub-pixel convolution, CVPR 2016 (unfolding).
"""

from __future__ import annotations

from biocapil_models.rows.structure import UNFOLDED, Row, block, halve, plain, prepare, rise

INPUT = "image"
OUTPUT = "maps"
OUTPUT_CHANNELS = ("score", "cos", "sin")
STRIDE_PX = 16
"""Sides of an image must be multiples of this."""

GREY_MIDDLE = 128.0
CONTRAST_BLOCK_PX = 8
CONTRAST_BLOCKS = 5
"""Local mean and contrast are taken over this many blocks each way: 40 px."""
CONTRAST_FLOOR = 0.01
"""Added to the local variance of grey values in units of `GREY_MIDDLE`."""

LEARNT_MAPS = 3
"""Position, cos, sin."""
STRUCTURE: tuple[Row, ...] = (
    prepare("even", INPUT),
    block("look", "even", 16, 1, side=7, stride=2),
    block("half", "look", 16, 16),
    halve("half_down", "half"),
    block("quarter_first", "half_down", 32, 16),
    block("quarter", "quarter_first", 32, 32),
    halve("quarter_down", "quarter"),
    block("eighth_first", "quarter_down", 64, 32),
    block("eighth", "eighth_first", 64, 64),
    halve("eighth_down", "eighth"),
    block("sixteenth_first", "eighth_down", 96, 64),
    block("sixteenth", "sixteenth_first", 96, 96),
    *rise("eighth_up", "sixteenth", "eighth", 64, 96),
    *rise("quarter_up", "eighth_up", "quarter", 32, 64),
    *rise("half_up", "quarter_up", "half", 16, 32),
    block("head", "half_up", 16, 16),
    plain("answers", "head", LEARNT_MAPS * UNFOLDED, 16),
)
