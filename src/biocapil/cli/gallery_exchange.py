"""``biocapil gallery export``, ``import`` and ``rebuild``: into one file, out of it, and anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from biocapil.cli.gallery_sets import people_of, records_of
from biocapil.cli.model_choice import ExtractorOption, chosen_models
from biocapil.cli.progress import people_console, step_bars
from biocapil.cli.set_models import models_of_set
from biocapil.cli.set_options import (
    DatasetOption,
    PatternOption,
    RecordsOption,
    ResolutionOption,
    StoreOption,
    modalities_of,
    read_set,
    source_of,
)
from biocapil.errors import BiocapilError
from biocapil.gallery import (
    Gallery,
    PeopleFile,
    PersonRecord,
    export_people,
    rebuild_gallery,
)
from biocapil.vocabulary import Modality

BATCH = 1000
"""People of one commit."""

PEOPLE_SUFFIX = ".parquet"

GalleryArgument = Annotated[Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery.")]
PeopleArgument = Annotated[Path, typer.Argument(metavar="FILE", help="Parquet file of people.")]
UpdateOption = Annotated[bool, typer.Option("--update", help="Replace who is there with other content.")]


def export(folder: GalleryArgument, file: PeopleArgument) -> None:
    """Write everybody into one Parquet file, templates as they are packed; it is not encrypted.

    Standard minutiae records (ISO/IEC 19794-2) cannot be made of a gallery: of each finger it keeps the 37
    best minutiae, and not the size of the image from which a record measures them. Make them from the system
    of record; `biocapil gallery add --records` reads them.
    """
    with step_bars(people_console()) as step:
        persons = export_people(Gallery(folder).snapshot(), file, on_progress=step("Exporting"))
    print(json.dumps({"type": "exported", "persons": persons, "bytes": file.stat().st_size}))


def import_people(folder: GalleryArgument, file: PeopleArgument, *, update: UpdateOption = False) -> None:
    """Add the people of a file that export wrote; nobody is added from a file that is not whole."""
    with (
        Gallery(folder, writable=True) as gallery,
        PeopleFile(file) as people,
        step_bars(people_console()) as step,
    ):
        checking, adding = step("Checking"), step("Adding")
        for _ in _counted(people.records(), people.persons, checking):
            pass
        changed = done = 0
        waiting = people.records()
        while part := list(islice(waiting, BATCH)):
            changed += gallery.update(part) if update else gallery.add(part)
            done += len(part)
            adding(done, people.persons)
        print(
            json.dumps(
                {"type": "imported", "changed": changed, "unchanged": done - changed, "persons": len(gallery)}
            )
        )


def rebuild(
    folder: GalleryArgument,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE", help="What to make it from: a Parquet file of people, a manifest or a folder."
        ),
    ],
    *,
    ppi: ResolutionOption = None,
    dataset: DatasetOption = None,
    store: StoreOption = None,
    extractor: ExtractorOption = None,
    records: RecordsOption = False,
    name_pattern: PatternOption = None,
) -> None:
    """Replace everybody in one commit, also where the gallery is damaged or of an earlier layout."""
    with step_bars(people_console()) as step:
        if source.suffix == PEOPLE_SUFFIX:
            with PeopleFile(source) as people:
                waiting = _counted(people.records(), people.persons, step("Rebuilding"))
                persons = rebuild_gallery(folder, waiting, models=people.models)
        else:
            entries = read_set(source, dataset=dataset, modality=None, records=records, pattern=name_pattern)
            _require_all_held(folder, modalities_of(entries))
            intake = source_of(
                records=records,
                models=chosen_models(extractor, modalities_of(entries)),
                resolution_ppi=ppi,
                store=store,
                report=step("Extracting"),
            )
            samples = intake(entries)
            persons = rebuild_gallery(folder, records_of(people_of(samples)), models=models_of_set(samples))
    print(json.dumps({"type": "rebuilt", "persons": persons}))


def _require_all_held(folder: Path, there: Sequence[Modality]) -> None:
    """Refuse to lose a modality that a set lacks; a gallery that cannot be read says nothing of them."""
    try:
        models = Gallery(folder).snapshot().models
    except BiocapilError:
        return
    others = [each.value for each in models.modalities if each not in there]
    if others:
        raise ValueError(
            f"the gallery holds {' and '.join(others)}, the set does not: rebuild it from a Parquet file of "
            "people"
        )


def _counted(
    records: Iterator[PersonRecord], total: int, report: Callable[[int, int], None]
) -> Iterator[PersonRecord]:
    for done, record in enumerate(records, start=1):
        if done % BATCH == 0 or done == total:
            report(done, total)
        yield record
