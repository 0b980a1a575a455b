"""Slaps of both hands, made once."""

from __future__ import annotations

import numpy as np
import pytest

from biocapil.sample import CapturedSample
from biocapil.synthesis import MasterPrint, Pattern, Slap, make_master, make_slap
from biocapil.vocabulary import FingerPosition, Hand

Masters = dict[FingerPosition, MasterPrint]


@pytest.fixture(scope="session")
def masters() -> Masters:
    """A right loop on every finger of the right hand, its mirror kind on the left."""
    loops = {
        Hand.RIGHT: make_master(11, pattern=Pattern.RIGHT_LOOP),
        Hand.LEFT: make_master(11, pattern=Pattern.LEFT_LOOP),
    }
    return {position: loops[hand] for hand in Hand for position in hand.fingers}


@pytest.fixture(scope="session")
def slaps(masters: Masters) -> dict[Hand, Slap]:
    return {hand: make_slap(masters, 5, hand=hand, difficulty=0.3) for hand in Hand}


@pytest.fixture(scope="session")
def three_fingers(masters: Masters) -> Slap:
    return make_slap(masters, 5, hand=Hand.RIGHT, missing=[FingerPosition.RIGHT_LITTLE], difficulty=0.3)


@pytest.fixture
def grey() -> CapturedSample:
    return CapturedSample(pixels=np.full((100, 100), 90, np.uint8), resolution_ppi=500)
