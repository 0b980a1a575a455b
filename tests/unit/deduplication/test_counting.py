from __future__ import annotations

from collections.abc import Callable

from biocapil import SampleEntry
from biocapil.deduplication import BandCounts, DuplicateReport


def test_every_band_of_every_kind_is_counted(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [
        entry("a", "thumb", "1"),
        entry("a", "thumb", "2"),
        entry("a", "index", "1"),
        entry("b", "thumb", "1"),
        entry("c", "thumb", "1"),
    ]
    table = {(0, 1): 30.0, (0, 2): 12.0, (0, 3): 25.0, (1, 3): 15.0, (2, 4): 11.0}

    counts = search(entries, table).counts

    assert counts.mated == BandCounts(duplicate=1, review=0, unique=0)
    assert counts.same_subject == BandCounts(duplicate=0, review=1, unique=1)
    assert counts.different_subjects == BandCounts(duplicate=1, review=2, unique=4)
    assert counts.persons == BandCounts(duplicate=1, review=1, unique=1)
    assert counts.persons.total == 3
