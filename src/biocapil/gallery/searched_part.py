"""`SearchedPart`: a segment's people, or the log's, as a search reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import ReferenceSet
from biocapil.gallery.columns import Columns
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.shelf import Run
from biocapil.gallery.shelf_references import references_of
from biocapil.vocabulary import Instance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchedPart:
    """Columns of which a search reads some persons.

    Row r of an instance's reference set is of the person ``owners(instance)[r]``.

    Attributes:
        columns: The columns.
        wanted: Whether each person is there and passes the filter. Shape (P,), bool.
        models: Models of the gallery.
    """

    columns: Columns
    wanted: NDArray[np.bool_]
    models: GalleryModels
    _kept: dict[Instance, ReferenceSet] = field(
        default_factory=dict[Instance, ReferenceSet], init=False, repr=False
    )

    @property
    def persons(self) -> int:
        """How many persons are wanted."""
        return int(self.wanted.sum())

    def instances(self) -> tuple[Instance, ...]:
        """Instances of which there is a template, in order."""
        return tuple(each for shelf in self.columns.shelves.values() for each in shelf.instances)

    def count(self, instance: Instance) -> int:
        """Number of templates of an instance."""
        return len(self._run(instance).templates)

    def references(self, instance: Instance) -> ReferenceSet:
        """Templates of one instance; nothing is copied but the offsets of fingers.

        Raises:
            ValueError: There is none of that instance.
        """
        if instance not in self._kept:
            shelf = self.columns.shelves.get(instance.modality)
            if shelf is None:
                raise ValueError(f"the gallery holds no {instance.modality.value}")
            self._kept[instance] = references_of(shelf, instance.position, self.models)
        return self._kept[instance]

    def owners(self, instance: Instance) -> NDArray[np.int32]:
        """Row of the person of each template of an instance, never falling. Shape (n,), int32."""
        run = self._run(instance).templates
        shelf = self.columns.shelves.get(instance.modality)
        return np.zeros(0, np.int32) if shelf is None else shelf.owners[run.start : run.stop]

    def rows_of(self, instance: Instance, person: int) -> NDArray[np.int64]:
        """Templates of one person that hold something to compare. Shape (n,), int64."""
        owners = self.owners(instance)
        first, beyond = np.searchsorted(owners, np.array([person, person + 1], owners.dtype)).tolist()
        if first == beyond:
            return np.zeros(0, np.int64)
        filled = np.flatnonzero(self.references(instance).sizes()[first:beyond])
        rows: NDArray[np.int64] = filled.astype(np.int64) + first
        return rows

    def holds(self, instance: Instance, person: int) -> bool:
        """Whether a person has a template of an instance, be it empty."""
        owners = self.owners(instance)
        place = int(np.searchsorted(owners, np.array(person, owners.dtype)))
        return place < len(owners) and int(owners[place]) == person

    def wanted_rows(self, instance: Instance, rows: range) -> NDArray[np.bool_]:
        """Whether each of some templates of an instance is to be read. Shape (len(rows),), bool."""
        return self.wanted[self.owners(instance)[rows.start : rows.stop]]

    def comparable(self, instances: Iterable[Instance]) -> int:
        """How many wanted persons have one of these instances."""
        having = np.zeros(self.columns.persons, np.bool_)
        for instance in set(instances):
            having[self.owners(instance)] = True
        return int((having & self.wanted).sum())

    def _run(self, instance: Instance) -> Run:
        shelf = self.columns.shelves.get(instance.modality)
        if shelf is None:
            return Run(templates=range(0), slots=range(0))
        return shelf.run_of(instance.position)
