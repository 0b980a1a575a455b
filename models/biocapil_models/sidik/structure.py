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
OUTPUT_CHANNELS = ("score", "cos", "sin")
STRIDE_PX = 16
"""Sides of an image must be multiples of this."""

GREY_MIDDLE = 128.0
CONTRAST_BLOCK_PX = 8
CONTRAST_BLOCKS = 5
"""Local mean and contrast are taken over this many blocks each way: 40 px."""
CONTRAST_FLOOR = 0.01
"""Added to the local variance of grey values in units of `GREY_MIDDLE`."""

LEARNT_MAPS = 3
"""Position, cos, sin."""
UNFOLDED = 4
"""Pixels that each place of the head unfolds."""


class Step(Enum):
    """What a row does."""

    NORMALISE = auto()
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
    Row(name="even", step=Step.NORMALISE, reads=(INPUT,)),
    _block("look", "even", 16, 1, side=7, stride=2),
    _block("half", "look", 16, 16),
    _halve("half_down", "half"),
    _block("quarter_first", "half_down", 32, 16),
    _block("quarter", "quarter_first", 32, 32),
    _halve("quarter_down", "quarter"),
    _block("eighth_first", "quarter_down", 64, 32),
    _block("eighth", "eighth_first", 64, 64),
    _halve("eighth_down", "eighth"),
    _block("sixteenth_first", "eighth_down", 96, 64),
    _block("sixteenth", "sixteenth_first", 96, 96),
    *_rise("eighth_up", "sixteenth", "eighth", 64, 96),
    *_rise("quarter_up", "eighth_up", "quarter", 32, 64),
    *_rise("half_up", "quarter_up", "half", 16, 32),
    _block("head", "half_up", 16, 16),
    _plain("answers", "head", LEARNT_MAPS * UNFOLDED, 16),
)
