"""``biocapil quality``: how good images of people are, and what to tell the person at the counter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.progress import people_console, step_bars
from biocapil.cli.set_options import (
    DatasetOption,
    ModalitiesOption,
    ResolutionOption,
    modalities_of,
    prepare_folders,
    read_set,
)
from biocapil.extraction import Extractor, load_extractor
from biocapil.formats import read_sample
from biocapil.intake import AssessedSample, assess_images
from biocapil.quality import Language, assess_finger, quality_map, sentence
from biocapil.quality_report import MAX_SCORE
from biocapil.reporting import quality_map_png, quality_map_svg, write_private
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality, SubjectId

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="PATHS", help="Images, folders of images, or manifests (CSV).")
]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the advice.")]
LinesOption = Annotated[bool, typer.Option("--json", help="Lines of JSON only, no table.")]
LeastOption = Annotated[
    int | None,
    typer.Option(
        "--at-least", min=0, max=MAX_SCORE, help="Exit code 1 if a score is below, or a file broken."
    ),
]
PictureOption = Annotated[
    Path | None,
    typer.Option(
        "--picture", help="Draw the quality of each place over the print into this file, .svg or .png."
    ),
]
MANIFEST_SUFFIX = ".csv"
PICTURES: Mapping[str, Callable[..., str | bytes]] = {".svg": quality_map_svg, ".png": quality_map_png}
"""What draws into a file of each ending."""


def quality(
    paths: FilesArgument,
    *,
    modality: ModalitiesOption = None,
    ppi: ResolutionOption = None,
    dataset: DatasetOption = None,
    extractor: ExtractorOption = None,
    lang: LanguageOption = Language.ENGLISH,
    as_json: LinesOption = False,
    at_least: LeastOption = None,
    picture: PictureOption = None,
) -> None:
    """Score images of fingers and irises from 0 to 100, with reasons and advice; a line of JSON for each.

    Images and folders are of fingers unless --modality names one; rows of manifests say what they are of.
    """
    entries = [entry for path in paths for entry in entries_of(path, dataset=dataset, modality=modality)]
    if picture is not None and (len(entries) != 1 or entries[0].modality is not Modality.FINGER):
        raise typer.BadParameter(
            f"one image of a finger can be drawn, got {len(entries)}", param_hint="--picture"
        )
    if picture is not None and picture.suffix.lower() not in PICTURES:
        raise typer.BadParameter(
            f"pictures are drawn into .svg or .png files, got {picture.name!r}", param_hint="--picture"
        )
    prepare_folders(picture)
    console = people_console()
    with step_bars(console) as step:
        report = step("Assessing")
        samples = assess_images(
            entries, extractors_for(entries, extractor), resolution_ppi=ppi, on_progress=report
        )
    for sample in samples:
        print(line_of(sample, lang))
    if not as_json:
        show(samples, console, lang)
    if picture is not None:
        draw(entries[0], picture, resolution_ppi=ppi, language=lang)
    if at_least is not None and any(is_below(sample, at_least) for sample in samples):
        raise typer.Exit(ExitCode.NO)


def entries_of(
    path: Path, *, dataset: str | None, modality: Sequence[Modality] | None
) -> Sequence[SampleEntry]:
    """Entries of a manifest or a folder, or the one of an image file."""
    if path.is_dir() or path.suffix.lower() == MANIFEST_SUFFIX:
        return read_set(path, dataset=dataset, modality=modality, records=False, pattern=None)
    if modality and len(modality) > 1:
        raise ValueError(f"an image is of one modality, got {len(modality)} for {path.name}")
    only = modality[0] if modality else Modality.FINGER
    return [SampleEntry(name=path.name, file=path, subject=SubjectId(path.name), modality=only)]


def extractors_for(entries: Sequence[SampleEntry], names: Sequence[str] | None) -> dict[Modality, Extractor]:
    """Extractors that find what is measured in irises and faces."""
    there = [modality for modality in modalities_of(entries) if modality is not Modality.FINGER]
    return {
        modality: load_extractor(chosen.name, modality=modality, iris_code=chosen.iris_code)
        for modality, chosen in chosen_models(names, there).items()
    }


def is_below(sample: AssessedSample, least: int) -> bool:
    """Whether a sample has no score, or one below `least`."""
    return sample.report is None or sample.report.score < least


def line_of(sample: AssessedSample, language: Language) -> str:
    """One line of JSON."""
    report, attack = sample.report, sample.attack.fields()
    if report is None:
        failure = sample.failure
        detail = None if failure is None else {"reason": failure.reason.value, "detail": failure.detail}
        return json.dumps(
            {
                "type": "quality",
                "sample": sample.entry.name,
                "score": None,
                "failure": detail,
                "presentation_attack": attack,
            }
        )
    return json.dumps(
        {
            "type": "quality",
            "sample": sample.entry.name,
            "score": report.score,
            "reasons": [
                {"code": reason.value, "advice": sentence(reason, language)} for reason in report.reasons
            ],
            "components": {
                each.name: {"score": each.score, "raw": round(each.raw, 4)} for each in report.components
            },
            "model": report.model_id,
            "presentation_attack": attack,
        },
        ensure_ascii=False,
    )


def show(samples: Sequence[AssessedSample], console: Console, language: Language) -> None:
    """Table for people: a row a sample, then how often each reason was named."""
    table = Table()
    for heading in ("sample", "score", "advice"):
        table.add_column(heading, justify="right" if heading == "score" else "left")
    for sample in samples:
        report = sample.report
        if report is None:
            detail = "" if sample.failure is None else sample.failure.detail
            table.add_row(sample.entry.name, "-", detail)
        else:
            advice = "\n".join(sentence(reason, language) for reason in report.reasons)
            table.add_row(sample.entry.name, str(report.score), advice)
    console.print(table)
    attacks = Counter(sample.attack.words for sample in samples)
    console.print("presentation attacks: " + ", ".join(f"{word} {n:,}" for word, n in attacks.items()))
    reports = [sample.report for sample in samples if sample.report is not None]
    counts = Counter(reason.value for report in reports for reason in report.reasons)
    if len(samples) > 1 and counts:
        console.print(", ".join(f"{name} {count:,}" for name, count in counts.most_common()))


def draw(entry: SampleEntry, picture: Path, *, resolution_ppi: float | None, language: Language) -> None:
    """Write the picture of one sample."""
    sample = read_sample(entry.file, resolution_ppi=resolution_ppi or entry.resolution_ppi)
    drawing = PICTURES[picture.suffix.lower()](
        sample, quality_map(sample), report=assess_finger(sample), language=language, title=entry.name
    )
    write_private(picture, drawing)
