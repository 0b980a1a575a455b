"""What `dedup run` and `plan` ask about the errors that may be made, and the calibration they rest on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from biocapil.calibration import (
    Calibration,
    counted_only,
    joint_policy_for,
    model_calibration,
    policy_for,
    read_calibration,
)
from biocapil.comparison import COMPARATOR
from biocapil.decision import DecisionPolicy, PolicyTarget
from biocapil.deduplication import set_extent
from biocapil.errors import IncompatibleTemplates, ModelNotFound
from biocapil.joint_policy import JointPolicy
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality

FPIR = 0.001
REVIEW_FPIR = 0.05

CalibrationOption = Annotated[
    Path | None,
    typer.Option(
        "--calibration", help="What scores mean, as `biocapil calibrate` wrote it; else the model's own."
    ),
]
FpirOption = Annotated[
    float, typer.Option("--fpir", help="Chance that a person who is registered once is called a duplicate.")
]
ReviewFpirOption = Annotated[
    float, typer.Option("--review-fpir", help="Chance that such a person has to be looked at by somebody.")
]
MeasuredOption = Annotated[
    bool,
    typer.Option(
        "--measured-only", help="Credit no evidence beyond what was counted: nothing rests on a fitted tail."
    ),
]


def calibration_of(
    path: Path | None, *, records: bool, extractor: str, measured_only: bool = False
) -> Calibration:
    """Calibration that the caller names, or the one that came with the model.

    Args:
        path: File that the caller names.
        records: Whether the samples are minutiae records.
        extractor: Model that makes the templates.
        measured_only: Whether evidence ends where counting did.

    Raises:
        FormatError: The record is not sound.
        ModelNotFound: The model brought none.
        ValueError: The samples are minutiae records and no calibration was named.
        IncompatibleTemplates: It was fitted to scores of another version of the comparison.
    """
    if path is not None:
        found = read_calibration(path)
    elif records:
        raise ValueError(
            "what the scores of minutiae records mean depends on who made them: name a calibration with "
            "--calibration; `biocapil calibrate SET --records --out FILE` makes one"
        )
    else:
        found = model_calibration(Path(extractor) if os.sep in extractor else extractor)
    found.require(found.model_id, COMPARATOR)
    return counted_only(found) if measured_only else found


def offered_calibration(path: Path | None, *, records: bool, extractor: str) -> Calibration | None:
    """Calibration that the caller names, or the one that came with the model; None where there is none.

    Args:
        path: File that the caller names.
        records: Whether the samples are minutiae records.
        extractor: Model that makes the templates.

    Raises:
        FormatError: The record is not sound.
        IncompatibleTemplates: The named one was fitted to scores of another version of the comparison.
    """
    if path is not None:
        return calibration_of(path, records=records, extractor=extractor)
    try:
        return None if records else calibration_of(None, records=False, extractor=extractor)
    except (ModelNotFound, IncompatibleTemplates):
        return None


def set_target(
    entries: Sequence[SampleEntry], *, fpir: float, review_fpir: float, people: int | None
) -> PolicyTarget:
    """Target for a set: its number of persons, their fingers and impressions, unless the caller knows better.

    Args:
        entries: Samples of the set.
        fpir: Largest false positive identification rate.
        review_fpir: Largest share of people who have to be looked at.
        people: People of the registry that the set stands for; by default those of the set.

    Raises:
        ValueError: The set alone has more people, or the rates are out of order.
    """
    extent = set_extent(entries)
    if people is not None and people < extent.persons:
        raise ValueError(
            f"--people must be at least the {extent.persons:,} persons of the set, got {people:,}: "
            "all of them are compared with each other"
        )
    return PolicyTarget(
        fpir=fpir,
        review_fpir=review_fpir,
        people=people or max(extent.persons, 1),
        instances=extent.fingers,
        comparisons=extent.comparisons,
    )


def require_policy(target: PolicyTarget, calibration: Calibration) -> DecisionPolicy:
    """Policy that keeps a target.

    Raises:
        ValueError: The data cannot support even the review target, so nothing could be decided.
    """
    policy = policy_for(target, calibration)
    if policy.review_llr == float("inf"):
        raise ValueError(f"nothing could be decided: {policy.shortfall}; or allow more with --review-fpir")
    return policy


def require_joint_policy(
    targets: Mapping[Modality, PolicyTarget], calibrations: Mapping[Modality, Calibration]
) -> JointPolicy:
    """Policy of several modalities that keeps their targets.

    Raises:
        ValueError: The data cannot support even the review target, so nothing could be decided.
    """
    policy = joint_policy_for(targets, calibrations)
    if policy.review_llr == float("inf"):
        raise ValueError(f"nothing could be decided: {policy.shortfall}; or allow more with --review-fpir")
    return policy
