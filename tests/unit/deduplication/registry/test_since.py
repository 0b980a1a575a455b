"""Going on from a finished run: only what is new is compared, and the report is that of a full run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.deduplication.registry.made_galleries import (
    FINGERS,
    deduplicated,
    gallery_in,
    made_policy,
    registered,
)

from biocapil.deduplication.registry import ScanProgress
from biocapil.deduplication.registry.finished import FINDINGS_FILE, FINISHED_FILE, PEOPLE_FILE
from biocapil.errors import FormatError, StoreError
from biocapil.gallery import Gallery, writing
from biocapil.vocabulary import Instance, Modality

LEFT = Instance(modality=Modality.FINGER, position=FINGERS[1])
NAMES, SOURCES = st.integers(0, 11), st.integers(0, 5)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("update"), NAMES, SOURCES, st.integers(0, 2)),
        st.tuples(st.just("delete"), NAMES, SOURCES, st.just(0)),
        st.tuples(st.just("compact"), st.just(0), st.just(0), st.just(0)),
    ),
    max_size=9,
)


def change(gallery: Gallery, changes: Sequence[tuple[str, int, int, int]]) -> None:
    """People who come, go, and are registered anew; names and sources meet by chance."""
    for verb, name, source, again in changes:
        if verb == "update":
            gallery.update([registered(f"p{name}", source, again=again, fingers=FINGERS[: 1 + again % 2])])
        elif verb == "delete":
            gallery.delete([f"p{name}"])
        else:
            gallery.compact(segment_bytes=4000)


@settings(max_examples=12, deadline=None)
@given(CHANGES, CHANGES, CHANGES)
def test_going_on_from_a_finished_run_gives_the_report_of_a_full_run(
    first: list[Any], second: list[Any], third: list[Any]
) -> None:
    folder = Path(tempfile.mkdtemp())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "LOG_BYTES", 20_000)
        gallery = gallery_in(folder)
        change(gallery, first)
        deduplicated(gallery, folder / "since0")
        for number, changes in enumerate((second, third)):
            change(gallery, changes)
            full, everything = deduplicated(gallery, folder / f"full{number}")
            short, done = deduplicated(
                gallery, folder / f"since{number + 1}", since=folder / f"since{number}"
            )
            assert short == full
            assert done.counts == everything.counts
            assert done.compared <= everything.compared == done.comparisons
            for name in (PEOPLE_FILE, FINDINGS_FILE):
                kept = (folder / f"since{number + 1}" / name).read_bytes()
                assert kept == (folder / f"full{number}" / name).read_bytes()
    shutil.rmtree(folder)


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    """Sixty people, two of them registered twice."""
    people = [registered(f"p{number}", number) for number in range(60)]
    return gallery_in(tmp_path, [*people, registered("again1", 1, again=1), registered("again2", 2, again=1)])


def test_only_those_who_are_new_or_changed_are_compared(gallery: Gallery, tmp_path: Path) -> None:
    deduplicated(gallery, tmp_path / "before")
    gallery.add([registered("new", 5, again=1)])
    gallery.update([registered("p9", 9, again=4)])
    gallery.delete(["again2", "p3"])

    report, done = deduplicated(gallery, tmp_path / "after", since=tmp_path / "before")

    assert report == deduplicated(gallery, tmp_path / "full")[0]
    assert (done.people, done.new) == (61, 2)
    assert done.compared == 2 * (2 * 59 + 1)
    assert done.carried_over == 1
    assert done.counts.duplicate == 2


def test_nothing_new_means_nothing_to_compare(gallery: Gallery, tmp_path: Path) -> None:
    report, _ = deduplicated(gallery, tmp_path / "before")
    again, done = deduplicated(gallery, tmp_path / "after", since=tmp_path / "before")

    assert again == report
    assert (done.new, done.compared, done.carried_over) == (0, 0, 2)


def test_a_larger_registry_asks_for_more_evidence_and_goes_on(gallery: Gallery, tmp_path: Path) -> None:
    larger = made_policy(people=10**6)
    assert larger.policy.review_llr > made_policy().policy.review_llr
    deduplicated(gallery, tmp_path / "before")
    gallery.add([registered("new", 5, again=1)])

    report, _ = deduplicated(gallery, tmp_path / "after", since=tmp_path / "before", policy=larger)

    assert report == deduplicated(gallery, tmp_path / "full", policy=larger)[0]
    with pytest.raises(StoreError, match="name its --people 1000000 or more"):
        deduplicated(gallery, tmp_path / "less", since=tmp_path / "after")


def test_a_run_that_did_not_find_all_of_this_one_is_refused(gallery: Gallery, tmp_path: Path) -> None:
    deduplicated(gallery, tmp_path / "before", scanned=[LEFT], exact=False)
    with pytest.raises(StoreError, match="other exactness, scanned instances: run as it did"):
        deduplicated(gallery, tmp_path / "after", since=tmp_path / "before")
    with pytest.raises(StoreError, match="other scanned instances:"):
        deduplicated(gallery, tmp_path / "after", since=tmp_path / "before", exact=False)
    assert not (tmp_path / "after").exists()


def test_a_run_that_was_not_finished_is_refused(gallery: Gallery, tmp_path: Path) -> None:
    def interrupt(_progress: ScanProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deduplicated(gallery, tmp_path / "before", on_progress=interrupt)
    for since in (tmp_path / "before", tmp_path / "nowhere", tmp_path / "before" / "journal"):
        with pytest.raises(StoreError, match="no finished run lies in"):
            deduplicated(gallery, tmp_path / "after", since=since)


@pytest.mark.parametrize("name", [PEOPLE_FILE, FINDINGS_FILE])
def test_a_damaged_or_missing_file_is_refused(gallery: Gallery, tmp_path: Path, name: str) -> None:
    deduplicated(gallery, tmp_path / "before")
    path = tmp_path / "before" / name
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(StoreError, match=rf"{name} is not as it was written"):
        deduplicated(gallery, tmp_path / "after", since=tmp_path / "before")
    path.unlink()
    with pytest.raises(StoreError, match=rf"{name} is missing"):
        deduplicated(gallery, tmp_path / "after", since=tmp_path / "before")


@pytest.mark.parametrize(
    "text", [b"{", b"[]", b"{}", b'{"schema": "other/1", "terms": {}, "files": {}}', b"\xff"]
)
def test_a_file_that_is_no_finished_state_is_refused(gallery: Gallery, tmp_path: Path, text: bytes) -> None:
    deduplicated(gallery, tmp_path / "before")
    path = tmp_path / "before" / FINISHED_FILE
    whole = path.read_bytes()
    path.write_bytes(text)
    with pytest.raises(FormatError, match="no finished run"):
        deduplicated(gallery, tmp_path / "after", since=tmp_path / "before")
    path.write_bytes(whole.replace(b"all_against_all/1", b"all_against_all/9"))
    with pytest.raises(FormatError, match="all_against_all/9"):
        deduplicated(gallery, tmp_path / "after", since=tmp_path / "before")
