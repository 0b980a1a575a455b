import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from biocapil.synthesis import SensorStyle, SlapSet, write_slaps
from biocapil.synthesis.slap import SLAP_SHAPE
from biocapil.synthesis.slap_set import SLAP_COLUMNS


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> SlapSet:
    return write_slaps(tmp_path_factory.mktemp("slaps") / "people", people=1, impressions=2,
                       missing_share=0.25)  # fmt: skip


def rows(written: SlapSet) -> list[dict[str, str]]:
    with written.truth.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_truth_names_every_picture_and_finger(written: SlapSet) -> None:
    found = rows(written)
    assert tuple(found[0]) == SLAP_COLUMNS
    files = {file.relative_to(written.folder).as_posix() for file in written.folder.rglob("*.png")}
    assert {row["path"] for row in found} == files
    assert len(files) == written.slaps == 4
    assert len(found) == written.fingers < 16


def test_boxes_are_those_of_the_pictures(written: SlapSet) -> None:
    for row in rows(written):
        pixels = np.asarray(Image.open(written.folder / row["path"]))
        assert pixels.shape == SLAP_SHAPE
        left, top, width, height = (int(row[name]) for name in SLAP_COLUMNS[6:10])
        assert (pixels[top : top + height, left : left + width] < 128).mean() > 0.1
        assert abs(float(row["rotation_deg"])) < 45
        assert row["finger"].startswith(row["hand"])


def test_slaps_are_not_replaced_unless_asked(written: SlapSet) -> None:
    with pytest.raises(FileExistsError, match="already holds"):
        write_slaps(written.folder)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"people": 0}, "a population needs people"),
        ({"impressions": 0}, "impressions must be at least 1"),
        ({"seed": -1}, "seed must not be negative"),
        ({"missing_share": 1.0}, "missing_share must lie in"),
        ({"style": SensorStyle.CAPACITIVE}, "style of a slap must be one of"),
        ({"difficulty": 1.5}, "difficulty must lie in"),
    ],
)
def test_what_no_slap_can_be_is_refused_and_nothing_left(
    tmp_path: Path, numbers: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        write_slaps(tmp_path / "people", **{"people": 1, **numbers})  # type: ignore[arg-type]  # one wrong
    assert list(tmp_path.iterdir()) == []
