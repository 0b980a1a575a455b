from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from biocapil.errors import FormatError, ModelError, ResolutionUnknown
from biocapil.extraction import ExtractionRun, TemplateStore, batch, extract_all
from biocapil.outcomes import FailureToExtract
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, FingerPosition, Modality, ModelId, SubjectId

KEY = b"k" * 32


def read(entry: SampleEntry, data: bytes, *, resolution_ppi: float = 500.0) -> CapturedSample:
    if data.startswith(b"corrupt"):
        raise FormatError(f"{entry.name}: damaged")
    if data.startswith(b"untagged"):
        raise ResolutionUnknown(f"{entry.name}: no resolution")
    pixels = np.frombuffer(data, np.uint8)[None, :]
    return CapturedSample(pixels=pixels, resolution_ppi=resolution_ppi, position=entry.position)


class FirstBytes:
    """Extractor whose minutiae are the sample's first bytes; it counts its calls."""

    def __init__(self, *, model_id: str = "first@1", fail_on: str = "") -> None:
        self.model_id = ModelId(model_id)
        self.calls = 0
        self._fail_on = fail_on.encode()

    @property
    def modality(self) -> Modality:
        return Modality.FINGER

    def extract(self, sample: CapturedSample) -> FingerprintTemplate | FailureToExtract:
        self.calls += 1
        if self._fail_on and self._fail_on in sample.pixels.tobytes():
            raise ModelError("the model refuses it")
        if sample.pixels.std() == 0:
            return FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="flat")
        values = sample.pixels[0, :3]
        return FingerprintTemplate(
            positions_um=np.repeat(values, 2).reshape(-1, 2).astype(np.float32),
            angles_rad=(values / 100).astype(np.float32),
            kinds=np.ones(len(values), np.uint8),
            qualities=np.zeros(len(values), np.uint8),
            extent_um=(300.0, 300.0),
            model_id=self.model_id,
            position=sample.position,
        )


def entries_of(folder: Path, contents: Sequence[str]) -> list[SampleEntry]:
    entries = []
    for number, content in enumerate(contents):
        file = folder / f"{number}.img"
        file.write_text(content, encoding="utf-8")
        entries.append(SampleEntry(name=file.name, file=file, subject=SubjectId("p")))
    return entries


def summary(run: ExtractionRun) -> list[tuple[str, object, str]]:
    """Everything of a run but times and reuse."""
    return [
        (
            item.entry.name,
            item.failure if item.template is None else item.template.positions_um.tolist(),
            item.content_sha256,
        )
        for item in run.items
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TemplateStore]:
    with TemplateStore(tmp_path / "work.db", key=KEY) as opened:
        yield opened


def test_every_entry_has_one_outcome_in_the_order_of_the_manifest(tmp_path: Path) -> None:
    entries = entries_of(tmp_path, ["ABC", "corrupt", "AAA", "xyz"])
    entries.append(SampleEntry(name="gone.img", file=tmp_path / "gone.img", subject=SubjectId("p")))
    run = extract_all(entries, FirstBytes(), read=read)
    assert [item.entry for item in run.items] == entries
    reasons = [item.failure.reason if item.failure else None for item in run.items]
    unreadable = ExtractionFailure.UNREADABLE_FILE
    assert reasons == [None, unreadable, ExtractionFailure.NO_CONTRAST, None, unreadable]
    assert run.model_id == "first@1"
    assert run.templates[0].positions_um[:, 0].tolist() == [65.0, 66.0, 67.0]


def test_an_unreadable_file_says_why_once(tmp_path: Path) -> None:
    entries = entries_of(tmp_path, ["corrupt"])
    entries.append(SampleEntry(name="gone.img", file=tmp_path / "gone.img", subject=SubjectId("p")))
    damaged, gone = extract_all(entries, FirstBytes(), read=read).failures
    assert damaged.failure is not None
    assert damaged.failure.detail == "0.img: damaged"
    assert gone.failure is not None
    assert gone.failure.detail == "gone.img: cannot be opened: No such file or directory"
    assert (gone.content_sha256, gone.elapsed_ms, len(damaged.content_sha256)) == ("", 0.0, 64)


