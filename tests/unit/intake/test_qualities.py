from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from biocapil.attack_report import NOT_ASSESSED, AttackFinding, AttackReport
from biocapil.errors import ResolutionUnknown
from biocapil.intake import assess_images
from biocapil.quality import assess_finger
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.synthesis import make_impression, make_master
from biocapil.vocabulary import ExtractionFailure, Modality, ModelId, SubjectId

FOUND = AttackReport(finding=AttackFinding.ATTACK, score=0.9, detector=ModelId("fake@0"))


class _Suspicious:
    modalities = frozenset({Modality.FINGER})

    def assess(self, sample: CapturedSample) -> AttackReport:
        assert sample.modality is Modality.FINGER
        return FOUND


@pytest.fixture(scope="module")
def sample() -> CapturedSample:
    return make_impression(make_master(3), 4)


def entry_of(file: Path) -> SampleEntry:
    return SampleEntry(name=file.name, file=file, subject=SubjectId(file.stem))


def test_every_entry_gets_its_outcome_in_order(tmp_path: Path, sample: CapturedSample) -> None:
    files = [tmp_path / name for name in ("a.png", "broken.png", "absent.png", "b.png")]
    Image.fromarray(sample.pixels).save(files[0])
    Image.fromarray(sample.pixels[:, ::-1]).save(files[3])
    files[1].write_bytes(b"no picture")
    told: list[tuple[int, int]] = []
    found = assess_images(
        [entry_of(file) for file in files],
        resolution_ppi=500.0,
        workers=2,
        on_progress=lambda *done: told.append(done),
    )
    assert [each.entry.file for each in found] == files
    assert found[0].report == assess_finger(sample)
    assert found[3].report is not None
    for each in found[1:3]:
        assert each.report is None
        assert each.failure is not None
        assert each.failure.reason is ExtractionFailure.UNREADABLE_FILE
        assert each.failure.detail.startswith(each.entry.name)
    assert told == [(at, 4) for at in range(1, 5)]


def test_an_unknown_resolution_stops_the_run(tmp_path: Path) -> None:
    Image.fromarray(np.full((50, 50), 200, np.uint8)).save(tmp_path / "a.png")
    with pytest.raises(ResolutionUnknown):
        assess_images([entry_of(tmp_path / "a.png")], workers=1)


def test_a_detector_of_presentation_attacks_is_asked_where_one_is_given(
    tmp_path: Path, sample: CapturedSample
) -> None:
    entry = entry_of(tmp_path / "a.png")
    Image.fromarray(sample.pixels).save(entry.file)
    (without,) = assess_images([entry], resolution_ppi=500.0, workers=1)
    (asked,) = assess_images([entry], resolution_ppi=500.0, attack_detector=_Suspicious(), workers=1)
    assert without.attack is NOT_ASSESSED
    assert asked.attack is FOUND
