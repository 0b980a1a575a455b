"""The judge of the soak test finds each kind of fault."""

from __future__ import annotations

from typing import Any

import pytest
from tests.soak.oracle import FAULTS, History, judge

CHANGES: list[dict[str, Any]] = [
    {"begun": 1.0, "returned": 2.0, "generation": 1, "changes": {"1": 0, "2": 2}},
    {"begun": 3.0, "returned": 4.0, "generation": 3, "changes": {"1": 1}},
    {"begun": 5.0, "returned": 6.0, "generation": 4, "changes": {"2": -1}},
    {"begun": 7.0, "returned": 8.0, "generation": 5, "changes": {}},
]
HISTORY = History.of(CHANGES)


def search(generation: int, probe: list[int], found: list[str], **other: Any) -> dict[str, Any]:
    """A search just after the change that made its generation."""
    moment = {0: 0.5, 1: 2.5, 2: 4.5, 3: 4.5, 4: 6.5, 5: 8.5}[generation]
    return {
        "begun": moment,
        "taken": moment,
        "generation": generation,
        "probe": probe,
        "found": found,
    } | other


def faults(*searches: dict[str, Any]) -> dict[str, int]:
    counts = judge(HISTORY, searches)
    return {name: counts[name] for name in FAULTS if counts[name]}


def test_history_tells_who_was_there() -> None:
    assert HISTORY.people(0) == {}
    assert HISTORY.people(1) == {"p1": 0, "p2": 2}
    assert HISTORY.people(2) == HISTORY.people(3) == {"p1": 1, "p2": 2}
    assert HISTORY.people(4) == HISTORY.people(5) == {"p1": 1}
    assert HISTORY.version(7, 5) == -1


def test_right_answers_are_no_faults() -> None:
    right = [
        search(0, [1, 0], []),
        search(1, [1, 0], ["p1"], contents={"p1": 0, "p2": 2}),
        search(3, [1, 0], []),
        search(4, [2, 2], []),
        search(5, [1, 1], ["p1"]),
        {**search(1, [2, 2], ["p2"]), "begun": 1.5, "taken": 3.5},
    ]

    assert faults(*right) == {}
    assert judge(HISTORY, right)["found"] == 3


def test_what_had_begun_may_be_seen_and_what_had_not_returned_need_not() -> None:
    assert faults({**search(4, [2, 2], []), "begun": 5.5, "taken": 5.6}) == {}
    assert faults({**search(3, [2, 2], ["p2"]), "begun": 5.5, "taken": 5.6}) == {}


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({**search(3, [2, 2], ["p2"]), "begun": 6.5, "taken": 6.6}, "too_old"),
        ({**search(4, [2, 2], []), "begun": 4.5, "taken": 4.6}, "too_young"),
        (search(4, [2, 2], ["p2"]), "returned_though_gone"),
        (search(3, [1, 0], ["p1"]), "returned_though_gone"),
        (search(1, [1, 0], []), "missed"),
        (search(1, [1, 0], ["p1", "p2"]), "wrong_person"),
        (search(1, [1, 0], ["p1"], contents={"p1": 0}), "wrong_content"),
        (search(1, [1, 0], ["p1"], contents={"p1": 0, "p2": -1}), "wrong_content"),
    ],
)
def test_each_fault_is_counted(wrong: dict[str, Any], fault: str) -> None:
    assert faults(wrong) == {fault: 1}
