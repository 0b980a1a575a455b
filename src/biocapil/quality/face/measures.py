"""`measure_face`: everything that is measured of a face, one line a group."""

from __future__ import annotations

from biocapil.face_landmarks import FaceFound
from biocapil.quality.face.detail import detail_measures
from biocapil.quality.face.light import light_measures
from biocapil.quality.face.pose import pose_measures
from biocapil.quality.face.surroundings import surroundings_measures
from biocapil.quality.face.view import view_of
from biocapil.sample import CapturedSample


def measure_face(sample: CapturedSample, face: FaceFound) -> dict[str, float]:
    """Measures by name, always the same ones.

    Args:
        sample: The picture.
        face: Where the face is in it.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    view = view_of(sample, face)
    return {
        "eye_distance": face.eye_distance_px,
        "confidence": face.confidence,
        **detail_measures(view),
        **light_measures(view),
        **pose_measures(face),
        **surroundings_measures(sample, face),
    }
