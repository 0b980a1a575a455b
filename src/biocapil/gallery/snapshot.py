"""`GallerySnapshot`: one generation of a gallery, for searches that must not see what comes later."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

import numpy as np

from biocapil.comparison import COMPARATOR, FACE_COMPARATOR, iris_comparator
from biocapil.decision import PolicyTarget
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.person_filter import PersonFilter
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.records import records_of
from biocapil.gallery.searched_part import SearchedPart
from biocapil.gallery.state import GalleryState
from biocapil.vocabulary import Modality, ModelId

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
        if where == EVERYBODY:
            return self._everybody
        return self._parts(where)

    @cached_property
    def _everybody(self) -> tuple[SearchedPart, ...]:
        return self._parts(EVERYBODY)

    def _parts(self, where: PersonFilter) -> tuple[SearchedPart, ...]:
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

    def compared_by(self, modality: Modality) -> tuple[ModelId, str]:
        """Model of the templates of a modality, and version of the comparison that searches use.

        Raises:
            IncompatibleTemplates: The gallery holds none of it.
        """
        model_id = self.models.model_of(modality)
        if modality is Modality.IRIS and self.models.iris is not None:
            return model_id, iris_comparator(self.models.iris.turns)
        return model_id, {Modality.FACE: FACE_COMPARATOR}.get(modality, COMPARATOR)

    def targets(
        self,
        *,
        fpir: float,
        review_fpir: float,
        modalities: Collection[Modality] | None = None,
        impressions: int = 1,
        people: int | None = None,
    ) -> dict[Modality, PolicyTarget]:
        """Targets for searches here: its people, the instances and impressions that two people can share.

        Args:
            fpir: Largest chance that a person who is not here is called a duplicate.
            review_fpir: Largest chance that such a person has to be looked at.
            modalities: What probes consist of; by default all that the gallery holds.
            impressions: Impressions of one instance of a probe at most.
            people: People of the registry that this gallery is a part of; by default those who are here.

        Raises:
            ValueError: `people` is fewer than are here, or a number is out of its range.
        """
        if people is not None and people < len(self):
            raise ValueError(
                f"people must be at least the {len(self):,} persons of the gallery, got {people:,}"
            )
        parts = self.parts()
        targets: dict[Modality, PolicyTarget] = {}
        for modality in self.models.modalities if modalities is None else modalities:
            instances, most_impressions = _most(parts, modality)
            targets[modality] = PolicyTarget(
                fpir=fpir,
                review_fpir=review_fpir,
                people=people or max(len(self), 1),
                instances=instances,
                comparisons=max(1, impressions * most_impressions),
            )
        return targets

    def __len__(self) -> int:
        return self._state.persons

    def __repr__(self) -> str:
        return f"GallerySnapshot(generation {self.generation}, {len(self):,} persons, {self.models.names})"


def _most(parts: tuple[SearchedPart, ...], modality: Modality) -> tuple[int, int]:
    """Most instances of a modality of one person, and most impressions of one instance; at least 1."""
    instances, impressions = 1, 1
    for part in parts:
        counts_of = np.zeros(part.columns.persons, np.int64)
        for instance in part.instances():
            if instance.modality is modality:
                counts = np.bincount(part.owners(instance), minlength=part.columns.persons)
                counts_of += counts > 0
                impressions = max(impressions, int(counts.max(initial=0)))
        instances = max(instances, int(counts_of.max(initial=0)))
    return instances, impressions
