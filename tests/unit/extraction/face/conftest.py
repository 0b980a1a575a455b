"""Synthetic faces and the shipped models; loaded once."""

from __future__ import annotations

import numpy as np
import pytest

from biocapil.extraction.face.extractor import FaceExtractor
from biocapil.extraction.face.loading import load_face_extractor
from biocapil.sample import CapturedSample
from biocapil.synthesis.face import (
    FaceConditions,
    SyntheticFace,
    draw_face_conditions,
    make_face_master,
    render_face,
)
from biocapil.vocabulary import Modality

pytest.importorskip("onnxruntime", reason="the extra extract is not installed")


@pytest.fixture(scope="session")
def sface() -> FaceExtractor:
    return load_face_extractor("sface")


@pytest.fixture(scope="session")
def passport() -> SyntheticFace:
    """One face that looks straight at the camera."""
    return render_face(make_face_master(1), FaceConditions(), rng=np.random.default_rng(0))


@pytest.fixture(scope="session")
def album() -> list[list[SyntheticFace]]:
    """Four people, three photographs of each."""

    def photograph(person: int, at: int) -> SyntheticFace:
        rng = np.random.default_rng((person, at))
        return render_face(make_face_master((9, person)), draw_face_conditions(rng), rng=rng)

    return [[photograph(person, at) for at in range(3)] for person in range(4)]


def sample_of(pixels: np.ndarray) -> CapturedSample:
    return CapturedSample(pixels=np.ascontiguousarray(pixels), modality=Modality.FACE)
