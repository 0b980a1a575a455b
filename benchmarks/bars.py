"""`Bar`: one measured ratio beside what it has to reach; all together are the table of `make bench`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of the table.

    Attributes:
        what: What was done, in a few words.
        peer: What it is compared with.
        ratio: How many times the peer's rate, or the share of what is possible.
        floor: Least ratio.
        stretch: Ratio that is aimed at; None where none is.
        rate: Work done a second.
        unit: What a rate of 1 would be called, for example ``pairs/s``.
        limit_share: Share of the machine's own limit, measured in the same run; None where it was not.
        beside: What else has to be known: recall with its interval, data, threads; may be empty.
    """

    what: str
    peer: str
    ratio: float
    floor: float
    stretch: float | None = None
    rate: float | None = None
    unit: str = ""
    limit_share: float | None = None
    beside: str = ""

    @property
    def held(self) -> bool:
        """Whether the floor is reached, at the two decimals that are shown."""
        return round(self.ratio, 2) >= self.floor


def rate_words(rate: float | None, unit: str) -> str:
    """A rate for people: ``17.3 M codes/s``."""
    if rate is None:
        return ""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if rate >= size:
            return f"{rate / size:.3g} {letter} {unit}"
    return f"{rate:.3g} {unit}"


def ratio_words(ratio: float) -> str:
    """A ratio for people: ``3.56×``, ``3,465×``."""
    return f"{ratio:,.0f}×" if ratio >= 100 else f"{ratio:.3g}×"
