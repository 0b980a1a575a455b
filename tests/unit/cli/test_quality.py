import json
from pathlib import Path

import pytest
from PIL import Image

from biocapil.cli.main import main
from biocapil.synthesis import make_impression, make_master

NOT_ASSESSED = {"finding": "not_assessed", "score": None, "detector": None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("prints")
    master = make_master(3)
    for number in range(2):
        pixels = make_impression(master, number, difficulty=0.1).pixels
        Image.fromarray(pixels).save(place / f"{number}.png", dpi=(500, 500))
    return place


def test_a_folder_gives_a_line_for_each_image(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", str(folder), "--ppi", "500"]) == 0
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["sample"] for line in lines] == ["0.png", "1.png"]
    assert all(0 <= line["score"] <= 100 and line["model"].startswith("finger_quality@") for line in lines)
    assert all(0 <= part["score"] <= 100 for line in lines for part in line["components"].values())
    assert all(line["presentation_attack"] == NOT_ASSESSED for line in lines)
    assert "score" in said.err
    assert "presentation attacks: not assessed 2" in said.err
    assert "0.png" in said.err


def test_json_only_leaves_the_table_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", str(folder / "0.png"), "--ppi", "500", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["sample"] == "0.png"
    assert "0.png" not in said.err


def test_the_advice_comes_in_indonesian(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (320, 384), 200).save(tmp_path / "empty.png")
    assert main(["quality", str(tmp_path / "empty.png"), "--ppi", "500", "--lang", "id"]) == 0
    (reason,) = json.loads(capsys.readouterr().out)["reasons"]
    assert reason == {"code": "no_finger", "advice": "Belum ada jari pada sensor. Silakan tempelkan jari."}


def test_a_score_that_is_too_low_is_a_no(folder: Path, tmp_path: Path) -> None:
    Image.new("L", (320, 384), 200).save(tmp_path / "empty.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    assert main(["quality", str(tmp_path / "empty.png"), "--ppi", "500", "--at-least", "1"]) == 1
    assert main(["quality", str(tmp_path / "broken.png"), "--ppi", "500", "--at-least", "0"]) == 1
    assert main(["quality", str(folder / "0.png"), "--ppi", "500", "--at-least", "0"]) == 0


def test_a_broken_file_is_told_and_the_others_are_assessed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    assert main(["quality", str(tmp_path / "broken.png"), str(folder / "1.png"), "--ppi", "500"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["score"], first["failure"]["reason"]) == (None, "unreadable_file")
    assert second["score"] is not None
    assert first["presentation_attack"] == second["presentation_attack"] == NOT_ASSESSED


def test_a_manifest_states_the_resolution(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = folder / "manifest.csv"
    manifest.write_text("path,subject,instance,sample,resolution_ppi\n0.png,7,1,1,500\n", encoding="utf-8")
    assert main(["quality", str(manifest)]) == 0
    assert json.loads(capsys.readouterr().out)["sample"] == "0.png"


def test_the_picture_is_drawn_of_one_image(folder: Path, tmp_path: Path) -> None:
    picture = tmp_path / "deep" / "map.svg"
    assert main(["quality", str(folder / "0.png"), "--ppi", "500", "--picture", str(picture)]) == 0
    assert "of 100" in picture.read_text(encoding="utf-8")
    assert main(["quality", str(folder), "--ppi", "500", "--picture", str(picture)]) == 2


def test_the_picture_can_be_pixels(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "map.PNG"
    assert main(["quality", str(folder / "0.png"), "--ppi", "500", "--picture", str(picture)]) == 0
    with Image.open(picture) as drawn:
        assert drawn.format == "PNG"
        assert len(drawn.getcolors(1 << 20) or ()) > 100
    other = tmp_path / "map.pdf"
    assert main(["quality", str(folder / "0.png"), "--ppi", "500", "--picture", str(other)]) == 2
    assert "drawn into .svg or .png files, got 'map.pdf'" in capsys.readouterr().err
