"""What `dedup run` and `plan` ask about the errors that may be made, and the calibration they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from biocapil.cli.model_choice import ModelChoices
from biocapil.cli.set_options import modalities_of
from biocapil.comparison import COMPARATOR, FACE_COMPARATOR, iris_comparator
from biocapil.decision import DecisionPolicy, PolicyTarget
from biocapil.deduplication import set_extent
from biocapil.errors import IncompatibleTemplates, ModelNotFound
from biocapil.joint_policy import JointPolicy
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality

FPIR = 0.001
REVIEW_FPIR = 0.05

CalibrationOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--calibration",
        help="What scores mean, as `biocapil calibrate` wrote it; may be repeated, one for each modality. "
        "Else the model's own.",
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


def calibrations_of(
    paths: Sequence[Path] | None, *, records: bool, models: ModelChoices, measured_only: bool = False
) -> dict[Modality, Calibration]:
    """Calibration of each modality: one that the caller names, else the one that came with the model.

    Args:
        paths: Files that the caller names, each of another modality.
        records: Whether the samples are minutiae records.
        models: Model that makes the templates of each modality.
        measured_only: Whether evidence ends where counting did.

    Raises:
        FormatError: A record is not sound.
        ModelNotFound: A model brought none.
        ValueError: The samples are minutiae records and no calibration was named, two were named for one
            modality, or one for a modality that is not worked on.
        IncompatibleTemplates: One was fitted to scores of another version of the comparison.
    """
    named = by_modality([read_calibration(path) for path in paths or ()])
    for modality, found in named.items():
        if modality not in models:
            raise ValueError(
                f"calibration {found.calibration_id} is of {modality.value}, worked on are "
                f"{' and '.join(each.value for each in models)}"
            )
    meanings = {
        modality: named.get(modality) or own_calibration(modality, models, records=records)
        for modality in models
    }
    for found in meanings.values():
        found.require(found.model_id, current_comparator(found))
    return {modality: counted_only(found) if measured_only else found for modality, found in meanings.items()}


def by_modality(calibrations: Iterable[Calibration]) -> dict[Modality, Calibration]:
    """Calibrations by what they are of.

    Raises:
        ValueError: Two are of one modality.
    """
    found: dict[Modality, Calibration] = {}
    for each in calibrations:
        if found.setdefault(each.modality, each) is not each:
            raise ValueError(f"two calibrations were named for {each.modality.value}: name one a modality")
    return found


def own_calibration(modality: Modality, models: ModelChoices, *, records: bool) -> Calibration:
    """Calibration that came with the model of a modality.

    Raises:
        FormatError: The record is not sound.
        ModelNotFound: The model brought none.
        ValueError: The samples are minutiae records.
    """
    if records:
        raise ValueError(
            "what the scores of minutiae records mean depends on who made them: name a calibration with "
            "--calibration; `biocapil calibrate SET --records --out FILE` makes one"
        )
    chosen = models[modality]
    return model_calibration(chosen.name, modality=modality, iris_code=chosen.iris_code)


def current_comparator(calibration: Calibration) -> str:
    """Version of the comparison that runs here, for the modality of a calibration.

    Of irises it is that of the turns that the calibration speaks of.
    """
    if calibration.modality is Modality.FINGER:
        return COMPARATOR
    if calibration.modality is Modality.FACE:
        return FACE_COMPARATOR
    turns = calibration.comparator.rpartition("/")[2]
    return iris_comparator(int(turns) if turns.isdecimal() else 0)


def offered_calibration(
    paths: Sequence[Path] | None, *, records: bool, models: ModelChoices
) -> Calibration | None:
    """Calibration that the caller names, or the one that came with the model; None where there is none.

    Args:
        paths: Files that the caller names, at most one.
        records: Whether the samples are minutiae records.
        models: Model that makes the templates, of one modality.

    Raises:
        FormatError: The record is not sound.
        IncompatibleTemplates: The named one was fitted to scores of another version of the comparison.
        ValueError: The named one is of another modality.
    """
    (modality,) = models
    if paths:
        return calibrations_of(paths, records=records, models=models)[modality]
    try:
        return None if records else calibrations_of(None, records=False, models=models)[modality]
    except (ModelNotFound, IncompatibleTemplates):
        return None


def set_targets(
    entries: Sequence[SampleEntry], *, fpir: float, review_fpir: float, people: int | None
) -> dict[Modality, PolicyTarget]:
    """Target of each modality of a set: its persons, their fingers and impressions, unless the caller knows.

    Args:
        entries: Samples of the set; of no sample at all, the target is of fingers.
        fpir: Largest false positive identification rate.
        review_fpir: Largest share of people who have to be looked at.
        people: People of the registry that the set stands for; by default those of the set.

    Raises:
        ValueError: The set alone has more people, or the rates are out of order.
    """
    persons = set_extent(entries).persons
    if people is not None and people < persons:
        raise ValueError(
            f"--people must be at least the {persons:,} persons of the set, got {people:,}: "
            "all of them are compared with each other"
        )
    targets: dict[Modality, PolicyTarget] = {}
    for modality in modalities_of(entries) or (Modality.FINGER,):
        extent = set_extent(entry for entry in entries if entry.modality is modality)
        targets[modality] = PolicyTarget(
            fpir=fpir,
            review_fpir=review_fpir,
            people=people or max(persons, 1),
            instances=extent.fingers,
            comparisons=extent.comparisons,
        )
    return targets


def policy_of_set(
    targets: Mapping[Modality, PolicyTarget], calibrations: Mapping[Modality, Calibration]
) -> DecisionPolicy | JointPolicy:
    """Policy that keeps the targets of a set: of one modality, or of several together.

    Raises:
        ValueError: The data cannot support even the review target, so nothing could be decided.
    """
    if len(targets) > 1:
        return require_joint_policy(targets, calibrations)
    ((modality, target),) = targets.items()
    return require_policy(target, calibrations[modality])


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
