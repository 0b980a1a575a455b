"""Fingers of people who do not exist: master prints, impressions, look-alikes, whole populations.

    seed ─► orientation, period ─► ridge growth ─► MasterPrint ─► warp, skin, sensor ─► CapturedSample

No real print goes in, so what comes out may be shared, shipped and trained on.
"""

from biocapil.synthesis.degradation import Degradation
from biocapil.synthesis.impression import Impression, make_impression, trace_impression
from biocapil.synthesis.master import MasterPrint, make_lookalike, make_master
from biocapil.synthesis.minutiae import TrueMinutiae, impression_minutiae, master_minutiae
from biocapil.synthesis.pattern import Pattern
from biocapil.synthesis.population import write_population
from biocapil.synthesis.sensor import SensorStyle
from biocapil.synthesis.slap import Slap, SlapFinger, make_slap
from biocapil.synthesis.slap_set import SlapSet, write_slaps
from biocapil.synthesis.ten_fingers import FingerTraits, draw_ten_fingers
from biocapil.synthesis.truth import PlantedKind, PlantedPair, PopulationTruth, read_truth
from biocapil.synthesis.warp import Warp
from biocapil.vocabulary import Hand

__all__ = [
    "Degradation",
    "FingerTraits",
    "Hand",
    "Impression",
    "MasterPrint",
    "Pattern",
    "PlantedKind",
    "PlantedPair",
    "PopulationTruth",
    "SensorStyle",
    "Slap",
    "SlapFinger",
    "SlapSet",
    "TrueMinutiae",
    "Warp",
    "draw_ten_fingers",
    "impression_minutiae",
    "make_impression",
    "make_lookalike",
    "make_master",
    "make_slap",
    "master_minutiae",
    "read_truth",
    "trace_impression",
    "write_population",
    "write_slaps",
]
