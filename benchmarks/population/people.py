"""`draw_people`: registries of people who do not exist, with planted duplicates.

A record has impressions of two fingers, pictures of both irises and of the face. A duplicate is a second
record of a person: the same fingers, eyes and face under another identifier, each captured anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates, join_packed
from biocapil.embedding import Embedding
from biocapil.iris_code import IrisCode
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, SubjectId
from population import faces, fingers, irises
from population.draws import Floats, Rows, Stream

FINGERS = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
EYES = (EyePosition.RIGHT, EyePosition.LEFT)

BLOCK = 512
"""Records that are drawn at once: always these, so that the last digit does not depend on the batch."""

EVERYTHING = frozenset({Modality.FINGER, Modality.IRIS, Modality.FACE})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnPeople:
    """Some records of a registry; what was not asked for is empty.

    Attributes:
        first: Number of the first record.
        sources: Person of each record, by number; records of one person have the same. Shape (N,), int64.
        fingers: For each of `FINGERS`, one packed template a record.
        irises: For each of `EYES`, code and mask of each record. Shape (N, 2, words), uint64.
        faces: Embeddings. Shape (N, 512), float32, or (0, 512).
    """

    first: int
    sources: NDArray[np.int64]
    fingers: tuple[PackedTemplates, ...]
    irises: tuple[NDArray[np.uint64], ...]
    faces: Floats

    def __len__(self) -> int:
        return len(self.sources)

    def person_id(self, record: int) -> SubjectId:
        """Identifier of a record, counted from the first here."""
        return SubjectId(f"p{self.first + record:09d}")

    def fingers_of(self, record: int) -> PackedTemplates:
        """Templates of one record, in the order of `FINGERS`."""
        rows = [each.rows(record) for each in self.fingers]
        return PackedTemplates(
            words=np.concatenate(rows),
            offsets=np.cumsum([0, *map(len, rows)], dtype=np.int64),
            model_id=fingers.MODEL,
        )

    def irises_of(self, record: int) -> tuple[IrisCode, ...]:
        """Codes of one record, in the order of `EYES`."""
        return tuple(
            IrisCode(
                code=each[record, 0],
                mask=each[record, 1],
                geometry=irises.FITTED.geometry,
                model_id=irises.MODEL,
            )
            for each in self.irises
        )

    def face_of(self, record: int) -> Embedding:
        """Embedding of one record."""
        return Embedding(values=self.faces[record], model_id=faces.MODEL)


def planted_duplicates(count: int, *, duplicates: int, seed: int) -> NDArray[np.int64]:
    """Which records are of one person.

    Args:
        count: Records of the registry.
        duplicates: How many people have two.
        seed: Of the population.

    Returns:
        First and second record of each, pairs in rising order. Shape (duplicates, 2), int64.

    Raises:
        ValueError: There are too few records.
    """
    if not 0 <= 2 * duplicates <= count:
        raise ValueError(f"duplicates must lie in 0..{count // 2}, half of the records, got {duplicates}")
    rng = np.random.default_rng([seed, int(Stream.DUPLICATES)])
    pairs = np.sort(rng.choice(count, (duplicates, 2), replace=False), axis=1)
    return pairs[np.argsort(pairs[:, 0])]


def draw_people(
    count: int,
    *,
    duplicates: int,
    seed: int,
    batch: int = 8 * BLOCK,
    modalities: frozenset[Modality] = EVERYTHING,
    among: range | None = None,
) -> Iterator[DrawnPeople]:
    """Draw a registry; the same records on one machine, however large the batches.

    Args:
        count: Records.
        duplicates: People who have two of them, see `planted_duplicates`.
        seed: The same seed gives the same people.
        batch: Records at a time; multiples of `BLOCK` are fastest.
        modalities: What to draw; leaving out one does not change the others.
        among: Records to draw, for several processes that share the work; by default all.

    Raises:
        ValueError: `batch` is smaller than 1, there are too few records for the duplicates, or `among` is no
            run of records of the registry.
    """
    wanted = range(count) if among is None else among
    if wanted.step != 1 or not 0 <= wanted.start <= wanted.stop <= count:
        raise ValueError(f"among must be a run of the {count} records, got {among!r}")
    if batch < 1:
        raise ValueError(f"batch must be at least 1, got {batch}")
    sources = np.arange(-(-count // BLOCK) * BLOCK)
    pairs = planted_duplicates(count, duplicates=duplicates, seed=seed)
    sources[pairs[:, 1]] = pairs[:, 0]
    number, block = -1, None
    for first in range(wanted.start, wanted.stop, batch):
        last = min(first + batch, wanted.stop)
        pieces: list[DrawnPeople] = []
        for its in range(first // BLOCK, -(-last // BLOCK)):
            if its != number or block is None:
                number, block = its, _draw_block(its * BLOCK, sources, seed, modalities)
            start = block.first
            pieces.append(_part(block, max(first - start, 0), min(last - start, BLOCK)))
        yield _joined(pieces)


def _draw_block(first: int, sources: Rows, seed: int, modalities: frozenset[Modality]) -> DrawnPeople:
    records = np.arange(first, first + BLOCK)
    of = sources[first : first + BLOCK]
    asked = {each: each in modalities for each in Modality}
    return DrawnPeople(
        first=first,
        sources=of,
        fingers=tuple(
            fingers.draw_fingers(of, records, position=position, seed=seed)
            for position in FINGERS
            if asked[Modality.FINGER]
        ),
        irises=tuple(
            irises.draw_irises(of, records, eye=eye, seed=seed) for eye in EYES if asked[Modality.IRIS]
        ),
        faces=faces.draw_faces(of, records, seed=seed)
        if asked[Modality.FACE]
        else np.empty((0, faces.FITTED.dimensions), np.float32),
    )


def _part(people: DrawnPeople, first: int, last: int) -> DrawnPeople:
    """Some of the records, without copies."""
    return DrawnPeople(
        first=people.first + first,
        sources=people.sources[first:last],
        fingers=tuple(_rows_of(each, first, last) for each in people.fingers),
        irises=tuple(each[first:last] for each in people.irises),
        faces=people.faces[first:last],
    )


def _rows_of(packed: PackedTemplates, first: int, last: int) -> PackedTemplates:
    start, end = packed.offsets[first], packed.offsets[last]
    return PackedTemplates(
        words=packed.words[start:end],
        offsets=packed.offsets[first : last + 1] - start,
        model_id=packed.model_id,
    )


def _joined(pieces: list[DrawnPeople]) -> DrawnPeople:
    """Pieces one after the other."""
    if len(pieces) == 1:
        return pieces[0]
    return DrawnPeople(
        first=pieces[0].first,
        sources=np.concatenate([each.sources for each in pieces]),
        fingers=tuple(map(join_packed, zip(*(each.fingers for each in pieces), strict=True))),
        irises=tuple(map(np.concatenate, zip(*(each.irises for each in pieces), strict=True))),
        faces=np.concatenate([each.faces for each in pieces]),
    )
