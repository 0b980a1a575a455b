"""`Explanation`: why two prints got their similarity score, in terms a person can check by eye."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedMinutiae:
    """One minutia of the probe and the minutia of the reference that it was paired with.

    Attributes:
        probe_index: Index into the probe's template.
        reference_index: Index into the reference's template.
        distance_um: Distance left between the two after alignment, micrometres.
        angle_difference_rad: Difference of direction left after alignment, 0 to π.
        weight: Contribution to the matched mass, 0 to 1.
    """

    probe_index: int
    reference_index: int
    distance_um: float
    angle_difference_rad: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTerm:
    """One number that entered the score.

    Attributes:
        name: Short name, for example ``"matched mass"``.
        value: Its value.
        meaning: One sentence for a person.
    """

    name: str
    value: float
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The alignment, the pairs and the terms behind one similarity score.

    A point of the reference (x right, y down, micrometres) lands on the probe at
    ``x' = cos·x + sin·y + tx``, ``y' = -sin·x + cos·y + ty`` with ``cos, sin`` of `rotation_rad`;
    a direction there grows by `rotation_rad`.

    Attributes:
        similarity: The score that `compare` gives for the two.
        rotation_rad: Counter-clockwise turn that brings the reference onto the probe, -π to π.
        translation_um: tx and ty, micrometres.
        pairs: Paired minutiae, heaviest first; empty where no alignment was found.
        terms: Numbers that made the score.
    """

    similarity: float
    rotation_rad: float
    translation_um: tuple[float, float]
    pairs: tuple[PairedMinutiae, ...]
    terms: tuple[ScoreTerm, ...]