def test_a_file_without_end_is_unreadable_and_not_swallowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_FILE_BYTES", 3)
    run = extract_all(entries_of(tmp_path, ["abc", "abcd"]), FirstBytes(), read=read)
    (failed,) = run.failures
    assert failed.failure is not None
    assert failed.failure.detail == "1.img: cannot be opened: larger than 3 bytes"


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_any_number_of_workers_gives_the_same_outcomes(tmp_path: Path, workers: int) -> None:
    entries = entries_of(tmp_path, [f"{n:03}" if n % 7 else "corrupt" for n in range(40)])
    expected = summary(extract_all(entries, FirstBytes(), read=read, workers=1))
    assert summary(extract_all(entries, FirstBytes(), read=read, workers=workers)) == expected


def test_no_entries_make_an_empty_run() -> None:
    assert extract_all([], FirstBytes(), read=read).items == ()


def test_progress_is_told_after_each_entry(tmp_path: Path) -> None:
    entries = entries_of(tmp_path, ["abc", "corrupt", "xyz"])
    told: list[tuple[int, int, str]] = []
    extract_all(
        entries, FirstBytes(), read=read, workers=1, on_progress=lambda *t: told.append((*t[:2], t[2].name))
    )
    assert [(done, total) for done, total, _ in told] == [(1, 3), (2, 3), (3, 3)]
    assert sorted(name for _, _, name in told) == ["0.img", "1.img", "2.img"]


def test_the_time_is_that_of_the_extractor(tmp_path: Path) -> None:
    ticks = itertools.count(step=0.25)
    run = extract_all(
        entries_of(tmp_path, ["abc"]), FirstBytes(), read=read, workers=1, clock=lambda: next(ticks)
    )
    assert run.items[0].elapsed_ms == 250.0


def test_a_rerun_takes_everything_from_the_store_with_its_times(tmp_path: Path, store: TemplateStore) -> None:
    entries = entries_of(tmp_path, ["abc", "AAA", "xyz", "corrupt"])
    first = extract_all(entries, FirstBytes(), read=read, store=store)
    extractor = FirstBytes()
    second = extract_all(entries, extractor, read=read, store=store)
    assert (first.reused, second.reused, extractor.calls, len(store)) == (0, 3, 0, 3)
    assert summary(second) == summary(first)
    assert [item.elapsed_ms for item in second.items] == [item.elapsed_ms for item in first.items]


@pytest.mark.parametrize(
    "change",
    [
        lambda e, x: ([SampleEntry(name="0.img", file=e[1].file, subject=SubjectId("p"))], x, read),
        lambda e, _: (e[:1], FirstBytes(model_id="first@2"), read),
        lambda e, x: (e[:1], x, lambda n, d: read(n, d, resolution_ppi=1000.0)),
        lambda e, x: (
            [
                SampleEntry(
                    name="0.img",
                    file=e[0].file,
                    subject=SubjectId("p"),
                    position=FingerPosition.LEFT_RING,
                )
            ],
            x,
            read,
        ),
    ],
    ids=["image", "model", "resolution", "position"],
)
def test_a_changed_input_is_extracted_again(
    tmp_path: Path, store: TemplateStore, change: Callable[..., tuple[list[SampleEntry], FirstBytes, object]]
) -> None:
    entries = entries_of(tmp_path, ["abc", "xyz"])
    extract_all(entries[:1], FirstBytes(), read=read, store=store)
    changed, extractor, reader = change(entries, FirstBytes())
    run = extract_all(changed, extractor, read=reader, store=store)
    assert (run.reused, extractor.calls) == (0, 1)
    assert run.templates[0].model_id == extractor.model_id


def test_an_unknown_resolution_stops_the_run(tmp_path: Path) -> None:
    entries = entries_of(tmp_path, ["untagged"] + [f"{n:03}" for n in range(200)])
    extractor = FirstBytes()
    with pytest.raises(ResolutionUnknown, match=r"0\.img"):
        extract_all(entries, extractor, read=read, workers=2)
    assert extractor.calls < 200


def test_an_error_of_the_model_says_at_which_sample(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="refuses") as error:
        extract_all(entries_of(tmp_path, ["abc", "bad"]), FirstBytes(fail_on="bad"), read=read)
    assert error.value.__notes__ == ["while extracting 1.img"]


