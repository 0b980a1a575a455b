"""Components of face quality: how each measure becomes 0 to 100, and below which score its reason is named.

Ends of the scales follow ISO/IEC 29794-5:2025 and ISO/IEC 39794-5 (90 px between the eyes, heads turned by at
most 5°, shades of 7 bits) where they say something, else reasoning about what an operator can mend. None
was fitted. Whether eyes are open is not told: five points do not show it, and no measure of the eye's
window was found that holds for narrow eyes, glasses and shadows alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.vocabulary import FaceReason


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceComponent:
    """One component.

    Attributes:
        name: Its name.
        measure: Measure that it tells.
        worst: Value that gives 0.
        best: Value that gives 100.
        reason: What is named where it is poor.
        below: Score below which the reason is named.
    """

    name: str
    measure: str
    worst: float
    best: float
    reason: FaceReason
    below: int


COMPONENTS = (
    FaceComponent(
        name="eye_distance", measure="eye_distance", worst=12, best=90, reason=FaceReason.TOO_SMALL, below=20
    ),
    FaceComponent(
        name="cropping", measure="inside", worst=0.7, best=1.0, reason=FaceReason.CROPPED, below=50
    ),
    FaceComponent(
        name="sharpness", measure="sharpness", worst=0.02, best=0.14, reason=FaceReason.BLURRED, below=25
    ),
    FaceComponent(
        name="not_dark", measure="brightness", worst=20, best=90, reason=FaceReason.TOO_DARK, below=40
    ),
    FaceComponent(
        name="not_bright", measure="brightness", worst=240, best=190, reason=FaceReason.TOO_BRIGHT, below=40
    ),
    FaceComponent(
        name="not_burnt", measure="white", worst=0.3, best=0.0, reason=FaceReason.TOO_BRIGHT, below=40
    ),
    FaceComponent(
        name="dynamic_range", measure="shades", worst=4.5, best=7.0, reason=FaceReason.LOW_CONTRAST, below=30
    ),
    FaceComponent(
        name="light_evenness",
        measure="evenness",
        worst=0.1,
        best=0.8,
        reason=FaceReason.UNEVEN_LIGHT,
        below=30,
    ),
    FaceComponent(
        name="not_turned", measure="turned", worst=35, best=5, reason=FaceReason.HEAD_TURNED, below=40
    ),
    FaceComponent(
        name="not_bowed", measure="bowed", worst=35, best=8, reason=FaceReason.HEAD_TILTED, below=30
    ),
    FaceComponent(
        name="not_tilted", measure="tilted", worst=30, best=8, reason=FaceReason.HEAD_TILTED, below=30
    ),
    FaceComponent(
        name="single_face", measure="others", worst=1, best=0, reason=FaceReason.SEVERAL_FACES, below=50
    ),
    FaceComponent(
        name="background",
        measure="restless",
        worst=0.6,
        best=0.1,
        reason=FaceReason.BUSY_BACKGROUND,
        below=20,
    ),
    FaceComponent(
        name="detection", measure="confidence", worst=0.6, best=0.93, reason=FaceReason.NO_FACE, below=5
    ),
)
"""Always in this order."""
