"""How well and how fast a set of samples is told apart: the figures of ISO/IEC 19795-1, with intervals.

    samples with templates ─► pairing ─► ScoreSet ─► rates, replicates ─► accuracy ─┐
                                             ├─► groups, suspects, worst errors     ├─► EvaluationResult
                                             └─► gates     identification     speed ┘

Every figure is exact for the set it was measured on. How far it holds beyond is what its interval says,
which knows that pairs share people; two results of one set are compared person by person.
"""

from biocapil.evaluation.accuracy import FMR_LIMITS, Accuracy, DetBand, PointRates, measure_accuracy
from biocapil.evaluation.calibration_check import CalibrationCheck, check_calibration
from biocapil.evaluation.errors_listed import ListedPair, WorstErrors
from biocapil.evaluation.evaluate import GROUP_FMR, REPLICATES, evaluate
from biocapil.evaluation.failures import FailureRates
from biocapil.evaluation.gates import GateCost
from biocapil.evaluation.groups import GroupFigures, Grouping, group_figures, offered_groupings
from biocapil.evaluation.identification import (
    FPIR_LIMITS,
    GalleryFigures,
    IdentificationFigures,
    IdentificationPoint,
    measure_identification,
)
from biocapil.evaluation.labelled import labelled_scores
from biocapil.evaluation.paired import PairedDifference, compare_systems, compare_with_earlier
from biocapil.evaluation.pairing import PairProtocol
from biocapil.evaluation.quality import QualityBin, SampleQualities, error_over_quality, sample_qualities
from biocapil.evaluation.rates import DetCurve, OperatingPoint
from biocapil.evaluation.result import (
    ComparisonCounts,
    EvaluationResult,
    ExtractionTime,
    FailureCount,
)
from biocapil.evaluation.result_json import evaluation_json
from biocapil.evaluation.score_set import ScoreSet, make_score_set
from biocapil.evaluation.setting import PackageVersion, Setting
from biocapil.evaluation.speed import GALLERY_SIZE, GateSpeed, SearchSpeed
from biocapil.evaluation.subject_errors import SCHEMA, EvaluationKey, SubjectErrors
from biocapil.evaluation.suspects import SuspectPair, SuspectReason, SuspectSample

__all__ = [
    "FMR_LIMITS",
    "FPIR_LIMITS",
    "GALLERY_SIZE",
    "GROUP_FMR",
    "REPLICATES",
    "SCHEMA",
    "Accuracy",
    "CalibrationCheck",
    "ComparisonCounts",
    "DetBand",
    "DetCurve",
    "EvaluationKey",
    "EvaluationResult",
    "ExtractionTime",
    "FailureCount",
    "FailureRates",
    "GalleryFigures",
    "GateCost",
    "GateSpeed",
    "GroupFigures",
    "Grouping",
    "IdentificationFigures",
    "IdentificationPoint",
    "ListedPair",
    "OperatingPoint",
    "PackageVersion",
    "PairProtocol",
    "PairedDifference",
    "PointRates",
    "QualityBin",
    "SampleQualities",
    "ScoreSet",
    "SearchSpeed",
    "Setting",
    "SubjectErrors",
    "SuspectPair",
    "SuspectReason",
    "SuspectSample",
    "WorstErrors",
    "check_calibration",
    "compare_systems",
    "compare_with_earlier",
    "error_over_quality",
    "evaluate",
    "evaluation_json",
    "group_figures",
    "labelled_scores",
    "make_score_set",
    "measure_accuracy",
    "measure_identification",
    "offered_groupings",
    "sample_qualities",
]
