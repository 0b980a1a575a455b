import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biocapil.formats import templates_to_record, write_minutiae_record
from biocapil.formats.minutiae_record import RecordStandard
from biocapil.intake.named_files import read_named_files
from biocapil.intake.records import read_records
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, FingerPosition, ModelId, SubjectId


def template_of(points: int) -> FingerprintTemplate:
    rng = np.random.default_rng(points)
    return FingerprintTemplate(
        positions_um=rng.uniform(0, 9000, (points, 2)).astype(np.float32),
        angles_rad=rng.uniform(0, 6, points).astype(np.float32),
        kinds=np.ones(points, dtype=np.uint8),
        qualities=np.zeros(points, dtype=np.uint8),
        extent_um=(10_000.0, 10_000.0),
        model_id=ModelId("fake@0"),
        position=FingerPosition.LEFT_INDEX,
    )


def record_of(*points: int) -> bytes:
    record = templates_to_record(
        [template_of(count) for count in points], standard=RecordStandard.ISO_19794_2_2005
    )
    return write_minutiae_record(record)


@pytest.fixture
def entry_of(tmp_path: Path) -> Callable[[bytes], SampleEntry]:
    def write(data: bytes) -> SampleEntry:
        file = tmp_path / "1_1.iso"
        file.write_bytes(data)
        return SampleEntry(name=file.name, file=file, subject=SubjectId("1"))

    return write


def test_a_record_becomes_the_template_of_its_first_view(
    entry_of: Callable[[bytes], SampleEntry],
) -> None:
    data = record_of(12, 20)
    (sample,) = read_records([entry_of(data)])
    assert sample.template is not None
    assert len(sample.template) == 12
    assert sample.failure is None
    assert sample.content_sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no record at all", ExtractionFailure.UNREADABLE_FILE),
        (record_of(12)[:-5], ExtractionFailure.UNREADABLE_FILE),
        (record_of(0), ExtractionFailure.TOO_FEW_MINUTIAE),
    ],
)
def test_what_is_no_sound_record_is_a_counted_failure(
    entry_of: Callable[[bytes], SampleEntry], data: bytes, reason: ExtractionFailure
) -> None:
    (sample,) = read_records([entry_of(data)])
    assert sample.template is None
    assert sample.failure is not None
    assert sample.failure.reason is reason
    assert sample.content_sha256


def test_an_absent_file_is_a_counted_failure_without_content(tmp_path: Path) -> None:
    entry = SampleEntry(name="gone.iso", file=tmp_path / "gone.iso", subject=SubjectId("1"))
    (sample,) = read_records([entry])
    assert sample.failure is not None
    assert sample.failure.detail == "No such file or directory"
    assert not sample.content_sha256


def test_progress_counts_every_file(entry_of: Callable[[bytes], SampleEntry]) -> None:
    seen: list[tuple[int, int]] = []
    entry = entry_of(record_of(9))
    read_records([entry, entry], on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.lent
def test_third_party_records_all_become_templates_and_broken_ones_are_counted(lent_data: Path) -> None:
    folder = lent_data / "vectors" / "fmr_secugen_fvc"
    for part in sorted(folder.iterdir()):
        samples = read_records(read_named_files(part))
        failures = sum(sample.failure is not None for sample in samples)
        expected = (3, 3) if part.name == "invalid" else (80, 0)
        assert (len(samples), failures) == expected, part.name
