"""Faces of registered people: which face a person has, and a photograph of it at one registration."""

from __future__ import annotations

import numpy as np

from biocapil.sample import CapturedSample
from biocapil.synthesis.face import FaceMaster, draw_face_conditions, make_face_master, render_face
from biocapil.synthesis.plan import Registration
from biocapil.synthesis.population_layout import FACE, PHOTOGRAPH


def make_face(person: int, *, seed: int) -> FaceMaster:
    """The face of a person, in the population of that seed."""
    return make_face_master((seed, FACE, person))


def face_picture(registration: Registration, visit: int, *, seed: int, difficulty: float) -> CapturedSample:
    """One photograph at a registration, in colours.

    Args:
        registration: Whose face.
        visit: Number of the photograph, from 0.
        seed: Of the population.
        difficulty: See `draw_face_conditions`.
    """
    rng = np.random.default_rng((seed, PHOTOGRAPH, registration.number, visit))
    conditions = draw_face_conditions(rng, difficulty=difficulty)
    return render_face(make_face(registration.person, seed=seed), conditions, rng=rng).sample
