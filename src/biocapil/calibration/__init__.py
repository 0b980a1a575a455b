"""What a score means: similarity to evidence, evidence to a decision, a target to thresholds.

    labelled scores ─► fit ─► Calibration ─► evidence (log-likelihood ratio) of a pair ─┐
                                  │                                                     ├─► PersonDecision
                                  └─► policy_for(target) ─► DecisionPolicy ─────────────┘
                                      joint_policy_for: fingers, irises and face together

A calibration speaks of one model and one version of the comparison, names the sets it was fitted on, and is
kept as a file with a checksum. Its false match rate is counted as far as the data reach; beyond, the fitted
tail speaks, marked as extrapolated, and evidence is credited at the tail's upper limit.

Stands above comparison and below deduplication and evaluation; numpy alone.

Reference: ISO/IEC 19795-1:2021; ISO/IEC 5152:2024; Brümmer and du Preez 2006, doi:10.1016/j.csl.2005.08.001.
"""

from biocapil.calibration.calibration import Calibration, FittedSet
from biocapil.calibration.counted import counted_only
from biocapil.calibration.fit import fit_calibration
from biocapil.calibration.fusion import best_of, decide, fuse, fuse_person
from biocapil.calibration.joint import decide_person, fuse_modalities, joint_policy_for, joint_rates
from biocapil.calibration.left_out import LeftOutResult, leave_one_set_out
from biocapil.calibration.measures import ReliabilityPoint, cllr, min_cllr, reliability
from biocapil.calibration.person_rates import mated_miss_rate, nonmated_rates
from biocapil.calibration.policy import policy_for
from biocapil.calibration.record_file import (
    calibration_from_json,
    calibration_to_json,
    read_calibration,
)
from biocapil.calibration.shipped import model_calibration
from biocapil.calibration.table import CalibrationTable

__all__ = [
    "Calibration",
    "CalibrationTable",
    "FittedSet",
    "LeftOutResult",
    "ReliabilityPoint",
    "best_of",
    "calibration_from_json",
    "calibration_to_json",
    "cllr",
    "counted_only",
    "decide",
    "decide_person",
    "fit_calibration",
    "fuse",
    "fuse_modalities",
    "fuse_person",
    "joint_policy_for",
    "joint_rates",
    "leave_one_set_out",
    "mated_miss_rate",
    "min_cllr",
    "model_calibration",
    "nonmated_rates",
    "policy_for",
    "read_calibration",
    "reliability",
]