@pytest.mark.parametrize("workers", [0, -1])
def test_fewer_than_one_worker_is_a_broken_contract(workers: int) -> None:
    with pytest.raises(ValueError, match="workers must be at least 1"):
        extract_all([], FirstBytes(), read=read, workers=workers)


def test_only_a_few_entries_are_taken_ahead_of_the_work(tmp_path: Path) -> None:
    taken = itertools.count()
    high = 0

    class Watched(list[SampleEntry]):
        def __iter__(self) -> Iterator[SampleEntry]:
            nonlocal high
            for entry in list.__iter__(self):
                high = next(taken) + 1
                yield entry

    def within_bounds(done: int, _total: int, _entry: SampleEntry) -> None:
        assert high <= done + 2 * 2

    entries = Watched(entries_of(tmp_path, [f"{n:03}" for n in range(30)]))
    extract_all(entries, FirstBytes(), read=read, workers=2, on_progress=within_bounds)
    assert high == 30


def test_an_interrupt_stops_promptly_and_leaves_a_sound_store(tmp_path: Path, store: TemplateStore) -> None:
    entries = entries_of(tmp_path, [f"{n:03}" for n in range(100)])
    before = set(threading.enumerate())

    def interrupt(done: int, _total: int, _entry: SampleEntry) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_all(entries, FirstBytes(), read=read, store=store, workers=2, on_progress=interrupt)
    assert 10 <= len(store) <= 14
    assert set(threading.enumerate()) <= before
    finished = len(store)
    extractor = FirstBytes()
    run = extract_all(entries, extractor, read=read, store=store, workers=2)
    assert (run.reused, extractor.calls) == (finished, 100 - finished)


KILLED_RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_batch import KEY, FirstBytes, entries_of, read
from biocapil.extraction import TemplateStore, extract_all
folder = Path(sys.argv[2])
entries = entries_of(folder, [f"{n:04}" for n in range(400)])
with TemplateStore(folder / "work.db", key=KEY) as store:
    extract_all(entries, FirstBytes(), read=read, store=store, workers=2,
                on_progress=lambda done, total, entry: print(str(done).ljust(4096), flush=True))
"""


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_RUN, str(Path(__file__).parent), str(tmp_path)]
    # A line fills a page: the pipe soon is full, so the child waits and cannot finish before it is killed.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - our own text
        assert child.stdout is not None
        told = [line for line, _ in zip(child.stdout, range(25), strict=False)]
        os.kill(child.pid, signal.SIGKILL)
        told += child.stdout.readlines()
    assert child.returncode == -signal.SIGKILL
    finished_at_least = len(told)
    entries = entries_of(tmp_path, [f"{n:04}" for n in range(400)])[: finished_at_least + 100]
    extractor = FirstBytes()
    with TemplateStore(tmp_path / "work.db", key=KEY) as store:
        finished = len(store)
        run = extract_all(entries, extractor, read=read, store=store)
    assert 25 <= finished_at_least <= finished < 400
    assert run.reused == finished
    assert extractor.calls == len(entries) - finished
    assert summary(run) == summary(extract_all(entries, FirstBytes(), read=read))


def test_quality_is_measured_of_every_sample_that_can_be_read_also_of_remembered_ones(tmp_path: Path) -> None:
    entries = entries_of(tmp_path, ["abc", "corrupt", "zzz"])
    seen: list[CapturedSample] = []

    def assess(sample: CapturedSample) -> QualityReport:
        seen.append(sample)
        return QualityReport(score=len(seen), components=(), reasons=(), model_id=ModelId("fit@0"))

    with TemplateStore(tmp_path / "store", key=KEY) as store:
        runs = [
            extract_all(entries, FirstBytes(), read=read, assess=assess, store=store, workers=1)
            for _ in range(2)
        ]
    assert [[item.quality is None for item in run.items] for run in runs] == [[False, True, False]] * 2
    assert runs[1].reused == 2
    assert runs[0].items[2].failure is not None
    assert len(seen) == 4
    assert all(item.quality is None for item in extract_all(entries, FirstBytes(), read=read).items)
