"""Pose of the head from five points: turned, bowed and tilted.

A nose stands out from the plane of eyes and mouth by about 0.6 of the distance between the eyes, so that a
turn by an angle shifts it by 0.6 times the angle's sine. Five points allow no more: angles are rough, and
a bowed head is told only against an average face.
"""

from __future__ import annotations

import numpy as np

from biocapil.face_landmarks import FaceFound

NOSE_DEPTH = 0.6
NOSE_PLACE = 0.56
"""Where the tip of the nose lies between eyes and mouth in a face that looks straight ahead."""


def pose_measures(face: FaceFound) -> dict[str, float]:
    """Angles in degrees, none negative: `turned`, `bowed`, `tilted`."""
    left, right, nose, *mouth = face.points_px.astype(np.float64)
    eyes, lips = (left + right) / 2, np.mean(mouth, axis=0)
    across = (right - left) / face.eye_distance_px
    down = np.array([-across[1], across[0]])
    aside = (nose - (eyes + lips) / 2) @ across / face.eye_distance_px
    length = max(float((lips - eyes) @ down), 1e-6)
    low = float((nose - eyes) @ down) / length - NOSE_PLACE
    return {
        "turned": _degrees(aside / NOSE_DEPTH),
        "bowed": _degrees(low * length / face.eye_distance_px / NOSE_DEPTH),
        "tilted": abs(float(np.degrees(np.arctan2(across[1], across[0])))),
    }


def _degrees(sine: float) -> float:
    return abs(float(np.degrees(np.arcsin(np.clip(sine, -1, 1)))))
