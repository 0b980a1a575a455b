"""Fingers that do not exist: impressions of drawn finger tips, as packed templates.

An impression shows a part of a finger, turned and stretched, with minutiae missed, shaken, and minutiae that
are not there.

    FingerTips ─► what is shown ─► stretched, shaken, turned ─► packed
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates
from biocapil.comparison.pack_many import pack_minutiae
from biocapil.vocabulary import FingerPosition, MinutiaType, ModelId
from population.draws import Draws, Floats, Rows, Stream, logistic, logit, normals_of
from population.finger_model import FITTED, FingerModel
from population.finger_tips import BIFURCATIONS, CELLS, COLUMNS, LINES, FingerTips, draw_tips
from population.ridge_flow import ridge_directions

MODEL = ModelId("drawn-minutiae@1")
FRAME_MM = (28.0, 32.0)
BEST_QUALITY = 97.0
MOST_FALSE = 16
EVENTS, CHANCES = 20, 8
FULL_TURN = np.float32(2 * np.pi)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """Minutiae of all impressions, one after the other.

    Attributes:
        owner: Impression of each. Shape (M,).
        genuine: Whether the finger has it. Shape (M,).
        cell: Its cell; of those that are none, any. Shape (M,).
        x: Place on the finger, mm. Shape (M,).
        y: The same.
        worth: Quality, 0 to 1. Shape (M,).
        chances: Uniform numbers for what happens to it. Shape (M, 8).
    """

    owner: Rows
    genuine: NDArray[np.bool_]
    cell: Rows
    x: Floats
    y: Floats
    worth: Floats
    chances: Floats


def draw_fingers(
    fingers: Rows, impressions: Rows, *, position: FingerPosition, seed: int, model: FingerModel = FITTED
) -> PackedTemplates:
    """One impression each of some fingers, packed.

    Args:
        fingers: Person of each finger. Shape (N,).
        impressions: Number of each impression; a new number is a new press. Shape (N,).
        position: Which finger of the person.
        seed: Of the population.
        model: Numbers of the model.
    """
    tips = draw_tips(fingers, position=int(position), seed=seed, model=model)
    draws = Draws(seed=seed, stream=Stream.FINGER_IMPRESSION, instance=int(position))
    drawn = draws.uniforms(impressions, (EVENTS + (CELLS + MOST_FALSE) * CHANCES,))
    moods = normals_of(drawn[:, : EVENTS // 2], drawn[:, EVENTS // 2 : EVENTS])
    chances = drawn[:, EVENTS:].reshape(len(fingers), CHANCES, CELLS + MOST_FALSE)
    care = np.exp(np.float32(model.carelessness) * moods[:, 0])
    shown = _shown(tips, care, moods, chances, model)
    x, y, angles = _pressed(shown, tips, care, moods, model)
    return _packed(shown, tips, x, y, angles, impressions=len(fingers))


def _shown(tips: FingerTips, care: Floats, moods: Floats, chances: Floats, model: FingerModel) -> Shown:
    """What impressions show: minutiae that were not missed, and false ones, inside the area of contact."""
    nowhere = chances[:, :2, CELLS:] - np.float32(0.5)
    x = np.concatenate([tips.x, nowhere[:, 0] * np.float32(COLUMNS * model.pitch)], axis=1)
    y = np.concatenate([tips.y, nowhere[:, 1] * np.float32(LINES * model.pitch)], axis=1)
    lasting = np.float32(model.lasting)
    today = logit(chances[:, 7])
    worth = np.concatenate(
        [
            logistic(lasting * tips.worth + np.sqrt(1 - lasting**2) * today[:, :CELLS]),
            logistic(today[:, CELLS:] - np.float32(1.5)),
        ],
        axis=1,
    )
    miss = np.clip(np.float32(model.missed) * care[:, None] * (np.float32(1.6) - worth[:, :CELLS]), 0, 0.9)
    seen = tips.filled & (chances[:, 6, :CELLS] > miss)
    false = chances[:, 6, CELLS:] < np.clip(model.false * care / MOST_FALSE, 0, 0.9)[:, None]
    touched = np.concatenate([seen, false], axis=1) & _inside(x, y, moods, model)
    owner, place = np.nonzero(touched)
    return Shown(
        owner=owner,
        genuine=place < CELLS,
        cell=np.minimum(place, CELLS - 1),
        x=x[touched],
        y=y[touched],
        worth=worth[touched],
        chances=chances[owner, :, place],
    )


def _inside(x: Floats, y: Floats, moods: Floats, model: FingerModel) -> NDArray[np.bool_]:
    """Which places lie in the ellipse that an impression shows."""
    size = np.exp(np.float32(model.size_spread) * moods[:, 1:2])
    off = np.float32(model.off_centre) * moods[:, 2:4]
    across = (x - off[:, :1]) / (np.float32(model.width / 2) * size)
    along = (y - off[:, 1:]) / (np.float32(model.height / 2) * size)
    inside: NDArray[np.bool_] = across**2 + along**2 < 1
    return inside


def _pressed(
    shown: Shown, tips: FingerTips, care: Floats, moods: Floats, model: FingerModel
) -> tuple[Floats, Floats, Floats]:
    """Places in the frame, mm, y up, and directions: stretched, shaken, turned and shifted."""
    owner, mood = shown.owner, moods[shown.owner]
    rough = np.sqrt(care[owner])
    shaken = normals_of(shown.chances[:, 2:4], shown.chances[:, 4:6]) * rough[:, None]
    angle = ridge_directions(shown.x, shown.y, tips.flow, owner)
    backward = np.where(shown.genuine, tips.backward[owner, shown.cell], shown.chances[:, 0] * 7 % 1 < 0.5)
    angle += backward * np.float32(np.pi) + shown.genuine * tips.wander[owner, shown.cell]
    angle += shaken[:, 2] * np.float32(model.direction_noise)
    strain, x, y = np.float32(model.stretch) * mood[:, 4:10], shown.x / 8, shown.y / 8
    right = shown.x + 8 * (strain[:, 0] * x + strain[:, 1] * y + strain[:, 2] * x * y * 2)
    up = shown.y + 8 * (strain[:, 3] * y + strain[:, 4] * x + strain[:, 5] * (x**2 - y**2))
    right += shaken[:, 0] * np.float32(model.place_noise)
    up += shaken[:, 1] * np.float32(model.place_noise)
    turn = np.float32(model.roll) * mood[:, 11]
    c, s = np.cos(turn), np.sin(turn)
    return c * right - s * up + mood[:, 12], s * right + c * up + mood[:, 13], angle + turn


def _packed(
    shown: Shown, tips: FingerTips, x: Floats, y: Floats, angles: Floats, *, impressions: int
) -> PackedTemplates:
    """Templates in a frame of one size."""
    width, height = np.float32(FRAME_MM[0]), np.float32(FRAME_MM[1])
    places = np.stack([np.clip(width / 2 + x, 0, width), np.clip(height / 2 - y, 0, height)], axis=1)
    turns = np.mod(angles, FULL_TURN).astype(np.float32)
    false = shown.chances[:, 1] * 7 % 1 < BIFURCATIONS
    bifurcation = np.where(shown.genuine, tips.bifurcation[shown.owner, shown.cell], false)
    lack = np.float32(9.6) * (-np.log(shown.worth)) ** np.float32(1.77)
    offsets = np.zeros(impressions + 1, np.int64)
    np.cumsum(np.bincount(shown.owner, minlength=impressions), out=offsets[1:])
    return pack_minutiae(
        places.astype(np.float32) * np.float32(1000),
        np.where(turns < FULL_TURN, turns, np.float32(0)),
        np.where(bifurcation, MinutiaType.BIFURCATION, MinutiaType.ENDING).astype(np.uint8),
        np.clip(BEST_QUALITY - lack, 10, BEST_QUALITY).astype(np.uint8),
        offsets,
        heights_um=np.full(impressions, FRAME_MM[1] * 1000),
        model_id=MODEL,
    )
