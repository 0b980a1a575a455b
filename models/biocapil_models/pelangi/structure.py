"""The network, one row a step: read by training (:mod:`.train.network`) and by the recipe (:mod:`.build`).

Half the image's size at once, three times halved, brought back with what was seen on the way down; the head
unfolds 2×2 pixels from each place, so that answers have the image's size at a quarter of the cost.

Reference: Ronneberger, Fischer, Brox, U-Net, MICCAI 2015; Shi et al., Real-time single image and video
super-resolution using a sub-pixel convolution, CVPR 2016 (unfolding).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

INPUT = "image"
OUTPUT = "maps"
OUTPUT_CHANNELS = ("pupil", "iris", "opening", "valid")
"""Whole pupil, whole iris with pupil (hidden parts too), what lies between the lids, visible texture."""
STRIDE_PX = 16
"""Sides of an image must be multiples of this."""

GREY_MIDDLE, GREY_SCALE = 128.0, 64.0
UNFOLDED = 4
"""Pixels that each place of the head unfolds."""


class Step(Enum):
    """What a row does."""

    SCALE = auto()
    CONVOLVE = auto()
    HALVE = auto()
    ADD_DOUBLED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step of the network.

    Attributes:
        name: What it delivers.
        step: What it does.
        reads: Names of what it reads.
        shape: Channels out and in, and side of the kernel; zeros where nothing is learnt.
        stride: Step of the convolution.
        active: Normalised over the batch and rectified; else a plain convolution with a bias.
    """

    name: str
    step: Step
    reads: tuple[str, ...]
    shape: tuple[int, int, int] = (0, 0, 0)
    stride: int = 1
    active: bool = True

    @property
    def learnt(self) -> bool:
        """Whether the row holds weights."""
        return self.shape[0] > 0


def _block(name: str, reads: str, outputs: int, inputs: int, *, side: int = 3, stride: int = 1) -> Row:
    return Row(name=name, step=Step.CONVOLVE, reads=(reads,), shape=(outputs, inputs, side), stride=stride)


def _plain(name: str, reads: str, outputs: int, inputs: int) -> Row:
    return Row(name=name, step=Step.CONVOLVE, reads=(reads,), shape=(outputs, inputs, 1), active=False)


def _halve(name: str, reads: str) -> Row:
    return Row(name=name, step=Step.HALVE, reads=(reads,))


def _rise(level: str, below: str, beside: str, channels: int, below_channels: int) -> tuple[Row, ...]:
    """Back up one level: what lies below, doubled, added to what was seen at this size."""
    return (
        _plain(f"{level}_below", below, channels, below_channels),
        _plain(f"{level}_beside", beside, channels, channels),
        Row(name=f"{level}_sum", step=Step.ADD_DOUBLED, reads=(f"{level}_below", f"{level}_beside")),
        _block(level, f"{level}_sum", channels, channels),
    )


STRUCTURE: tuple[Row, ...] = (
    Row(name="scaled", step=Step.SCALE, reads=(INPUT,)),
    _block("look", "scaled", 16, 1, side=7, stride=2),
    _block("half", "look", 16, 16),
    _halve("half_down", "half"),
    _block("quarter_first", "half_down", 32, 16),
    _block("quarter", "quarter_first", 32, 32),
    _halve("quarter_down", "quarter"),
    _block("eighth_first", "quarter_down", 48, 32),
    _block("eighth", "eighth_first", 48, 48),
    _halve("eighth_down", "eighth"),
    _block("sixteenth_first", "eighth_down", 64, 48),
    _block("sixteenth_second", "sixteenth_first", 64, 64),
    _block("sixteenth", "sixteenth_second", 64, 64),
    *_rise("eighth_up", "sixteenth", "eighth", 48, 64),
    *_rise("quarter_up", "eighth_up", "quarter", 32, 48),
    *_rise("half_up", "quarter_up", "half", 16, 32),
    _block("head", "half_up", 16, 16),
    _plain("answers", "head", len(OUTPUT_CHANNELS) * UNFOLDED, 16),
)
