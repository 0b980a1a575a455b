"""Which face of a picture is meant: the tall one in the middle, if there is just one such.

Bystanders are common, and refusing every picture that shows one would cost more identities than it saves:
a face is passed over where it stands clearly smaller or further from the middle. The quality report names
it all the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from biocapil.face_landmarks import FaceFound
from biocapil.outcomes import FailureToExtract
from biocapil.vocabulary import ExtractionFailure

RIVAL = 0.75
"""A second face that is this prominent against the first makes the picture ambiguous. Chosen by reasoning."""


def choose_face(
    faces: Sequence[FaceFound], *, rows: int, columns: int, min_eye_distance_px: float
) -> FaceFound | FailureToExtract:
    """The face that is meant, or why it cannot be told.

    Args:
        faces: All faces that were found.
        rows: Height of the picture.
        columns: Width of the picture.
        min_eye_distance_px: Least distance between the eyes.
    """
    if not faces:
        return _failure(
            ExtractionFailure.NO_FACE, "no face was found; one that looks at the camera is needed"
        )
    ranked = sorted(faces, key=lambda face: -prominence(face, rows=rows, columns=columns))
    first = ranked[0]
    least = RIVAL * prominence(first, rows=rows, columns=columns)
    rivals = sum(prominence(face, rows=rows, columns=columns) >= least for face in ranked[1:])
    if rivals:
        return _failure(
            ExtractionFailure.SEVERAL_FACES,
            f"{1 + rivals} faces are about as tall and as central; one that stands out is needed",
        )
    if first.eye_distance_px < min_eye_distance_px:
        return _failure(
            ExtractionFailure.FACE_TOO_SMALL,
            f"the eyes are {first.eye_distance_px:.0f} px apart, at least {min_eye_distance_px:g} are needed",
        )
    return first


def prominence(face: FaceFound, *, rows: int, columns: int) -> float:
    """Height of a face, halved at half the way from the middle of the picture to its corner."""
    x = face.left_px + face.width_px / 2 - columns / 2
    y = face.top_px + face.height_px / 2 - rows / 2
    off_centre = math.hypot(x, y) / (math.hypot(rows, columns) / 2)
    return face.height_px * max(0.0, 1.0 - off_centre)


def _failure(reason: ExtractionFailure, detail: str) -> FailureToExtract:
    return FailureToExtract(reason=reason, detail=detail)
