"""What the ridges of one finger say: where it points, and of whose hand it is."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from biocapil.segmentation.flow import STEPS, Flow, FlowField, flow_of
from biocapil.segmentation.regions import Region

FIT_FILE = "slap_flow.json"
LIMIT_RAD = math.radians(45)
ROUNDS = 3
"""The turn is asked for again from where the last answer led."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """What the ridges of one finger say.

    Attributes:
        turn_rad: Turn of the finger, counter-clockwise; 0 points straight up.
        right_evidence: Natural logarithm of how much likelier such ridges are on a right hand than on a left.
    """

    turn_rad: float
    right_evidence: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FlowFit:
    """Weights of the flow on a grid, `flow_features` long.

    Attributes:
        turn: Gives the turn that is left, in radians, counter-clockwise.
        right: Gives the evidence for a right hand, of an upright finger.
    """

    turn: NDArray[np.float64]
    right: NDArray[np.float64]


@cache
def shipped_fit() -> FlowFit:
    """The fit that ships: made by ``benchmarks/fit_slap_flow.py`` on synthetic slaps only."""
    text = resources.files("biocapil.segmentation").joinpath(FIT_FILE).read_text(encoding="utf-8")
    weights = json.loads(text)
    return FlowFit(turn=np.array(weights["turn"], np.float64), right=np.array(weights["right"], np.float64))


def pointing_of(field: FlowField, regions: Sequence[Region]) -> tuple[Pointing, ...]:
    """What the ridges of each finger say, in the order of the regions."""
    fit = shipped_fit()
    return tuple(_pointing(field, region, fit) for region in regions)


def flow_features(flow: Flow) -> NDArray[np.float64]:
    """Real and imaginary parts of a finger's flow, and a one. Shape (2 * rows * columns + 1,)."""
    if flow.shape != STEPS:
        raise ValueError(f"flow must have shape {STEPS}, got {flow.shape}")
    return np.concatenate([flow.real.ravel(), flow.imag.ravel(), [1.0]])


def _pointing(field: FlowField, region: Region, fit: FlowFit) -> Pointing:
    turn = 0.0
    for _ in range(ROUNDS):
        step = float(flow_features(flow_of(field, region, turn_rad=turn)) @ fit.turn)
        turn = max(-LIMIT_RAD, min(LIMIT_RAD, turn + step))
    upright = flow_features(flow_of(field, region, turn_rad=turn))
    return Pointing(turn_rad=turn, right_evidence=float(upright @ fit.right))
