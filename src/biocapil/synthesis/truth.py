"""What a synthetic population is known to hold: who is registered twice, who only looks alike."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from biocapil.errors import FormatError
from biocapil.vocabulary import SubjectId

MANIFEST_FILE = "manifest.csv"
TRUTH_FILE = "truth.csv"
TRUTH_COLUMNS = ("kind", "first_subject", "second_subject")


class PlantedKind(Enum):
    """Why two registrations were made alike."""

    DUPLICATE = "duplicate"
    LOOKALIKE = "lookalike"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedPair:
    """Two registrations that a duplicate search is judged by.

    Attributes:
        kind: DUPLICATE for one person under two subjects, LOOKALIKE for two persons that must not match.
        first: Subject of the earlier registration.
        second: Subject of the later one.
    """

    kind: PlantedKind
    first: SubjectId
    second: SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationTruth:
    """A written population.

    Attributes:
        folder: Where it lies.
        manifest: Its manifest, as `biocapil.formats.read_manifest` reads it.
        samples: How many samples the manifest names.
        pairs: All planted pairs; every other pair of subjects shows different, independent fingers.
    """

    folder: Path
    manifest: Path
    samples: int
    pairs: tuple[PlantedPair, ...]

    @property
    def duplicates(self) -> tuple[PlantedPair, ...]:
        """Pairs that show the same person."""
        return tuple(pair for pair in self.pairs if pair.kind is PlantedKind.DUPLICATE)

    @property
    def lookalikes(self) -> tuple[PlantedPair, ...]:
        """Pairs that share ridge flow but no finger."""
        return tuple(pair for pair in self.pairs if pair.kind is PlantedKind.LOOKALIKE)


def write_truth(file: Path, pairs: tuple[PlantedPair, ...]) -> None:
    """Write planted pairs as CSV."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(TRUTH_COLUMNS)
        writer.writerows((pair.kind.value, pair.first, pair.second) for pair in pairs)


def read_truth(folder: Path) -> PopulationTruth:
    """Read what `write_population` wrote beside its samples.

    Args:
        folder: Folder of the population.

    Returns:
        The truth.

    Raises:
        OSError: The folder holds no population.
        FormatError: `truth.csv` is not as it was written.
    """
    with (folder / TRUTH_FILE).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    if not rows or tuple(rows[0]) != TRUTH_COLUMNS:
        raise FormatError(f"must start with the columns {', '.join(TRUTH_COLUMNS)}", record=TRUTH_FILE)
    with (folder / MANIFEST_FILE).open(encoding="utf-8", newline="") as stream:
        samples = sum(1 for _ in csv.reader(stream)) - 1
    return PopulationTruth(
        folder=folder,
        manifest=folder / MANIFEST_FILE,
        samples=samples,
        pairs=tuple(_pair(row, number) for number, row in enumerate(rows[1:], start=2)),
    )


def _pair(row: list[str], line: int) -> PlantedPair:
    kinds = {kind.value: kind for kind in PlantedKind}
    if len(row) != len(TRUTH_COLUMNS) or row[0] not in kinds:
        raise FormatError(
            f"line {line} must be {' or '.join(kinds)} and two subjects", record=TRUTH_FILE, field="kind"
        )
    return PlantedPair(kind=kinds[row[0]], first=SubjectId(row[1]), second=SubjectId(row[2]))
