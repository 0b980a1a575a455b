"""Eyes that nobody has: what stays the same, what a visit changes, the picture, and the truth about it.

seed ─► IrisMaster ─┐
                    ├─► render_eye ─► SyntheticEye (sample, truth)
rng ─► EyeConditions┘
"""

from biocapil.synthesis.iris.conditions import EyeConditions, draw_conditions
from biocapil.synthesis.iris.degradation import EyeDegradation, degrade
from biocapil.synthesis.iris.eye import EyeTruth, SyntheticEye, render_eye
from biocapil.synthesis.iris.globe import Contours
from biocapil.synthesis.iris.master import IrisMaster, make_iris_master

__all__ = [
    "Contours",
    "EyeConditions",
    "EyeDegradation",
    "EyeTruth",
    "IrisMaster",
    "SyntheticEye",
    "degrade",
    "draw_conditions",
    "make_iris_master",
    "render_eye",
]
