"""Faces that do not exist: Gaussian embeddings on the unit sphere.

A few directions carry much, many little, so that faces of different people are as alike as points of fewer
dimensions would be. A capture keeps a share of the person's own vector; the share differs between captures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from biocapil.vocabulary import ModelId
from population.draws import Draws, Floats, Rows, Stream

MODEL = ModelId("drawn-face@1")
MIX_SEED = 20_261_124


@dataclass(frozen=True, kw_only=True)
class FaceModel:
    """Numbers of the model.

    Attributes:
        dimensions: Of an embedding.
        factors: Independent numbers of a face.
        decay: Factors after which their power has fallen to 1/e.
        clarity: Middle of the logit of the share of a capture that is the person's own.
        clarity_spread: Its spread over captures.
    """

    dimensions: int = 512
    factors: int = 256
    decay: float = 82.0
    clarity: float = 1.03
    clarity_spread: float = 1.3

    @cached_property
    def mix(self) -> Floats:
        """Directions of the factors, scaled. Shape (factors, dimensions)."""
        normal = np.random.default_rng(MIX_SEED).standard_normal((self.dimensions, self.factors))
        directions = np.linalg.qr(normal)[0].T
        power = np.exp(-np.arange(self.factors) / self.decay)
        return (directions * np.sqrt(power)[:, None]).astype(np.float32)


FITTED = FaceModel()


def draw_faces(faces: Rows, captures: Rows, *, seed: int, model: FaceModel = FITTED) -> Floats:
    """One capture each of some faces.

    Args:
        faces: Person of each. Shape (N,).
        captures: Number of each capture; a new number is a new picture. Shape (N,).
        seed: Of the population.
        model: Numbers of the model.

    Returns:
        Embeddings of length 1. Shape (N, dimensions), float32.
    """
    own = Draws(seed=seed, stream=Stream.FACE).normals(faces, (model.factors,))
    drawn = Draws(seed=seed, stream=Stream.FACE_CAPTURE).normals(captures, (model.factors + 1,))
    logit = np.float32(model.clarity) + np.float32(model.clarity_spread) * drawn[:, :1]
    share = 1 / (1 + np.exp(-logit))
    vectors = (np.sqrt(share) * own + np.sqrt(1 - share) * drawn[:, 1:]) @ model.mix
    rows: Floats = vectors / np.sqrt(np.einsum("nd,nd->n", vectors, vectors))[:, None]
    return rows
