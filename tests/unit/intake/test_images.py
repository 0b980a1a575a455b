from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from biocapil.errors import ResolutionUnknown
from biocapil.intake.images import extract_images
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, Modality, ModelId, SubjectId


class CountingExtractor:
    """Makes one minutia in the middle, and a failure of whatever is black."""

    def __init__(self) -> None:
        self.resolutions: list[float] = []

    @property
    def model_id(self) -> ModelId:
        return ModelId("counting@0")

    @property
    def modality(self) -> Modality:
        return Modality.FINGER

    def extract(self, sample: CapturedSample) -> FingerprintTemplate | FailureToExtract:
        self.resolutions.append(sample.resolution_ppi)
        if not sample.pixels.any():
            return FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="black")
        return FingerprintTemplate(
            positions_um=np.array([[5, 5]], dtype=np.float32),
            angles_rad=np.zeros(1, dtype=np.float32),
            kinds=np.ones(1, dtype=np.uint8),
            qualities=np.zeros(1, dtype=np.uint8),
            extent_um=(10.0, 10.0),
            model_id=self.model_id,
        )


@pytest.fixture
def entries(tmp_path: Path) -> tuple[SampleEntry, ...]:
    for row, grey in enumerate((0, 90, 200)):
        Image.fromarray(np.full((20, 30), grey, dtype=np.uint8)).save(tmp_path / f"{row}.png")
    (tmp_path / "3.png").write_bytes(b"no picture")
    return tuple(
        SampleEntry(name=f"{row}.png", file=tmp_path / f"{row}.png", subject=SubjectId(str(row)))
        for row in range(4)
    )


@pytest.fixture
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOCAPIL_KEY_FILE", str(tmp_path / "key" / "store.key"))


def test_every_entry_gets_its_outcome_in_order(entries: tuple[SampleEntry, ...]) -> None:
    extractor = CountingExtractor()
    samples = extract_images(entries, extractor, resolution_ppi=400.0, workers=1)
    assert [sample.entry for sample in samples] == list(entries)
    assert [sample.failure and sample.failure.reason for sample in samples] == [
        ExtractionFailure.NO_CONTRAST,
        None,
        None,
        ExtractionFailure.UNREADABLE_FILE,
    ]
    assert extractor.resolutions == [400.0] * 3


def test_images_without_a_resolution_stop_the_work(entries: tuple[SampleEntry, ...]) -> None:
    with pytest.raises(ResolutionUnknown):
        extract_images(entries, CountingExtractor(), workers=1)


@pytest.mark.usefixtures("_own_key")
def test_a_second_run_takes_finished_work_from_the_store(
    entries: tuple[SampleEntry, ...], tmp_path: Path
) -> None:
    store = tmp_path / "work.db"
    first, second = CountingExtractor(), CountingExtractor()
    extract_images(entries, first, resolution_ppi=500.0, store=store, workers=1)
    seen: list[tuple[int, int, int]] = []
    samples = extract_images(
        entries,
        second,
        resolution_ppi=500.0,
        store=store,
        on_progress=lambda done, total, reused: seen.append((done, total, reused)),
    )
    assert second.resolutions == []
    assert [sample.reused for sample in samples] == [True, True, True, False]
    assert seen[-2:] == [(4, 4, 0), (4, 4, 3)]


def test_quality_is_measured_where_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    Image.fromarray(np.full((200, 200), 200, dtype=np.uint8)).save(file)
    entry = SampleEntry(name="a.png", file=file, subject=SubjectId("a"))
    (without,) = extract_images([entry], CountingExtractor(), resolution_ppi=500.0, workers=1)
    (sample,) = extract_images(
        [entry], CountingExtractor(), resolution_ppi=500.0, with_quality=True, workers=1
    )
    assert without.quality is None
    assert sample.quality is not None
    assert sample.quality.score == 0
