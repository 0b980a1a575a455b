"""Image files to samples: PNG, TIFF, BMP, JPEG, JPEG 2000, PGM, WSQ, image records, and raw bytes.

The first step of the way: bytes from outside become a `CapturedSample` here or are refused here.

    bytes ─► raw (size stated) ───────────────────────────┐
          ─► WSQ (begins with FFA0) ─► process of its own ┼─► grey values and tag ─► CapturedSample
          ─► image record (FIR, FAC, IIR) ─► its image ───┤
          ─► the rest ─► Pillow ──────────────────────────┘
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from biocapil.errors import FormatError
from biocapil.formats.image_records import is_image_record
from biocapil.formats.picture import TaggedPicture, refuse_bomb
from biocapil.formats.pillow_images import decode_by_pillow
from biocapil.formats.raw_images import decode_raw
from biocapil.formats.record_samples import record_picture
from biocapil.formats.resolution_tags import ResolutionTag, believable_ppi
from biocapil.formats.wsq_images import SIGNATURE as WSQ_SIGNATURE
from biocapil.formats.wsq_images import decode_wsq, read_wsq_header
from biocapil.sample import UNKNOWN_PPI, CapturedSample, Origin, position_of
from biocapil.subject import SampleEntry
from biocapil.vocabulary import FingerPosition, Modality, Position


def read_sample(
    path: str | os.PathLike[str],
    *,
    resolution_ppi: float | None = None,
    raw_size: tuple[int, int] | None = None,
    position: Position = FingerPosition.UNKNOWN,
    modality: Modality = Modality.FINGER,
    origin: Origin = Origin.FILE,
) -> CapturedSample:
    """Read one image file; arguments and errors as for `decode_sample`.

    Args:
        path: File to read.
        resolution_ppi: True resolution, or None to take the file's own tag.
        raw_size: Columns and rows of a raw file, or None for an image format.
        position: Finger or eye that was presented.
        modality: Modality of the sample.
        origin: Where the pixels came from.

    Raises:
        FormatError: The file cannot be read, or is none of the formats.
        ResolutionUnknown: No resolution is stated, and the file's tag names none to believe.
        MissingPart: A package that reads this format is not installed.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as exc:
        raise FormatError(f"{file.name}: cannot be read: {exc.strerror or exc}") from exc
    return decode_sample(
        data,
        resolution_ppi=resolution_ppi,
        raw_size=raw_size,
        position=position,
        modality=modality,
        origin=origin,
        name=file.name,
    )


def decode_sample(
    data: bytes,
    *,
    resolution_ppi: float | None = None,
    raw_size: tuple[int, int] | None = None,
    position: Position = FingerPosition.UNKNOWN,
    modality: Modality = Modality.FINGER,
    origin: Origin = Origin.FILE,
    name: str = "image",
) -> CapturedSample:
    """Decode the bytes of one image file.

    Args:
        data: The whole file.
        resolution_ppi: True resolution, 50 to 4000; wins over every tag. None takes the file's own tag
            where it can be believed: 500 ppi is never assumed, except for WSQ, which has no other. Faces
            and irises need none, and their files' tags say nothing of them.
        raw_size: Columns and rows: the bytes are raw grey values. None for an image format.
        position: Finger or eye that was presented; where it is UNKNOWN, the one that an image record names.
        modality: Modality of the sample.
        origin: Where the pixels came from.
        name: What messages call the file.

    Raises:
        FormatError: The bytes are corrupt, truncated, none of the formats, or over 64 million pixels; or an
            image record holds several images, or one of another modality or finger than stated.
        ResolutionUnknown: No resolution is stated, and the file's tag names none to believe.
        MissingPart: A package that reads this format is not installed.
        ValueError: `resolution_ppi` or `raw_size` lies outside its range.
    """
    picture = _picture(data, raw_size=raw_size, modality=modality, name=name)
    return CapturedSample(
        pixels=picture.pixels,
        resolution_ppi=_resolution(resolution_ppi, picture.tag, modality=modality, name=name),
        modality=modality,
        position=_agreed(position_of(position, modality), position_of(picture.position, modality), name=name),
        origin=origin,
    )


def sample_reader(
    *, resolution_ppi: float | None = None, raw_size: tuple[int, int] | None = None
) -> Callable[[SampleEntry, bytes], CapturedSample]:
    """Reader of manifest entries, as `extraction.extract_all` takes it.

    Args:
        resolution_ppi: True resolution of every file; None takes what the entry states, else its tag.
        raw_size: Columns and rows where every file is raw, else None.
    """

    def read(entry: SampleEntry, data: bytes) -> CapturedSample:
        return decode_sample(
            data,
            resolution_ppi=entry.resolution_ppi if resolution_ppi is None else resolution_ppi,
            raw_size=raw_size,
            position=entry.position,
            modality=entry.modality,
            name=entry.name,
        )

    return read


def _resolution(stated_ppi: float | None, tag: ResolutionTag, *, modality: Modality, name: str) -> float:
    if stated_ppi is not None:
        return stated_ppi
    return believable_ppi(tag, name=name) if modality is Modality.FINGER else UNKNOWN_PPI


def _agreed(stated: Position, recorded: Position, *, name: str) -> Position:
    """The finger or eye that caller and file name; either may not know it, but they may not differ."""
    if 0 in {stated, recorded} or stated is recorded:
        return stated or recorded
    kind = "finger" if isinstance(stated, FingerPosition) else "eye"
    raise FormatError(
        f"{name}: the record names the {recorded.name.lower()} {kind}, stated is {stated.name.lower()}"
    )


def _picture(
    data: bytes, *, raw_size: tuple[int, int] | None, modality: Modality, name: str
) -> TaggedPicture:
    """Decode by the kind of file, with the file's name in every refusal."""
    if not data:
        raise FormatError(f"{name}: the file is empty")
    try:
        if raw_size is not None:
            return _raw_picture(data, raw_size=raw_size)
        if is_image_record(data):
            return record_picture(data, modality=modality)
        if data.startswith(WSQ_SIGNATURE):
            return _wsq_picture(data)
        return decode_by_pillow(data, colour=modality is Modality.FACE)
    except FormatError as exc:
        raise type(exc)(f"{name}: {exc}") from exc


def _raw_picture(data: bytes, *, raw_size: tuple[int, int]) -> TaggedPicture:
    tag = ResolutionTag(x_ppi=None, y_ppi=None, said="a raw image carries no resolution tag")
    return TaggedPicture(pixels=decode_raw(data, raw_size=raw_size), tag=tag)


def _wsq_picture(data: bytes) -> TaggedPicture:
    header = read_wsq_header(data)
    refuse_bomb(columns=header.columns, rows=header.rows)
    tag = ResolutionTag(x_ppi=header.ppi, y_ppi=header.ppi, said=f"its NISTCOM says {header.ppi:g} ppi")
    return TaggedPicture(pixels=decode_wsq(data, header), tag=tag)
