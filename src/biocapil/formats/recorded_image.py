"""`RecordedImage`: one image of a record with what any user of it must know, whatever the edition."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.formats.image_payload import EncodedImage
from biocapil.vocabulary import Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedImage:
    """One image of a finger, an eye or a face.

    Attributes:
        modality: What it is of.
        position: `RecordedPosition` code of a finger image, `EyePosition` code of an eye; 0 for a face.
        x_ppi: Pixels per inch along a row; None where the format states none.
        y_ppi: The same along a column.
        quality: Best quality score stated, 0 to 100; None where there is none.
        image: The encoded image.
    """

    modality: Modality
    position: int = 0
    x_ppi: float | None = None
    y_ppi: float | None = None
    quality: int | None = None
    image: EncodedImage
