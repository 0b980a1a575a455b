"""Colours that people with any kind of colour vision can tell apart; shapes always differ as well.

Reference: Okabe and Ito 2008, "Color Universal Design", the eight-colour set.
"""

from __future__ import annotations

BLUE = "#0072b2"
GREEN = "#009e73"
ORANGE = "#e69f00"
PURPLE = "#cc79a7"
SKY = "#56b4e9"
VERMILION = "#d55e00"

ENDING = VERMILION
BIFURCATION = BLUE
OTHER = PURPLE
PAIRED = GREEN
UNPAIRED = "#6b6b6b"
REVIEW = ORANGE
DUPLICATE = VERMILION
MATED = GREEN
NON_MATED = SKY
PAPER = "#f4f4f2"
HALO = "#ffffff"

CURVES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
DASHES = ("none", "7 3", "2 3", "9 3 2 3", "4 4", "1 4")
