"""Files for the commands: minutiae records of fingers that do not exist, blank images, calibrations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from biocapil.calibration import Calibration, CalibrationTable, FittedSet, calibration_to_json
from biocapil.cli import set_options
from biocapil.comparison import COMPARATOR
from biocapil.formats import templates_to_record, write_minutiae_record
from biocapil.formats.minutiae_record import RecordStandard
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, Modality, ModelId

SIDE_UM = 15_000.0
MINUTIAE = 36
RECORDS_MODEL = f"minutiae:{RecordStandard.ISO_19794_2_2005.value}"


def impression_of(finger: int, impression: int) -> FingerprintTemplate:
    """One impression: the finger's own minutiae, moved a little."""
    source = np.random.default_rng(finger)
    points = source.uniform(1000, SIDE_UM - 1000, (MINUTIAE, 2))
    angles = source.uniform(0, 2 * np.pi, MINUTIAE)
    noise = np.random.default_rng([finger, impression])
    return FingerprintTemplate(
        positions_um=(points + noise.uniform(-80, 80, points.shape)).astype(np.float32),
        angles_rad=((angles + noise.uniform(-0.05, 0.05, MINUTIAE)) % 6.28).astype(np.float32),
        kinds=np.ones(MINUTIAE, dtype=np.uint8),
        qualities=np.full(MINUTIAE, 80, dtype=np.uint8),
        extent_um=(SIDE_UM, SIDE_UM),
        model_id=ModelId("fake@0"),
    )


@pytest.fixture
def write_records(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder of records: the name, and the finger, of each."""

    def write(files: Sequence[tuple[str, int]], *, to: str = "records") -> Path:
        folder = tmp_path / to
        folder.mkdir(parents=True)
        for impression, (name, finger) in enumerate(files):
            record = templates_to_record(
                [impression_of(finger, impression)], standard=RecordStandard.ISO_19794_2_2005
            )
            (folder / name).write_bytes(write_minutiae_record(record))
        return folder

    return write


@pytest.fixture
def write_calibration(tmp_path: Path) -> Callable[..., Path]:
    """Write a calibration: evidence is similarity less 3; no rate can be vouched for below `least_rate`."""

    def write(model: str = RECORDS_MODEL, *, comparator: str = COMPARATOR, least_rate: float = 1e-30) -> Path:
        similarities = np.arange(81, dtype=np.float64) / 2
        fmr = np.maximum(np.exp(-2 * similarities), least_rate)
        calibration = Calibration(
            calibration_id="named by its content once it is read",
            model_id=ModelId(model),
            comparator=comparator,
            modality=Modality.FINGER,
            units=(1.0, 1.0, 1.0, 1.0),
            table=CalibrationTable(
                roots=np.sqrt(similarities),
                fmr=fmr,
                fmr_low=fmr,
                fmr_high=fmr,
                fnmr=similarities / 80,
                llr=similarities - 3,
                measured_to=2.0,
            ),
            dependence=0.0,
            fitted_on=(FittedSet(dataset="made", subjects=10, mated=20, nonmated=900),),
        )
        file = tmp_path / "calibration.json"
        file.write_text(calibration_to_json(calibration), encoding="utf-8")
        return file

    return write


class PixelExtractor:
    """Takes the finger from the grey value of the image: equal images are equal fingers."""

    def __init__(self) -> None:
        self.calls = 0

    @property
    def model_id(self) -> ModelId:
        return ModelId("pixels@0")

    @property
    def modality(self) -> Modality:
        return Modality.FINGER

    def extract(self, sample: CapturedSample) -> FingerprintTemplate | FailureToExtract:
        self.calls += 1
        grey = int(sample.pixels[0, 0])
        if not grey:
            return FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="black")
        rng = np.random.default_rng(grey)
        return FingerprintTemplate(
            positions_um=rng.uniform(1000, 14_000, (36, 2)).astype(np.float32),
            angles_rad=rng.uniform(0, 6.28, 36).astype(np.float32),
            kinds=np.ones(36, dtype=np.uint8),
            qualities=np.full(36, 80, dtype=np.uint8),
            extent_um=(15_000.0, 15_000.0),
            model_id=self.model_id,
        )


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Four images, of which the first and the last show one finger, and the third is black."""
    lines = ["path,subject,instance,sample"]
    for row, grey in enumerate((50, 60, 0, 50)):
        pixels = np.full((40, 40), grey, dtype=np.uint8)
        pixels[-1, -1] = row  # no file is the copy of another
        Image.fromarray(pixels).save(tmp_path / f"{row}.png")
        lines.append(f"{row}.png,person {row},left_index,1")
    file = tmp_path / "people.csv"
    file.write_text("\n".join(lines))
    return file


@pytest.fixture
def extractor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> PixelExtractor:
    monkeypatch.setenv("BIOCAPIL_KEY_FILE", str(tmp_path / "key" / "store.key"))
    fake = PixelExtractor()
    monkeypatch.setattr(set_options, "load_extractor", lambda _name, **_options: fake)
    return fake
