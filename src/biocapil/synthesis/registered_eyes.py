"""Eyes of registered people: which eye a person has, and a picture of it at one visit of one registration."""

from __future__ import annotations

import numpy as np

from biocapil.sample import CapturedSample
from biocapil.synthesis.iris import IrisMaster, draw_conditions, make_iris_master, render_eye
from biocapil.synthesis.plan import Registration
from biocapil.synthesis.population_layout import EYE, VISIT
from biocapil.vocabulary import EyePosition

EYE_ORDER = (EyePosition.RIGHT, EyePosition.LEFT)
"""Eyes in the order in which a registry asks for them."""


def make_eye(person: int, eye: int, *, seed: int) -> IrisMaster:
    """An eye of a person, in the population of that seed; the two eyes of a person share nothing."""
    return make_iris_master((seed, EYE, person, eye))


def eye_picture(
    registration: Registration, eye: int, visit: int, *, seed: int, difficulty: float
) -> CapturedSample:
    """One picture of an eye at a registration.

    Args:
        registration: Whose eye.
        eye: Place in `EYE_ORDER`.
        visit: Number of the picture, from 0.
        seed: Of the population.
        difficulty: See `draw_conditions`.
    """
    rng = np.random.default_rng((seed, VISIT, registration.number, eye, visit))
    conditions = draw_conditions(rng, difficulty=difficulty)
    master = make_eye(registration.person, eye, seed=seed)
    return render_eye(master, conditions, rng, position=EYE_ORDER[eye]).sample
