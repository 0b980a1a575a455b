"""Where the finger's middle lies: on synthetic prints, whose place is known."""

import numpy as np
import pytest

from biocapil.quality import measure_finger
from biocapil.quality.finger.fields import shipped_fields
from biocapil.quality.finger.foreground import find_foreground
from biocapil.quality.finger.picture import working_picture
from biocapil.quality.finger.placing import mirrored, place_features, placing_measures
from biocapil.sample import CapturedSample
from biocapil.synthesis import Degradation, MasterPrint, SensorStyle, make_impression, make_master


@pytest.fixture(scope="module")
def master() -> MasterPrint:
    return make_master((46, 1))


def touched(master: MasterPrint, seed: int, *, off_centre: float) -> CapturedSample:
    return make_impression(
        master, (46, 2, seed), style=SensorStyle.OPTICAL_WHITE, difficulty=0.1,
        degradations={Degradation.OFF_CENTRE: off_centre},
    )  # fmt: skip


def test_a_finger_beside_the_middle_is_seen_there(master: MasterPrint) -> None:
    offsets = [
        [
            measure_finger(touched(master, seed, off_centre=severity)).measures["place_offset"]
            for seed in range(3)
        ]
        for severity in (0.0, 0.9)
    ]
    assert max(offsets[0]) < 0.15
    assert min(offsets[1]) > 0.2


def test_a_mirror_changes_sides_and_nothing_else(master: MasterPrint) -> None:
    sample = touched(master, 1, off_centre=0.8)
    turned = CapturedSample(pixels=sample.pixels[:, ::-1], resolution_ppi=500)
    features = []
    found = []
    for each in (sample, turned):
        picture = working_picture(each)
        foreground = find_foreground(picture)
        features.append(place_features(picture, foreground))
        found.append(placing_measures(picture, foreground, shipped_fields()))
    assert np.array_equal(mirrored(mirrored(features[0])), features[0])
    assert np.abs(mirrored(features[0]) - features[1]).max() < 0.15
    assert found[0] == pytest.approx(found[1], abs=0.03)


def test_without_a_print_there_is_no_place() -> None:
    picture = working_picture(CapturedSample(pixels=np.full((200, 200), 200, np.uint8), resolution_ppi=500))
    found = placing_measures(picture, np.zeros((25, 25), np.bool_), shipped_fields())
    assert set(found.values()) == {0.0}
