"""What `evaluate` and `dedup run` both ask about the set they work on: where it lies and how to read it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from biocapil.cli.progress import Report
from biocapil.extraction import ExtractedSample, load_extractor
from biocapil.formats import RecordStandard, read_manifest
from biocapil.intake import extract_images, read_named_files, read_records
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality, ModelId


class NamePattern(Enum):
    """How the file names of a folder say whose samples they are."""

    SUBJECT_SAMPLE = "subject_sample"


SetArgument = Annotated[
    Path,
    typer.Argument(
        metavar="MANIFEST", help="CSV file with columns path, subject, instance, sample; or a folder."
    ),
]
DatasetOption = Annotated[
    str | None, typer.Option("--dataset", help="Take only the rows of this set; names the set of a folder.")
]
ResolutionOption = Annotated[
    float | None,
    typer.Option("--ppi", help="True resolution of all images; else that of their manifest's rows or tags."),
]
ExtractorOption = Annotated[
    str,
    typer.Option("--extractor", help="Registered model that makes the templates; or the path of your own."),
]
StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="Encrypted file of finished templates; a second run goes on from it."),
]
RecordsOption = Annotated[
    bool, typer.Option("--records", help="The files are minutiae records (ISO, ANSI), not images.")
]
PatternOption = Annotated[
    NamePattern | None,
    typer.Option("--name-pattern", help="How names of files in a folder are read; --records implies it."),
]


def finger_model(*, records: bool, extractor: str) -> ModelId:
    """Model of the fingerprint templates that these options make.

    Raises:
        ModelError: The extractor cannot be loaded.
    """
    if records:
        return ModelId(f"minutiae:{RecordStandard.ISO_19794_2_2005.value}")
    return load_extractor(Path(extractor) if os.sep in extractor else extractor).model_id


def read_set(
    manifest: Path,
    *,
    dataset: str | None,
    modality: Modality,
    records: bool,
    pattern: NamePattern | None,
) -> tuple[SampleEntry, ...]:
    """Entries of a manifest, or of a folder.

    Raises:
        FormatError: The manifest or a name in the folder is wrong, or no entry is left.
        ValueError: The modality is none that templates can be made of.
    """
    if modality is not Modality.FINGER:
        raise ValueError(f"only finger samples can be worked on, got --modality {modality.value}")
    if manifest.is_dir() and (records or pattern is NamePattern.SUBJECT_SAMPLE):
        return read_named_files(manifest, dataset=dataset or manifest.name, modality=modality)
    return read_manifest(manifest, dataset=dataset, modality=modality)


def source_of(
    *,
    records: bool,
    extractor: str,
    resolution_ppi: float | None,
    store: Path | None,
    report: Report,
    with_quality: bool = False,
) -> Callable[[Sequence[SampleEntry]], Sequence[ExtractedSample]]:
    """What makes templates of the entries: minutiae records as they are, images through the extractor.

    Raises:
        ModelNotFound: No installed package registers the extractor.
        FormatError: `extractor` is the path of a folder, and no model lies there.
    """
    if records:
        return partial(read_records, on_progress=report)
    return partial(
        extract_images,
        extractor=load_extractor(Path(extractor) if os.sep in extractor else extractor),
        resolution_ppi=resolution_ppi,
        store=store,
        with_quality=with_quality,
        on_progress=report,
    )


def prepare_folders(*files: Path | None) -> None:
    """Make the folders of result files before the long work, so that it does not end in vain."""
    for file in files:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
