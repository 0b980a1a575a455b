"""How well and how fast a set of samples is told apart: the figures of ISO/IEC 19795-1.

    samples with templates ─► pairing ─► similarities ─► rates ─► accuracy ─┐
                                             └─► gates       speed ─► EvaluationResult

Every figure is exact for the set it was measured on; what a set of that size cannot prove
(rule of 3) stands beside it.
"""

from biocapil.evaluation.accuracy import FMR_LIMITS, Accuracy
from biocapil.evaluation.evaluate import evaluate
from biocapil.evaluation.gates import GateCost
from biocapil.evaluation.labelled import labelled_scores
from biocapil.evaluation.pairing import PairProtocol
from biocapil.evaluation.rates import DetCurve, OperatingPoint
from biocapil.evaluation.result import (
    ComparisonCounts,
    EvaluationResult,
    ExtractionTime,
    FailureCount,
)
from biocapil.evaluation.result_json import evaluation_json
from biocapil.evaluation.setting import PackageVersion, Setting
from biocapil.evaluation.speed import GALLERY_SIZE, SearchSpeed

__all__ = [
    "FMR_LIMITS",
    "GALLERY_SIZE",
    "Accuracy",
    "ComparisonCounts",
    "DetCurve",
    "EvaluationResult",
    "ExtractionTime",
    "FailureCount",
    "GateCost",
    "OperatingPoint",
    "PackageVersion",
    "PairProtocol",
    "SearchSpeed",
    "Setting",
    "evaluate",
    "evaluation_json",
    "labelled_scores",
]
