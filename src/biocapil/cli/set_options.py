"""What `evaluate` and `dedup run` both ask about the set they work on: where it lies and how to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from biocapil.calibration import Calibration
from biocapil.cli.model_choice import ModelChoices
from biocapil.cli.progress import Report
from biocapil.errors import FormatError
from biocapil.extraction import ExtractedSample, Extractor, load_extractor
from biocapil.formats import RecordStandard, read_manifest
from biocapil.intake import extract_modalities, read_named_files, read_records
from biocapil.reporting import PairTracer
from biocapil.subject import SampleEntry
from biocapil.vocabulary import MODALITIES, Modality, ModelId


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
ModalityOption = Annotated[
    Modality, typer.Option("--modality", help="What the samples are of; other rows of the manifest wait.")
]
ModalitiesOption = Annotated[
    list[Modality] | None,
    typer.Option(
        "--modality", help="Work on these alone; may be repeated. Else on everything that the manifest holds."
    ),
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


def finger_model(*, records: bool, models: ModelChoices) -> ModelId:
    """Model of the fingerprint templates that these options make.

    Raises:
        ModelError: The extractor cannot be loaded.
    """
    if records:
        return ModelId(f"minutiae:{RecordStandard.ISO_19794_2_2005.value}")
    return load_extractor(models[Modality.FINGER].name, modality=Modality.FINGER).model_id


def read_set(
    manifest: Path,
    *,
    dataset: str | None,
    modality: Modality | Sequence[Modality] | None,
    records: bool,
    pattern: NamePattern | None,
) -> tuple[SampleEntry, ...]:
    """Entries of a manifest, or of a folder, all of whose files are of one modality.

    Args:
        manifest: Manifest or folder.
        dataset: Take only rows of this set; names the set of a folder.
        modality: Take only samples of this modality, or of these; None takes all of a manifest, and takes a
            folder's files for fingers.
        records: Whether the files are minutiae records.
        pattern: How names of files in a folder are read.

    Raises:
        FormatError: The manifest or a name in the folder is wrong, or no entry is left.
        ValueError: Minutiae records were asked for, and another modality than fingers; or several were asked
            for of a folder.
    """
    wanted = (modality,) if isinstance(modality, Modality) else tuple(modality or ())
    if records and wanted not in {(), (Modality.FINGER,)}:
        told = ", ".join(each.value for each in wanted)
        raise ValueError(f"minutiae records are of fingers, got --modality {told} with --records")
    if manifest.is_dir():
        if len(wanted) > 1:
            raise ValueError(
                f"the files of a folder are of one modality, got {len(wanted)}: write a manifest"
            )
        only = wanted[0] if wanted else Modality.FINGER
        if records or pattern is NamePattern.SUBJECT_SAMPLE:
            return read_named_files(manifest, dataset=dataset or manifest.name, modality=only)
        return read_manifest(manifest, dataset=dataset, modality=only)
    if records:
        wanted = (Modality.FINGER,)
    if len(wanted) <= 1:
        try:
            return read_manifest(manifest, dataset=dataset, modality=wanted[0] if wanted else None)
        except FormatError as error:
            if wanted and "is of modality" in str(error):
                error.add_note("--modality says which samples are worked on")
            raise
    entries = read_manifest(manifest, dataset=dataset)
    return tuple(entry for entry in entries if entry.modality in wanted)


def modalities_of(entries: Sequence[SampleEntry]) -> tuple[Modality, ...]:
    """Modalities that occur, in their order."""
    there = {entry.modality for entry in entries}
    return tuple(modality for modality in MODALITIES if modality in there)


def of_modalities(
    entries: Sequence[SampleEntry], held: Sequence[Modality]
) -> tuple[tuple[SampleEntry, ...], dict[str, int]]:
    """Entries of some modalities, and how many of each other are left out.

    Raises:
        ValueError: None is left.
    """
    used = tuple(entry for entry in entries if entry.modality in held)
    if not used:
        there, wanted = (" and ".join(each.value for each in some) for some in (modalities_of(entries), held))
        raise ValueError(f"the set holds {there} samples, the gallery {wanted}")
    others = Counter(entry.modality.value for entry in entries if entry.modality not in held)
    return used, dict(others)


def extractors_of(models: ModelChoices) -> dict[Modality, Extractor]:
    """Extractor of each modality.

    Raises:
        ModelNotFound: No installed package registers a model.
        ModelError: A model reads another modality.
        FormatError: The path of a folder was named, and no model lies there.
    """
    return {
        modality: load_extractor(chosen.name, modality=modality, iris_code=chosen.iris_code)
        for modality, chosen in models.items()
    }


def tracer_of(models: ModelChoices, calibrations: Mapping[Modality, Calibration]) -> PairTracer:
    """What draws pairs of faces and irises with what was seen in them; fingers need no tracing."""
    traced: ModelChoices = {
        modality: chosen for modality, chosen in models.items() if modality is not Modality.FINGER
    }
    return PairTracer(extractors=extractors_of(traced), calibrations=calibrations)


def source_of(
    *,
    records: bool,
    models: ModelChoices,
    resolution_ppi: float | None,
    store: Path | None,
    report: Report,
    with_quality: bool = False,
) -> Callable[[Sequence[SampleEntry]], Sequence[ExtractedSample]]:
    """What makes templates of the entries: minutiae records as they are, images through the models.

    Raises:
        ModelNotFound: No installed package registers a model.
        ModelError: A model reads another modality.
        FormatError: The path of a folder was named, and no model lies there.
    """
    if records:
        return partial(read_records, on_progress=report)
    return partial(
        extract_modalities,
        extractors=extractors_of(models),
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
