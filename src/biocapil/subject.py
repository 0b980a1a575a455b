"""`SampleEntry`: one row of the work to be done, whose sample it is and where its bytes lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biocapil.vocabulary import FingerPosition, Modality, Position, SubjectId


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SampleEntry:
    """One sample of one person, as a manifest names it; `repr` says neither whose it is nor where it lies.

    Attributes:
        name: Path as the manifest writes it: unique, what reports and results call the sample.
        file: Where the bytes lie.
        subject: Person (or finger, in sets that number fingers) that the manifest claims.
        instance: Which finger, eye or face in the manifest's own words; may be empty.
        sample: Impression label; may be empty.
        dataset: Set it belongs to; may be empty.
        modality: Modality of the sample.
        position: Finger or eye read from `instance`; UNKNOWN where it names none.
        resolution_ppi: True resolution of the image, pixels per inch; None where the manifest tells none.
        attributes: Further columns of the manifest and what they say of the sample, in their order.
    """

    name: str
    file: Path
    subject: SubjectId
    instance: str = ""
    sample: str = ""
    dataset: str = ""
    modality: Modality = Modality.FINGER
    position: Position = FingerPosition.UNKNOWN
    resolution_ppi: float | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> tuple[str, str, str]:
        """Identity of the body part: two entries with the same source are mated."""
        return (self.dataset, self.subject, self.instance)

    @property
    def person(self) -> tuple[str, str]:
        """Identity of the person: samples of one person, of any of the fingers, depend on each other."""
        return (self.dataset, self.subject)

    def attribute(self, column: str) -> str:
        """What a further column of the manifest says; empty where there is no such column."""
        return next((value for name, value in self.attributes if name == column), "")

    def __repr__(self) -> str:
        return f"SampleEntry({self.modality.value}, {self.position.name})"
