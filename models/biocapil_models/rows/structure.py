"""One row a step: the vocabulary that the structures of Sidik and Pelangi are written in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

UNFOLDED = 4
"""Pixels that each place of the head unfolds: a square of two by two."""


class Step(Enum):
    """What a row does."""

    PREPARE = auto()
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


def prepare(name: str, reads: str) -> Row:
    """Grey values made ready, by the network's own rule."""
    return Row(name=name, step=Step.PREPARE, reads=(reads,))


def block(name: str, reads: str, outputs: int, inputs: int, *, side: int = 3, stride: int = 1) -> Row:
    """A convolution, normalised and rectified."""
    return Row(name=name, step=Step.CONVOLVE, reads=(reads,), shape=(outputs, inputs, side), stride=stride)


def plain(name: str, reads: str, outputs: int, inputs: int) -> Row:
    """A convolution of single places with a bias and nothing after it."""
    return Row(name=name, step=Step.CONVOLVE, reads=(reads,), shape=(outputs, inputs, 1), active=False)


def halve(name: str, reads: str) -> Row:
    """The largest of each two by two."""
    return Row(name=name, step=Step.HALVE, reads=(reads,))


def rise(level: str, below: str, beside: str, channels: int, below_channels: int) -> tuple[Row, ...]:
    """Back up one level: what lies below, doubled, added to what was seen at this size."""
    return (
        plain(f"{level}_below", below, channels, below_channels),
        plain(f"{level}_beside", beside, channels, channels),
        Row(name=f"{level}_sum", step=Step.ADD_DOUBLED, reads=(f"{level}_below", f"{level}_beside")),
        block(level, f"{level}_sum", channels, channels),
    )
