"""From a picture of several fingers to one sample a finger, each with its position.

slap ─► cells with ridges ─► regions ─► one region a finger ─► whose hand, which finger ─► samples

Knows nothing of people and devices; a capture session compares its answer with what was asked for.
"""

from biocapil.segmentation.cut import cut_finger
from biocapil.segmentation.hand_shape import HandReading
from biocapil.segmentation.segments import SlapSegment, SlapSegmentation
from biocapil.segmentation.slap import segment_slap, segment_thumbs

__all__ = [
    "HandReading",
    "SlapSegment",
    "SlapSegmentation",
    "cut_finger",
    "segment_slap",
    "segment_thumbs",
]
