"""Parts of a gallery of fingers as all against all reads them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import FingerReferences
from biocapil.deduplication.registry.people import Everybody, everybody_of
from biocapil.gallery import GallerySnapshot
from biocapil.gallery.columns import Columns
from biocapil.vocabulary import FingerPosition, Instance, Modality, ModelId


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FingerPart:
    """People of one segment.

    Attributes:
        columns: They and their templates.
        wanted: Whether each is there. Shape (P,), bool.
        model_id: Model of the templates.
    """

    columns: Columns
    wanted: NDArray[np.bool_]
    model_id: ModelId

    def instances(self) -> tuple[Instance, ...]:
        """Fingers of which there is a template."""
        return tuple(
            Instance(modality=Modality.FINGER, position=position)
            for position in FingerPosition
            if self.columns.run_of(position)
        )

    def references(self, instance: Instance) -> FingerReferences:
        """Templates of one finger."""
        run = self.columns.run_of(FingerPosition(instance.position))
        return FingerReferences(packed=self.columns.packed(run, self.model_id))

    def owners(self, instance: Instance) -> NDArray[np.int32]:
        """Row of the person of each of these templates, never falling."""
        run = self.columns.run_of(FingerPosition(instance.position))
        return self.columns.owners[run.start : run.stop]


def finger_parts(snapshot: GallerySnapshot) -> tuple[FingerPart, ...]:
    """Parts of a snapshot."""
    return tuple(
        FingerPart(columns=part.columns, wanted=part.wanted, model_id=snapshot.model_id)
        for part in snapshot.parts()
    )


def gallery_people(snapshot: GallerySnapshot, *, without: Collection[Modality] = ()) -> Everybody:
    """Everybody of a snapshot, all of them to be compared; `without` are modalities that are left out."""
    return everybody_of(finger_parts(snapshot), modalities=[each for each in Modality if each not in without])
