"""`GallerySnapshot`: one generation of a gallery, for searches that must not see what comes later."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from biocapil.decision import PolicyTarget
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.person_filter import PersonFilter
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.records import records_of
from biocapil.gallery.searched_part import SearchedPart
from biocapil.gallery.state import GalleryState
from biocapil.vocabulary import Modality

EVERYBODY = PersonFilter()


class GallerySnapshot:
    """What a gallery held at one moment; later commits do not change it."""

    def __init__(self, state: GalleryState) -> None:
        self._state = state

    @property
    def generation(self) -> int:
        """Number of the commit that it shows."""
        return self._state.manifest.generation

    @property
    def models(self) -> GalleryModels:
        """Models of all templates."""
        return self._state.manifest.models

    @property
    def state(self) -> GalleryState:
        """The generation itself."""
        return self._state

    def parts(self, where: PersonFilter = EVERYBODY) -> tuple[SearchedPart, ...]:
        """What a search has to read."""
        regions = self._state.manifest.regions
        return tuple(
            SearchedPart(
                columns=source.columns,
                wanted=source.kept & where.passing(source.columns, regions),
                models=self.models,
            )
            for source in self._state.sources
            if source.columns.persons
        )

    def person_ids(self) -> Iterator[str]:
        """Identifiers of everybody who is there, in no order that means anything."""
        for part in self.parts():
            yield from (part.columns.person_id(row) for row in np.flatnonzero(part.wanted).tolist())

    def records(self) -> Iterator[PersonRecord]:
        """Everybody who is there, with copies of their templates; in no order that means anything."""
        for part in self.parts():
            yield from records_of(part.columns, part.wanted, self._state.manifest.regions, self.models)

    def target(
        self,
        *,
        fpir: float,
        review_fpir: float,
        fingers: int = 10,
        impressions: int = 1,
        people: int | None = None,
    ) -> PolicyTarget:
        """Target for searches here: this many people, the fingers and impressions that two people can share.

        Args:
            fpir: Largest chance that a person who is not here is called a duplicate.
            review_fpir: Largest chance that such a person has to be looked at.
            fingers: Different fingers of a probe at most.
            impressions: Impressions of one finger of a probe at most.
            people: People of the registry that this gallery is a part of; by default those who are here.

        Raises:
            ValueError: `people` is fewer than are here, or a number is out of its range.
        """
        if people is not None and people < len(self):
            raise ValueError(
                f"people must be at least the {len(self):,} persons of the gallery, got {people:,}"
            )
        most_fingers, most_impressions = _most(self.parts())
        return PolicyTarget(
            fpir=fpir,
            review_fpir=review_fpir,
            people=people or max(len(self), 1),
            instances=max(1, min(fingers, most_fingers)),
            comparisons=max(1, impressions * most_impressions),
        )

    def __len__(self) -> int:
        return self._state.persons

    def __repr__(self) -> str:
        return f"GallerySnapshot(generation {self.generation}, {len(self):,} persons, {self.models.names})"


def _most(parts: tuple[SearchedPart, ...]) -> tuple[int, int]:
    """Most fingers of one person, and most impressions of one finger."""
    fingers, impressions = 1, 1
    for part in parts:
        fingers_of = np.zeros(part.columns.persons, np.int64)
        for instance in part.instances():
            if instance.modality is Modality.FINGER:
                owners, counts = np.unique(part.owners(instance), return_counts=True)
                fingers_of[owners] += 1
                impressions = max(impressions, int(counts.max(initial=0)))
        fingers = max(fingers, int(fingers_of.max(initial=0)))
    return fingers, impressions
