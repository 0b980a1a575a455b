"""What a manifest says about face models: tables ``[detection]`` and ``[embedding]``.

With these two tables a network of one's own runs from its folder, without any code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from biocapil.extraction.manifest_table import ManifestTable
from biocapil.face_landmarks import POINTS

MAX_SIDE_PX = 4096
GREY_LEVELS = 255.0


class ColourOrder(Enum):
    """Order of the colours that a network reads."""

    GREY = "grey"
    RGB = "rgb"
    BGR = "bgr"

    @property
    def channels(self) -> int:
        """Channels of the picture."""
        return 1 if self is ColourOrder.GREY else 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """How pixels of 0 to 255 become what a network reads: ``(value - mean) * scale``.

    Attributes:
        order: Order of the colours.
        mean: Taken off each channel.
        scale: Multiplies each channel afterwards.
    """

    order: ColourOrder
    mean: tuple[float, ...]
    scale: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionRule:
    """How faces are read from the cells of a detector.

    Attributes:
        colours: What it reads.
        strides_px: Side of the cells of each level, in the order of the output's rows.
        score_threshold: Least score of a face, 0 to 1.
        overlap_threshold: Of two boxes that share more than this (intersection over union) the better stays.
        longest_side_px: Larger pictures are scaled down to this for a first look.
        closer_look_px: Heights at which the one face that is meant is shown again.
    """

    colours: Colours
    strides_px: tuple[int, ...]
    score_threshold: float
    overlap_threshold: float
    longest_side_px: int
    closer_look_px: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingRule:
    """How a face is cut out for a network, and what comes of it.

    Attributes:
        colours: What it reads.
        rows_px: Height of the aligned picture.
        columns_px: Width of the aligned picture.
        template_px: x and y where the five points are laid, 0 in the middle of the first pixel.
        dimensions: Length of the embedding.
        mirrored: Whether the embedding is the mean of the picture's and of its mirror image's.
        detector: Model id of the detector that places the points: other points make other embeddings.
        min_eye_distance_px: Faces whose eyes lie closer together are a failure to extract.
    """

    colours: Colours
    rows_px: int
    columns_px: int
    template_px: tuple[tuple[float, float], ...]
    dimensions: int
    mirrored: bool
    detector: str
    min_eye_distance_px: float

    @property
    def detector_name(self) -> str:
        """Name of the detector."""
        return self.detector.partition("@")[0]


def read_detection_rule(table: ManifestTable) -> DetectionRule:
    """Read the table ``[detection]``.

    Raises:
        FormatError: A field is missing, unknown or out of range.
    """
    value = DetectionRule(
        colours=_colours(table),
        strides_px=tuple(int(each) for each in table.numbers("strides_px", least=1, most=MAX_SIDE_PX)),
        score_threshold=table.number("score_threshold", least=0, most=1),
        overlap_threshold=table.number("overlap_threshold", least=0, most=1),
        longest_side_px=table.whole("longest_side_px", least=32),
        closer_look_px=tuple(
            int(each) for each in table.numbers("closer_look_px", least=16, most=MAX_SIDE_PX)
        ),
    )
    table.refuse_rest()
    return value


def read_embedding_rule(table: ManifestTable) -> EmbeddingRule:
    """Read the table ``[embedding]``.

    Raises:
        FormatError: A field is missing, unknown or out of range.
    """
    value = EmbeddingRule(
        colours=_colours(table),
        rows_px=table.whole("rows_px", least=16),
        columns_px=table.whole("columns_px", least=16),
        template_px=_points(table),
        dimensions=table.whole("dimensions", least=1),
        mirrored=table.flag("mirrored"),
        detector=table.text("detector", pattern=re.compile(r"[a-z][a-z0-9_]*@[0-9a-f]{12}")),
        min_eye_distance_px=table.number("min_eye_distance_px", least=1, most=MAX_SIDE_PX),
    )
    table.refuse_rest()
    return value


def _colours(table: ManifestTable) -> Colours:
    order = ColourOrder(table.choice("colour_order", [member.value for member in ColourOrder]))
    return Colours(
        order=order,
        mean=table.numbers("mean", least=-GREY_LEVELS, most=GREY_LEVELS, count=order.channels),
        scale=table.numbers("scale", least=1e-6, most=GREY_LEVELS, count=order.channels),
    )


def _points(table: ManifestTable) -> tuple[tuple[float, float], ...]:
    values = table.numbers("template_px", least=-MAX_SIDE_PX, most=MAX_SIDE_PX, count=2 * len(POINTS))
    return tuple(zip(values[::2], values[1::2], strict=True))
