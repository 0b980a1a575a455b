"""Templates that a search is measured on: the five lent FVC sets, or people who do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench_fingerprint_accuracy import SETS_PPI
from biocapil.comparison import PackedTemplates, pack
from biocapil.extraction import ExtractedSample, load_extractor
from biocapil.formats import read_manifest
from biocapil.intake import extract_images
from biocapil.synthesis import read_truth, write_population
from biocapil.template import FingerprintTemplate

Source = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchSet:
    """Templates with the finger that each comes from.

    Attributes:
        name: What they are.
        templates: The templates.
        sources: Finger of each; two templates of one source are mated.
        packed: The same templates as a gallery.
    """

    name: str
    templates: tuple[FingerprintTemplate, ...]
    sources: tuple[Source, ...]
    packed: PackedTemplates

    def mates(self, index: int) -> set[int]:
        """Other templates of the same finger."""
        source = self.sources[index]
        return {other for other, its in enumerate(self.sources) if its == source and other != index}

    def gallery(self, size: int, rng: np.random.Generator, *, without: int | None = None) -> PackedTemplates:
        """At least `size` references: the set's templates again and again as separate copies, shuffled.

        Args:
            size: Smallest number of references.
            rng: Order of the references.
            without: Probe whose own finger is left out, as in a registry that it is new to.
        """
        barred = None if without is None else self.sources[without]
        rows = np.array([row for row, source in enumerate(self.sources) if source != barred])
        return self.packed.take(rng.permutation(np.tile(rows, -(-size // len(rows)))))


def lent_set(data: Path, store: Path) -> SearchSet:
    """The five FVC sets through the shipped extractor."""
    extractor = load_extractor()
    samples = [
        sample
        for name, ppi in SETS_PPI.items()
        for sample in extract_images(
            read_manifest(data / "manifest.csv", dataset=name), extractor, resolution_ppi=ppi, store=store
        )
    ]
    return _set_of("five FVC sets", samples)


def synthetic_set(folder: Path, store: Path, *, people: int) -> SearchSet:
    """Synthetic people through the shipped extractor, each registered once."""
    place = folder / f"people-{people}"
    if place.exists():
        truth = read_truth(place)
    else:
        truth = write_population(place, people=people, duplicates=0, lookalikes=0)
    return _set_of(
        "synthetic people", extract_images(read_manifest(truth.manifest), load_extractor(), store=store)
    )


def _set_of(name: str, samples: Sequence[ExtractedSample]) -> SearchSet:
    made = [(one.fingerprint, one.entry.source) for one in samples if one.fingerprint is not None]
    templates = tuple(template for template, _ in made)
    return SearchSet(
        name=name,
        templates=templates,
        sources=tuple(source for _, source in made),
        packed=pack(templates),
    )
