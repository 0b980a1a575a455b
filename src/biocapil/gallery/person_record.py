"""`PersonRecord`: one person of a gallery, packed templates and what is known for filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from biocapil.comparison import PackedTemplates, pack
from biocapil.embedding import Embedding
from biocapil.iris_code import IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import EyePosition, FingerPosition, SubjectId

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
    """One person: identifier, templates of fingers, eyes and face, and what filters may ask for.

    There is at least one template, and at most 255 of each modality.

    Attributes:
        person_id: Identifier in the caller's own system, 1 to 255 bytes of UTF-8; never shown in `repr`.
        fingers: Packed fingerprint templates of one model; None where there is none.
        finger_positions: Finger of each of them.
        irises: Iris codes of one model and geometry.
        eyes: Eye of each of them.
        faces: Embeddings of faces of one model and length.
        region: Where the person is registered, at most 255 bytes of UTF-8; empty where nobody said.
        birth_year: 1 to 9999; None where nobody said.
        sex: As stated.
    """

    person_id: SubjectId
    fingers: PackedTemplates | None = None
    finger_positions: tuple[FingerPosition, ...] = ()
    irises: tuple[IrisCode, ...] = ()
    eyes: tuple[EyePosition, ...] = ()
    faces: tuple[Embedding, ...] = ()
    region: str = ""
    birth_year: int | None = None
    sex: Sex = Sex.NOT_KNOWN

    def __post_init__(self) -> None:
        _require_bytes("person_id", self.person_id, 1, MAX_ID_BYTES)
        _require_bytes("region", self.region, 0, MAX_REGION_BYTES)
        fingers = 0 if self.fingers is None else len(self.fingers)
        if not self.templates:
            raise ValueError("a person has at least one template, got none")
        for name, count in (("fingers", fingers), ("irises", len(self.irises)), ("faces", len(self.faces))):
            if count > MAX_TEMPLATES:
                raise ValueError(f"a person has at most {MAX_TEMPLATES} {name}, got {count}")
        if len(self.finger_positions) != fingers:
            raise ValueError(
                f"finger_positions must name each of the {fingers} fingers, got {len(self.finger_positions)}"
            )
        if len(self.eyes) != len(self.irises):
            raise ValueError(f"eyes must name each of the {len(self.irises)} irises, got {len(self.eyes)}")
        if self.birth_year is not None and not 1 <= self.birth_year <= MAX_BIRTH_YEAR:
            raise ValueError(f"birth_year must lie in 1..{MAX_BIRTH_YEAR}, got {self.birth_year!r}")

    @property
    def templates(self) -> int:
        """Number of templates of all modalities."""
        return len(self.fingers or ()) + len(self.irises) + len(self.faces)

    @property
    def payload_bytes(self) -> int:
        """Bytes of the templates."""
        packed = 0 if self.fingers is None else self.fingers.words.nbytes
        codes = sum(each.code.nbytes + each.mask.nbytes for each in self.irises)
        return packed + codes + sum(each.values.nbytes for each in self.faces)

    def __repr__(self) -> str:
        fingers = 0 if self.fingers is None else len(self.fingers)
        return f"PersonRecord({fingers} fingers, {len(self.irises)} irises, {len(self.faces)} faces)"


def person_record(
    person_id: str,
    *,
    fingers: Sequence[FingerprintTemplate] = (),
    irises: Sequence[tuple[EyePosition, IrisCode]] = (),
    faces: Sequence[Embedding] = (),
    region: str = "",
    birth_year: int | None = None,
    sex: Sex = Sex.NOT_KNOWN,
) -> PersonRecord:
    """Pack the templates of one person, at least one.

    Args:
        person_id: Identifier in the caller's own system.
        fingers: Fingerprint templates of one model; their positions say which fingers they are.
        irises: Iris codes of one model and the eyes that they are of.
        faces: Embeddings of one model.
        region: Where the person is registered.
        birth_year: Year of birth.
        sex: As stated.

    Raises:
        IncompatibleTemplates: The fingerprint templates are of different models.
        ValueError: There is no template, or something is out of its range.
    """
    if not fingers and not irises and not faces:
        raise ValueError("a person needs at least one template, got none: list it as not enrolled instead")
    return PersonRecord(
        person_id=SubjectId(person_id),
        fingers=pack(fingers) if fingers else None,
        finger_positions=tuple(template.position for template in fingers),
        irises=tuple(code for _, code in irises),
        eyes=tuple(eye for eye, _ in irises),
        faces=tuple(faces),
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
