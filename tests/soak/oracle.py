"""Judges what readers saw by what the writer did.

The writer says of each change when it began, when it had returned, and which generation there was then. So
the content of every generation is known, and each search can be held to the generation that it saw: it
must not be older than what had returned before, nor younger than what had begun.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FAULTS = ("too_old", "too_young", "returned_though_gone", "missed", "wrong_person", "wrong_content")


@dataclass(slots=True)
class History:
    """What was there, by generation.

    Attributes:
        returned: When each change had returned, rising.
        begun: When each began.
        generations: Generation after each.
        versions: For each person, first generations and the version from each on; -1 for gone.
    """

    returned: list[float] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    generations: list[int] = field(default_factory=list)
    versions: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Iterable[dict[str, Any]]) -> History:
        """From the writer's log, whose lines stand in order."""
        history, before = cls(), 0
        for each in changes:
            for person, version in each["changes"].items():
                starts, held = history.versions.setdefault(int(person), ([], []))
                starts.append(before + 1)
                held.append(version)
            before = each["generation"]
            history.returned.append(each["returned"])
            history.begun.append(each["begun"])
            history.generations.append(before)
        return history

    def version(self, person: int, generation: int) -> int:
        """Version of a person in a generation, -1 where they are not there."""
        starts, held = self.versions.get(person, ([], []))
        place = bisect_right(starts, generation)
        return held[place - 1] if place else -1

    def people(self, generation: int) -> dict[str, int]:
        """Everybody in a generation."""
        state = {f"p{person}": self.version(person, generation) for person in self.versions}
        return {person: version for person, version in state.items() if version >= 0}

    def least_generation(self, begun: float) -> int:
        """Generation that a snapshot taken from this moment on shows at least."""
        place = bisect_left(self.returned, begun)
        return self.generations[place - 1] if place else 0

    def largest_generation(self, taken: float) -> int:
        """Generation that a snapshot taken until this moment shows at most."""
        place = bisect_right(self.begun, taken)
        return self.generations[place - 1] if place else 0


def judge(history: History, searches: Iterable[dict[str, Any]]) -> Counter[str]:
    """Count searches and faults, by kind.

    Args:
        history: What was there.
        searches: Lines of the readers' logs.
    """
    counts = Counter[str](dict.fromkeys(FAULTS, 0))
    for each in searches:
        generation, (person, version) = each["generation"], each["probe"]
        there = history.version(person, generation) == version
        name = f"p{person}"
        counts["searches"] += 1
        counts["found"] += there
        counts["too_old"] += generation < history.least_generation(each["begun"])
        counts["too_young"] += generation > history.largest_generation(each["taken"])
        counts["missed"] += there and name not in each["found"]
        counts["returned_though_gone"] += not there and name in each["found"]
        counts["wrong_person"] += bool(set(each["found"]) - {name})
        if "contents" in each:
            counts["contents"] += 1
            counts["wrong_content"] += each["contents"] != history.people(generation)
    return counts


def read_lines(logs: Sequence[Path]) -> Iterable[dict[str, Any]]:
    """Lines of some logs, one log after the other."""
    for log in logs:
        with log.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
