import numpy as np
import pytest

from biocapil.extraction.face.loading import load_face_extractor
from biocapil.intake.assessing import assessor_of
from biocapil.sample import CapturedSample
from biocapil.synthesis.face import FaceConditions, make_face_master, render_face
from biocapil.vocabulary import FaceReason, Modality

pytest.importorskip("onnxruntime", reason="the extra extract is not installed")


def test_faces_are_measured_where_the_extractor_finds_them() -> None:
    assess = assessor_of(load_face_extractor("sface"))
    assert assess is not None
    face = render_face(make_face_master(1), FaceConditions(head_px=100), rng=np.random.default_rng(0))
    empty = CapturedSample(pixels=np.full((200, 200), 90, np.uint8), modality=Modality.FACE)
    assert assess(face.sample).score > 0
    assert assess(empty).reasons == (FaceReason.NO_FACE,)
