"""Slaps of one synthetic finger laid down four times, made once."""

from __future__ import annotations

import pytest

from biocapil.synthesis import MasterPrint, Pattern, Slap, make_master, make_slap
from biocapil.vocabulary import FingerPosition, Hand

Masters = dict[FingerPosition, MasterPrint]


@pytest.fixture(scope="session")
def masters() -> Masters:
    """A right loop on every finger of the right hand, its mirror kind on the left: most people's pattern."""
    loops = {
        Hand.RIGHT: make_master(11, pattern=Pattern.RIGHT_LOOP),
        Hand.LEFT: make_master(11, pattern=Pattern.LEFT_LOOP),
    }
    return {position: loops[hand] for hand in Hand for position in hand.fingers}


@pytest.fixture(scope="session")
def slaps(masters: Masters) -> dict[Hand, Slap]:
    return {hand: make_slap(masters, 5, hand=hand, difficulty=0.3) for hand in Hand}
