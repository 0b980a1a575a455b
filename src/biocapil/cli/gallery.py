"""``biocapil gallery``: people and their templates on disk, and who among them is searched for."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.gallery_exchange import export, import_people, rebuild
from biocapil.cli.gallery_sets import people_of, records_of, sex_of
from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.model_options import (
    ColumnBitsOption,
    ColumnsOption,
    DimensionsOption,
    EveryOption,
    FaceOption,
    FingersOption,
    IrisOption,
    PrecisionOption,
    TurnsOption,
    face_model,
    iris_model,
)
from biocapil.cli.policy_options import (
    FPIR,
    REVIEW_FPIR,
    CalibrationOption,
    FpirOption,
    MeasuredOption,
    ReviewFpirOption,
    calibrations_of,
    require_joint_policy,
)
from biocapil.cli.progress import people_console, step_bars
from biocapil.cli.set_models import models_of_set
from biocapil.cli.set_options import (
    DatasetOption,
    ModalitiesOption,
    PatternOption,
    RecordsOption,
    ResolutionOption,
    SetArgument,
    StoreOption,
    finger_model,
    modalities_of,
    of_modalities,
    read_set,
    source_of,
)
from biocapil.comparison import EmbeddingPrecision
from biocapil.gallery import (
    Gallery,
    GalleryModels,
    PersonFilter,
    PersonSearch,
    gallery_info,
    search_people,
    verify_gallery,
)
from biocapil.vocabulary import Modality

BATCH = 1000
"""People of one commit."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Keep people and their templates on disk and search them.",
)
app.command()(export)
app.command(name="import")(import_people)
app.command()(rebuild)

FolderArgument = Annotated[Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery.")]


@app.command()
def create(
    folder: FolderArgument,
    *,
    extractor: ExtractorOption = None,
    records: RecordsOption = False,
    fingers: FingersOption = True,
    iris: IrisOption = None,
    iris_columns: ColumnsOption = 256,
    iris_column_bits: ColumnBitsOption = 8,
    iris_turns: TurnsOption = 8,
    iris_every: EveryOption = None,
    face: FaceOption = None,
    face_dimensions: DimensionsOption = None,
    face_precision: PrecisionOption = EmbeddingPrecision.INT8,
) -> None:
    """Make an empty gallery for the templates of one model a modality."""
    models = GalleryModels(
        finger=finger_model(records=records, models=chosen_models(extractor, [Modality.FINGER]))
        if fingers
        else None,
        iris=iris_model(
            iris, columns=iris_columns, column_bits=iris_column_bits, turns=iris_turns, every=iris_every
        ),
        face=face_model(face, dimensions=face_dimensions, precision=face_precision),
    )
    with Gallery.create(folder, models=models) as gallery:
        show_info(gallery)


@app.command()
def add(
    folder: FolderArgument,
    manifest: SetArgument,
    *,
    update: Annotated[
        bool, typer.Option("--update", help="Replace who is there with other content.")
    ] = False,
    make: Annotated[
        bool,
        typer.Option(
            "--create", help="Make the gallery where there is none, for the models that this set comes to."
        ),
    ] = False,
    modality: ModalitiesOption = None,
    ppi: ResolutionOption = None,
    dataset: DatasetOption = None,
    store: StoreOption = None,
    extractor: ExtractorOption = None,
    records: RecordsOption = False,
    name_pattern: PatternOption = None,
) -> None:
    """Add the people of a set with their fingers, irises and faces.

    Its columns region, birth_year and sex become what filters may ask for. Samples of a modality that the
    gallery does not hold are left out, and counted.
    """
    entries = read_set(manifest, dataset=dataset, modality=modality, records=records, pattern=name_pattern)
    is_new = make and not folder.exists()
    held = modalities_of(entries) if is_new else Gallery(folder).snapshot().models.modalities
    used, left_out = of_modalities(entries, held)
    models = chosen_models(extractor, modalities_of(used))
    with step_bars(people_console()) as step:
        intake = source_of(
            records=records, models=models, resolution_ppi=ppi, store=store, report=step("Extracting")
        )
        samples = intake(used)
        people = people_of(samples)
        if is_new:
            Gallery.create(folder, models=models_of_set(samples)).close()
        with Gallery(folder, writable=True) as gallery:
            adding = step("Adding")
            changed = done = 0
            waiting = records_of(people)
            while part := list(islice(waiting, BATCH)):
                changed += gallery.update(part) if update else gallery.add(part)
                done += len(part)
                adding(done, len(people))
            line = {
                "type": "added",
                "changed": changed,
                "unchanged": done - changed,
                "not_enrolled": [each.person_id for each in people if not each.has_template],
                "left_out": left_out,
                "persons": len(gallery),
            }
    print(json.dumps(line))


@app.command()
def search(
    folder: FolderArgument,
    manifest: SetArgument,
    *,
    limit: Annotated[int, typer.Option(min=1, help="Longest candidate list.")] = 10,
    region: Annotated[list[str] | None, typer.Option(help="Only people of this region, or these.")] = None,
    born: Annotated[tuple[int, int] | None, typer.Option(help="Only people born in these years.")] = None,
    sex: Annotated[str | None, typer.Option(help="Only people of this sex: male or female.")] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Compare each pair in full, in place of ruling most out cheaply.")
    ] = False,
    batch: Annotated[int, typer.Option(min=1, help="People searched for at a time.")] = 16,
    deadline: Annotated[float | None, typer.Option(help="Seconds for each batch at most.")] = None,
    people: Annotated[
        int | None, typer.Option(min=1, help="Size of the registry; else the gallery's.")
    ] = None,
    ppi: ResolutionOption = None,
    modality: ModalitiesOption = None,
    dataset: DatasetOption = None,
    calibration: CalibrationOption = None,
    fpir: FpirOption = FPIR,
    review_fpir: ReviewFpirOption = REVIEW_FPIR,
    measured_only: MeasuredOption = False,
    extractor: ExtractorOption = None,
    records: RecordsOption = False,
    name_pattern: PatternOption = None,
) -> None:
    """Search for each person of a set by fingers, irises and faces; one line of JSON a person."""
    snapshot = Gallery(folder).snapshot()
    entries = read_set(manifest, dataset=dataset, modality=modality, records=records, pattern=name_pattern)
    used, _ = of_modalities(entries, snapshot.models.modalities)
    models = chosen_models(extractor, modalities_of(used))
    calibrations = calibrations_of(calibration, records=records, models=models, measured_only=measured_only)
    where = PersonFilter(
        regions=frozenset(region) if region else None, birth_years=born, sex=sex_of(sex) if sex else None
    )
    with step_bars(people_console()) as step:
        intake = source_of(
            records=records, models=models, resolution_ppi=ppi, store=None, report=step("Extracting")
        )
        probes = people_of(intake(used))
        targets = snapshot.targets(
            fpir=fpir,
            review_fpir=review_fpir,
            people=people,
            modalities=tuple(models),
            impressions=max((probe.most_impressions for probe in probes), default=1),
        )
        policy = require_joint_policy(targets, calibrations)
        searching = step("Searching")
        waiting = iter(probes)
        done = 0
        while some := list(islice(waiting, batch)):
            answers = iter(
                search_people(
                    snapshot,
                    [each.probe for each in some if each.has_template],
                    calibrations,
                    policy,
                    limit=limit,
                    where=where,
                    exact=exact,
                    deadline_s=deadline,
                )
            )
            for each in some:
                if each.has_template:
                    print(answer_line(each.person_id, next(answers)))
                else:
                    print(json.dumps({"type": "not_searched", "probe": each.person_id}))
            done += len(some)
            searching(done, len(probes))


