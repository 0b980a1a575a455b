"""`PersonFilter`: who is searched at all, by region, year of birth and sex; decided before the scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.gallery.columns import NO_YEAR, Columns
from biocapil.gallery.person_record import MAX_BIRTH_YEAR, Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFilter:
    """Which persons are searched. What nobody said of a person excludes nobody.

    Attributes:
        regions: Only people of these regions; None for all.
        birth_years: Only people born from the first to the second year, both included; None for all.
        sex: Only people of this sex, MALE or FEMALE; None for all.
    """

    regions: frozenset[str] | None = None
    birth_years: tuple[int, int] | None = None
    sex: Sex | None = None

    def __post_init__(self) -> None:
        if self.birth_years is not None:
            first, last = self.birth_years
            if not 1 <= first <= last <= MAX_BIRTH_YEAR:
                raise ValueError(f"birth_years must rise within 1..{MAX_BIRTH_YEAR}, got {first}..{last}")
        if self.sex not in {None, Sex.MALE, Sex.FEMALE}:
            raise ValueError(f"sex must be MALE, FEMALE or None, got {self.sex!r}")

    def passing(self, columns: Columns, regions: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each person may be searched.

        Args:
            columns: Persons.
            regions: Names of the regions by number.

        Returns:
            Shape (P,), bool.
        """
        passing = np.ones(columns.persons, np.bool_)
        if self.regions is not None:
            wanted = np.array([not name or name in self.regions for name in regions], np.bool_)
            passing &= wanted[columns.regions]
        if self.birth_years is not None:
            first, last = self.birth_years
            years = columns.birth_years
            passing &= (years == NO_YEAR) | ((years >= first) & (years <= last))
        if self.sex is not None:
            other = Sex.FEMALE if self.sex is Sex.MALE else Sex.MALE
            passing &= columns.sexes != other
        return passing
