"""``biocapil explain``: why two samples are as much alike as they are, as numbers and as a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from biocapil.any_template import Template
from biocapil.attack_detection import detect_attack
from biocapil.calibration import Calibration
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.policy_options import CalibrationOption, offered_calibration
from biocapil.cli.set_options import (
    ModalityOption,
    ResolutionOption,
    extractors_of,
    prepare_folders,
    tracer_of,
)
from biocapil.comparison import explain as explain_fingers
from biocapil.comparison import pair_similarities, references_of
from biocapil.formats import read_sample
from biocapil.outcomes import FailureToExtract
from biocapil.reporting import write_private
from biocapil.reporting.drawn_pair import draw_pair
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality, SubjectId

FirstArgument = Annotated[Path, typer.Argument(metavar="A", help="Image of the probe.")]
SecondArgument = Annotated[Path, typer.Argument(metavar="B", help="Image of the reference.")]
PictureOption = Annotated[
    Path | None, typer.Option("--picture", help="Draw what the comparison saw into this SVG file.")
]


def explain(
    first: FirstArgument,
    second: SecondArgument,
    *,
    modality: ModalityOption = Modality.FINGER,
    ppi: ResolutionOption = None,
    extractor: ExtractorOption = None,
    calibration: CalibrationOption = None,
    picture: PictureOption = None,
) -> None:
    """Compare two images and say what their similarity means; a line of JSON, and a picture if asked for."""
    models = chosen_models(extractor, [modality])
    meaning = offered_calibration(calibration, records=False, models=models)
    prepare_folders(picture)
    made_by = extractors_of(models)[modality]
    entries = [
        SampleEntry(name=file.name, file=file, subject=SubjectId(str(file)), modality=modality)
        for file in (first, second)
    ]
    samples = [read_sample(each.file, modality=modality, resolution_ppi=ppi) for each in entries]
    outcomes = [made_by.extract(sample) for sample in samples]
    line: dict[str, Any] = {
        "type": "explain",
        "modality": modality.value,
        "model": made_by.model_id,
        "samples": [sample_fields(*each) for each in zip(entries, samples, outcomes, strict=True)],
    }
    templates = [each for each in outcomes if not isinstance(each, FailureToExtract)]
    if len(templates) < len(outcomes):
        print(json.dumps({**line, "similarity": None}))
        raise typer.Exit(ExitCode.NO)
    if picture is not None:
        by_file = dict(zip((first, second), zip(samples, templates, strict=True), strict=False))
        drawn = draw_pair(
            *entries,
            images=lambda entry: by_file[entry.file][0],
            templates=lambda entry: by_file[entry.file][1],
            explain=explain_fingers,
            tracer=tracer_of(models, {} if meaning is None else {modality: meaning}),
        )
        write_private(picture, "" if drawn is None else drawn.svg)
    print(json.dumps({**line, **meaning_fields(templates, meaning)}))


def sample_fields(
    entry: SampleEntry, sample: CapturedSample, outcome: Template | FailureToExtract
) -> dict[str, Any]:
    """One of the two, in the line."""
    failure = outcome if isinstance(outcome, FailureToExtract) else None
    return {
        "sample": entry.name,
        "failure": failure and {"reason": failure.reason.value, "detail": failure.detail},
        "presentation_attack": detect_attack(sample).fields(),
    }


def meaning_fields(templates: list[Template], meaning: Calibration | None) -> dict[str, Any]:
    """Similarity, evidence and false match rate; without a fitting calibration the last two are null."""
    references = references_of(templates)
    similarity = float(pair_similarities(references, np.array([[0, 1]], np.int32))[0])
    if meaning is None or meaning.model_id != templates[0].model_id:
        return {"similarity": similarity, "llr": None, "false_match": None, "calibration": None}
    size = int(references.sizes().min())
    rate = meaning.false_match_rate(similarity, size)
    return {
        "similarity": similarity,
        "llr": float(meaning.evidence(np.array([similarity]), np.array([size]))[0]),
        "false_match": {
            "value": rate.value,
            "low": rate.interval.low,
            "high": rate.interval.high,
            "extrapolated": rate.extrapolated,
        },
        "calibration": meaning.calibration_id,
    }