@app.command()
def delete(
    folder: FolderArgument,
    person_ids: Annotated[list[str], typer.Argument(metavar="ID", help="Identifiers of people.")],
) -> None:
    """Delete people: no search finds them any more; compact takes their bytes out of the files."""
    with Gallery(folder, writable=True) as gallery:
        deleted = gallery.delete(person_ids)
        print(json.dumps({"type": "deleted", "persons": deleted, "left": len(gallery)}))
    if deleted < len(set(person_ids)):
        raise typer.Exit(ExitCode.NO)


@app.command()
def info(folder: FolderArgument) -> None:
    """Say what a gallery holds, how many bytes that takes, and what protects it."""
    show_info(Gallery(folder))


@app.command()
def verify(folder: FolderArgument) -> None:
    """Read every byte and say what is not as it was written; exit code 1 where something is not."""
    with step_bars(people_console()) as step:
        report = verify_gallery(Gallery(folder), on_progress=step("Segments read"))
    print(json.dumps({"type": "verified", "sound": report.sound, **asdict(report)}))
    if not report.sound:
        raise typer.Exit(ExitCode.NO)


@app.command()
def compact(folder: FolderArgument) -> None:
    """Write everybody who is there anew and unlink the old files: the deleted are in none of them."""
    with Gallery(folder, writable=True) as gallery:
        gallery.compact()
        show_info(gallery)


def show_info(gallery: Gallery) -> None:
    """One line of JSON, and how the files are protected for whoever reads along."""
    found = gallery_info(gallery)
    print(json.dumps({"type": "gallery", **asdict(found)}))
    console = people_console()
    console.print(f"{found.persons:,} people, {found.templates:,} templates; {found.protection}")
    for each in found.modalities:
        console.print(
            f"{each.modality} ({each.model_id}): {each.templates:,} templates of {each.persons:,} people, "
            f"{each.bytes_per_template:,.0f} bytes each"
        )


def answer_line(probe: str, answer: PersonSearch) -> str:
    """One search as JSON."""
    return json.dumps(
        {
            "type": "searched",
            "probe": probe,
            "outcome": answer.outcome.value,
            "complete": answer.complete,
            "searched": answer.searched,
            "wanted": answer.wanted,
            "persons": answer.persons,
            "comparable": answer.comparable,
            "generation": answer.generation,
            "policy_id": answer.policy_id,
            "calibration_id": answer.calibration_id,
            "seconds": asdict(answer.times),
            "candidates": [
                {
                    "person": each.person_id,
                    "decision": each.decision.outcome.value,
                    "llr": each.decision.llr,
                    "fpir": each.decision.fpir.value,
                    "fpir_at_most": each.decision.fpir.interval.high,
                    "instances": {one.instance: one.llr for one in each.decision.instances},
                    "only_probe": [one.name for one in each.only_probe],
                    "only_reference": [one.name for one in each.only_reference],
                }
                for each in answer.candidates
            ],
        }
    )
