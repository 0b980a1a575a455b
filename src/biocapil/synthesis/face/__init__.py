"""Faces that nobody has: what stays the same, what a photograph changes, the picture, and the truth about it.

seed ─► FaceMaster ──────┐
                         ├─► render_face ─► SyntheticFace (sample, true points)
rng ─► FaceConditions ───┘

They are drawings: good enough for a detector to find, and for embeddings of one drawing to be closer than
those of two. They say nothing about error rates of real faces.
"""

from biocapil.synthesis.face.conditions import FaceConditions, draw_face_conditions
from biocapil.synthesis.face.face import SyntheticFace, render_face
from biocapil.synthesis.face.master import FaceMaster, make_face_master

__all__ = [
    "FaceConditions",
    "FaceMaster",
    "SyntheticFace",
    "draw_face_conditions",
    "make_face_master",
    "render_face",
]
