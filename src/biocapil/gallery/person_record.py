"""`PersonRecord`: one person of a gallery, packed templates and what is known for filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from biocapil.comparison import PackedTemplates, pack
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, ModelId, SubjectId

MAX_ID_BYTES = 255
MAX_REGION_BYTES = 255
MAX_TEMPLATES = 255
MAX_BIRTH_YEAR = 9999


class Sex(IntEnum):
    """Sex as a registry states it; codes of ISO/IEC 5218:2022."""

    NOT_KNOWN = 0
    MALE = 1
    FEMALE = 2
    NOT_APPLICABLE = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PersonRecord:
    """One person: identifier, templates of some fingers, and what filters may ask for.

    Attributes:
        person_id: Identifier in the caller's own system, 1 to 255 bytes of UTF-8; never shown in `repr`.
        templates: Packed templates of one model, 1 to 255.
        positions: Finger of each template.
        region: Where the person is registered, at most 255 bytes of UTF-8; empty where nobody said.
        birth_year: 1 to 9999; None where nobody said.
        sex: As stated.
    """

    person_id: SubjectId
    templates: PackedTemplates
    positions: tuple[FingerPosition, ...]
    region: str = ""
    birth_year: int | None = None
    sex: Sex = Sex.NOT_KNOWN

    def __post_init__(self) -> None:
        _require_bytes("person_id", self.person_id, 1, MAX_ID_BYTES)
        _require_bytes("region", self.region, 0, MAX_REGION_BYTES)
        if not 1 <= len(self.templates) <= MAX_TEMPLATES:
            raise ValueError(f"a person has 1 to {MAX_TEMPLATES} templates, got {len(self.templates)}")
        if len(self.positions) != len(self.templates):
            raise ValueError(
                f"positions must name each of the {len(self.templates)} templates, got {len(self.positions)}"
            )
        if self.birth_year is not None and not 1 <= self.birth_year <= MAX_BIRTH_YEAR:
            raise ValueError(f"birth_year must lie in 1..{MAX_BIRTH_YEAR}, got {self.birth_year!r}")

    @property
    def model_id(self) -> ModelId:
        """Model that made the templates."""
        return self.templates.model_id

    def __repr__(self) -> str:
        return f"PersonRecord({len(self.templates)} templates, model {self.model_id})"


def person_record(
    person_id: str,
    templates: Sequence[FingerprintTemplate],
    *,
    region: str = "",
    birth_year: int | None = None,
    sex: Sex = Sex.NOT_KNOWN,
) -> PersonRecord:
    """Pack the templates of one person; their positions say which fingers they are.

    Args:
        person_id: Identifier in the caller's own system.
        templates: At least one, all of one model.
        region: Where the person is registered.
        birth_year: Year of birth.
        sex: As stated.

    Raises:
        IncompatibleTemplates: The templates are of different models.
        ValueError: There is no template, or something is out of its range.
    """
    if not templates:
        raise ValueError("a person needs at least one template, got none: list it as not enrolled instead")
    return PersonRecord(
        person_id=SubjectId(person_id),
        templates=pack(templates),
        positions=tuple(template.position for template in templates),
        region=region,
        birth_year=birth_year,
        sex=sex,
    )


def _require_bytes(name: str, text: str, least: int, most: int) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as exc:
        raise ValueError(f"{name} must be text that UTF-8 can write: {exc.reason}") from exc
    if not least <= size <= most:
        raise ValueError(f"{name} must have {least} to {most} bytes of UTF-8, got {size}")
