from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.unit.deduplication.registry.made_people import SumPolicy

from biocapil.deduplication.registry import journal as journals
from biocapil.deduplication.registry.journal import (
    JOURNAL_FILE,
    MAGIC,
    Done,
    Journal,
    found_pairs,
    open_journal,
)
from biocapil.deduplication.registry.run_terms import RunTerms
from biocapil.deduplication.registry.second_look import FOUND
from biocapil.deduplication.registry.tile_scan import TileResult
from biocapil.errors import FormatError, StoreError

TERMS = RunTerms(
    gallery_id="a" * 16,
    generation=7,
    content="c" * 64,
    policy=SumPolicy().terms,
    modalities={},
    instances=("face",),
    bars={"face": 2.0},
    exact=True,
    blocks="as they are",
    since="",
)


def result(number: int, pairs: int) -> TileResult:
    found = np.array([(10 * number + each, 1 << 33, 9.5, 1) for each in range(pairs)], FOUND)
    return TileResult(number=number, compared=100 + number, looked_at=pairs + 1, found=found)


class Clock:
    """Seconds that the test says."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def begin(tmp_path: Path, clock: Clock) -> Callable[[], Journal]:
    return lambda: open_journal(tmp_path, TERMS, clock)


def pairs_in(folder: Path) -> list[int]:
    return [int(each) for found in found_pairs(folder) for each in found["first"]]


def test_a_new_journal_has_nothing_done_and_is_private(begin: Callable[[], Journal], tmp_path: Path) -> None:
    assert begin().done == Done()
    assert found_pairs(tmp_path) == []
    assert (tmp_path / JOURNAL_FILE).stat().st_mode & 0o777 == 0o600


def test_what_was_flushed_is_there_again(begin: Callable[[], Journal], tmp_path: Path) -> None:
    journal = begin()
    for number in range(3):
        journal.add(result(number, number))
    journal.flush()
    journal.add(result(3, 1))
    journal.flush()

    again = begin()

    assert again.done == Done(tiles=4, compared=100 + 101 + 102 + 103, looked_at=1 + 2 + 3 + 2)
    assert pairs_in(tmp_path) == [10, 20, 21, 30]


def test_tiles_reach_the_disk_after_some_seconds_or_many_pairs(
    begin: Callable[[], Journal], clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = begin()
    journal.add(result(0, 1))
    assert begin().done.tiles == 0
    clock.now = journals.SAFE_EVERY_S
    journal.add(result(1, 1))
    assert begin().done.tiles == 2
    monkeypatch.setattr(journals, "SAFE_PAIRS", 3)
    journal.add(result(2, 2))
    assert begin().done.tiles == 2
    journal.add(result(3, 1))
    assert begin().done.tiles == 4
    assert pairs_in(tmp_path) == [0, 10, 20, 21, 30]


def test_a_flush_without_anything_new_writes_nothing(begin: Callable[[], Journal], tmp_path: Path) -> None:
    journal = begin()
    before = (tmp_path / JOURNAL_FILE).read_bytes()
    journal.flush()
    assert (tmp_path / JOURNAL_FILE).read_bytes() == before


def test_a_torn_tail_of_any_length_is_cut_off_and_done_again(
    begin: Callable[[], Journal], tmp_path: Path
) -> None:
    journal = begin()
    journal.add(result(0, 2))
    journal.flush()
    path = tmp_path / JOURNAL_FILE
    safe = len(path.read_bytes())
    journal.add(result(1, 3))
    journal.flush()
    whole = path.read_bytes()
    for size in range(safe, len(whole)):
        path.write_bytes(whole[:size])
        torn = begin()
        assert torn.done.tiles == 1
        torn.add(result(1, 3))
        torn.flush()
        assert path.read_bytes() == whole


def test_a_changed_byte_of_a_record_loses_what_comes_after_it_and_no_more(
    begin: Callable[[], Journal], tmp_path: Path
) -> None:
    journal = begin()
    path = tmp_path / JOURNAL_FILE
    borders = [path.stat().st_size]
    for number in range(3):
        journal.add(result(number, 1))
        journal.flush()
        borders.append(path.stat().st_size)
    whole = path.read_bytes()
    for place in range(borders[0], borders[-1]):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        intact = sum(border <= place for border in borders[1:])
        assert begin().done.tiles == intact


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"gallery_id": "b" * 16}, "gallery_id"),
        ({"generation": 8}, "generation"),
        ({"content": "d" * 64}, "content"),
        ({"policy": SumPolicy(review_llr=9.0).terms}, "policy"),
        ({"bars": {"left_eye": 2.0}}, "bars"),
        ({"exact": False}, "exact"),
        ({"blocks": "other"}, "blocks"),
        ({"since": "e" * 64}, "since"),
    ],
)
def test_a_journal_of_another_run_is_refused_and_left_as_it_is(
    begin: Callable[[], Journal], tmp_path: Path, clock: Clock, changed: dict[str, object], name: str
) -> None:
    journal = begin()
    journal.add(result(0, 1))
    journal.flush()
    before = (tmp_path / JOURNAL_FILE).read_bytes()

    with pytest.raises(StoreError, match=rf"another run: {name} differ"):
        open_journal(tmp_path, replace(TERMS, **changed), clock)  # type: ignore[arg-type] # the cases say them rightly

    assert (tmp_path / JOURNAL_FILE).read_bytes() == before


def test_a_damaged_head_is_refused_wherever_the_damage_is(
    begin: Callable[[], Journal], tmp_path: Path
) -> None:
    begin()
    path = tmp_path / JOURNAL_FILE
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(FormatError, match="journal"):
            begin()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(FormatError, match="journal"):
            begin()


def test_a_file_that_is_no_journal_is_refused(begin: Callable[[], Journal], tmp_path: Path) -> None:
    (tmp_path / JOURNAL_FILE).write_bytes(b"x" * len(MAGIC) * 4)
    with pytest.raises(FormatError, match="no journal of a run"):
        begin()
