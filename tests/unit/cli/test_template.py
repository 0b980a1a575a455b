from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biocapil.cli import template as template_command
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.main import main
from biocapil.formats import (
    MAX_RECORD_BYTES,
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordedMinutiae,
    RecordHeader,
    RecordStandard,
    convert_record,
    read_minutiae_record,
    write_minutiae_record,
)
from biocapil.template import FingerprintTemplate

ISO, ANSI = RecordStandard
Captured = pytest.CaptureFixture[str]


def view_of(position: int, number: int = 0, kind: int = 1) -> FingerView:
    minutiae = RecordedMinutiae(
        kinds=np.array([kind, 2], np.uint8),
        x_px=np.array([100, 200], np.uint16),
        y_px=np.array([110, 210], np.uint16),
        angles=np.array([45, 90], np.uint8),
        qualities=np.array([0, 77], np.uint8),
        reserved=np.zeros(2, np.uint8),
    )
    blocks = (ExtendedBlock(kind=300, data=b"vendor"),)
    return FingerView(
        position=position, view_number=number, impression=0, quality=66, minutiae=minutiae, blocks=blocks
    )


def record_of(*views: FingerView) -> MinutiaeRecord:
    header = RecordHeader(
        width_px=300, height_px=400, x_ppcm=197, y_ppcm=197, device_id=5, product_owner=0x42
    )
    return MinutiaeRecord(standard=ANSI, header=header, views=views)


@pytest.fixture
def ansi_file(tmp_path: Path) -> Path:
    path = tmp_path / "two.fmr"
    path.write_bytes(write_minutiae_record(record_of(view_of(2), view_of(7))))
    return path


@pytest.fixture
def defective_file(tmp_path: Path) -> Path:
    """Minutia type 3, impression type 4, and a byte too many."""
    data = bytearray(write_minutiae_record(record_of(view_of(2))))
    data[27] = 4
    data[30] |= 0xC0
    path = tmp_path / "defective.fmr"
    path.write_bytes(bytes(data) + b"\0")
    return path


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Title and number of minutiae of every picture that was asked for."""
    seen: list[tuple[str, int]] = []

    def template_svg(template: FingerprintTemplate, *, image: object = None, title: str = "") -> str:
        assert image is None
        seen.append((title, len(template)))
        return f"<svg>{title}</svg>"

    monkeypatch.setattr(template_command, "template_svg", template_svg)
    return seen


def test_inspect_shows_people_the_header_and_every_minutia(ansi_file: Path, capsys: Captured) -> None:
    assert main(["template", "inspect", str(ansi_file)]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert not out
    for text in (
        "ANSI/INCITS 378-2004",
        "300 × 400 pixels",
        "(500 × 500 ppi)",
        "owner 0x0042, type 0x0000",
        "finger view 1: right index, number 0, live plain, quality 66, 2 minutiae",
        "extended data of type 300 (6 bytes)",
        "finger view 2: left index",
        "│ 1 │ ending      │  100 │  110 │    90.0 │       – │",
        "│ 2 │ bifurcation │  200 │  210 │   180.0 │      77 │",
    ):
        assert text in err
    assert "problems" not in err


def test_inspect_names_no_software_where_the_standard_has_no_place_for_it(
    tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "one.fmr"
    path.write_bytes(write_minutiae_record(convert_record(record_of(view_of(2)), standard=ISO)))
    assert main(["template", "inspect", str(path)]) == ExitCode.DONE
    err = capsys.readouterr().err
    assert "ISO/IEC 19794-2:2005" in err
    assert "owner" not in err


def test_inspect_gives_programs_json_lines(ansi_file: Path, capsys: Captured) -> None:
    assert main(["template", "inspect", str(ansi_file), "--json"]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert not err
    header, first, second = (json.loads(line) for line in out.splitlines())
    assert (header["type"], header["standard"], header["views"]) == ("header", "ansi-378-2004", 2)
    assert (header["width_px"], header["x_ppcm"], header["problems"]) == (300, 197, [])
    assert (first["finger"], second["finger"]) == ("right_index", "left_index")
    assert first["minutiae"][1] == {
        "kind": "bifurcation",
        "x_px": 200,
        "y_px": 210,
        "angle_deg": 180.0,
        "quality": 77,
    }
    assert first["extended_data"] == [{"type": 300, "bytes": 6}]


def test_a_defective_record_is_one_line_and_bad_data(defective_file: Path, capsys: Captured) -> None:
    assert main(["template", "inspect", str(defective_file)]) == ExitCode.DATA
    out, err = capsys.readouterr()
    assert not out
    assert len(err.splitlines()) == 1
    assert "finger view 1, impression type, byte 27: 4 is not one of 0, 1, 2, 3, 8, 9" in err
    assert f"in {defective_file}; --lenient reads as far as the record is sound" in err


def test_lenient_inspection_lists_the_problems(defective_file: Path, capsys: Captured) -> None:
    assert main(["template", "inspect", str(defective_file), "--lenient"]) == ExitCode.DONE
    err = capsys.readouterr().err
    assert "problems: 3" in err
    assert "undefined 4" in err
    assert "reserved" in err
    assert main(["template", "inspect", str(defective_file), "--lenient", "--json"]) == ExitCode.DONE
    header, view = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [problem["offset"] for problem in header["problems"]] == [27, 30, 54]
    assert header["problems"][0]["field"] == "finger view 1, impression type"
    assert (view["impression"], view["minutiae"][0]["kind"]) == ("undefined_4", "reserved")


def test_lenient_is_not_advised_where_nothing_is_sound(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "no.fmr"
    path.write_bytes(b"\x89PNG" + bytes(60))
    assert main(["template", "inspect", str(path)]) == ExitCode.DATA
    assert "--lenient" not in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--lenient"], []])
def test_a_file_longer_than_any_record_is_not_loaded(
    tmp_path: Path, capsys: Captured, arguments: list[str]
) -> None:
    path = tmp_path / "long.fmr"
    path.write_bytes(b"FMR\0 20\0" + bytes(MAX_RECORD_BYTES))
    assert main(["template", "inspect", str(path), *arguments]) == ExitCode.DATA
    assert "longer than any minutiae record" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_bad_data(tmp_path: Path, capsys: Captured) -> None:
    assert main(["template", "inspect", str(tmp_path / "absent")]) == ExitCode.DATA
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_several_views_give_numbered_pictures(
    ansi_file: Path, tmp_path: Path, drawn: list[tuple[str, int]]
) -> None:
    picture = tmp_path / "out.svg"
    assert main(["template", "inspect", str(ansi_file), "--picture", str(picture)]) == ExitCode.DONE
    assert drawn == [("two.fmr, finger view 1", 2), ("two.fmr, finger view 2", 2)]
    assert (tmp_path / "out-2.svg").read_text() == "<svg>two.fmr, finger view 2</svg>"
    assert not picture.exists()


def test_one_view_gives_the_picture_that_was_named(tmp_path: Path, drawn: list[tuple[str, int]]) -> None:
    path, picture = tmp_path / "one.fmr", tmp_path / "out.svg"
    path.write_bytes(write_minutiae_record(record_of(view_of(2))))
    assert main(["template", "inspect", str(path), "--picture", str(picture)]) == ExitCode.DONE
    assert drawn == [("one.fmr", 2)]
    assert picture.read_text() == "<svg>one.fmr</svg>"


def test_convert_writes_the_other_standard_and_says_what_was_left_out(
    ansi_file: Path, tmp_path: Path, capsys: Captured
) -> None:
    target = tmp_path / "new.fmr"
    words = ["template", "convert", str(ansi_file), str(target), "--to", "iso-19794-2-2005"]
    assert main(words) == ExitCode.DONE
    said = json.loads(capsys.readouterr().out)
    assert (said["standard"], said["views"], said["minutiae"]) == ("iso-19794-2-2005", 2, 4)
    assert (said["extended_data_left_out"], said["problems"]) == (2, 0)
    assert said["bytes"] == target.stat().st_size
    record = read_minutiae_record(target.read_bytes()).record
    assert record.standard is ISO
    assert record.views[0].minutiae.angles.tolist() == [64, 128]


def test_convert_replaces_a_file_only_when_forced(ansi_file: Path, tmp_path: Path, capsys: Captured) -> None:
    target = tmp_path / "new.fmr"
    target.write_bytes(b"old")
    words = ["template", "convert", str(ansi_file), str(target), "--to", "ansi-378-2004"]
    assert main(words) == ExitCode.USAGE
    assert "is there already; --force replaces it" in capsys.readouterr().err
    assert target.read_bytes() == b"old"
    assert main([*words, "--force"]) == ExitCode.DONE
    assert target.read_bytes() == ansi_file.read_bytes()


def test_convert_repairs_when_lenient_and_writes_nothing_unsound(
    tmp_path: Path, defective_file: Path, capsys: Captured
) -> None:
    target = tmp_path / "new.fmr"
    words = ["template", "convert", str(defective_file), str(target), "--to", "ansi-378-2004"]
    assert main(words) == ExitCode.DATA
    assert main([*words, "--lenient"]) == ExitCode.DATA
    assert "impression type" in capsys.readouterr().err
    assert not target.exists()
    data = bytearray(defective_file.read_bytes())
    data[27] = 0
    defective_file.write_bytes(bytes(data))
    assert main([*words, "--lenient"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["problems"] == 2
    assert read_minutiae_record(target.read_bytes()).record.views[0].minutiae.kinds.tolist() == [0, 2]


def test_convert_writes_one_file_a_finger_for_a_card_and_reads_it_back(
    ansi_file: Path, tmp_path: Path, capsys: Captured
) -> None:
    target = tmp_path / "card.bin"
    words = ["template", "convert", str(ansi_file), str(target), "--to", "iso-19794-2-card-compact"]
    assert main([*words, "--order", "x-descending"]) == ExitCode.DONE
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["file"] for each in said] == [str(tmp_path / "card-1.bin"), str(tmp_path / "card-2.bin")]
    assert [(each["bytes"], each["minutiae"], each["views"]) for each in said] == [(6, 2, 1)] * 2
    card = tmp_path / "card-1.bin"
    assert card.read_bytes() == bytes((102, 107, 2 << 6 | 32, 51, 56, 1 << 6 | 16))
    record = tmp_path / "back.fmr"
    back = ["template", "convert", str(card), str(record), "--from", "iso-19794-2-card-compact"]
    assert main([*back, "--to", "ansi-378-2004"]) == ExitCode.DONE
    minutiae = read_minutiae_record(record.read_bytes()).record.views[0].minutiae
    assert minutiae.x_px.tolist() == [200, 100]
    assert minutiae.angles.tolist() == [90, 45]
    assert minutiae.qualities.tolist() == [0, 0]
    assert main([*back, "--to", "ansi-378-2004", "--force", "--best-first"]) == ExitCode.DONE
    minutiae = read_minutiae_record(record.read_bytes()).record.views[0].minutiae
    assert minutiae.qualities.tolist() == [100, 1]
    assert main(words) == ExitCode.USAGE
    assert "card-1.bin is there already" in capsys.readouterr().err


def test_convert_keeps_the_best_minutiae_within_limits(
    ansi_file: Path, tmp_path: Path, capsys: Captured
) -> None:
    words = ["template", "convert", str(ansi_file)]
    short, card = tmp_path / "short.fmr", tmp_path / "card.bin"
    assert main([*words, str(short), "--to", "iso-19794-2-2005", "--max-bytes", "48"]) == ExitCode.DONE
    said = json.loads(capsys.readouterr().out)
    assert (said["bytes"], said["minutiae"], said["extended_data_left_out"]) == (48, 2, 2)
    kept = [
        view.minutiae.qualities.tolist() for view in read_minutiae_record(short.read_bytes()).record.views
    ]
    assert kept == [[77], [77]]
    normal = ["--to", "iso-19794-2-card-normal", "--minutiae", "2", "--max-bytes", "9"]
    assert main([*words, str(card), *normal]) == ExitCode.DONE
    assert (tmp_path / "card-2.bin").stat().st_size == 5


@pytest.mark.parametrize("to", ["iso-19794-2-2005", "iso-19794-2-card-compact"])
def test_convert_says_where_a_limit_holds_nothing(
    ansi_file: Path, tmp_path: Path, to: str, capsys: Captured
) -> None:
    words = ["template", "convert", str(ansi_file), str(tmp_path / "x"), "--to", to, "--max-bytes", "2"]
    assert main(words) == ExitCode.USAGE
    assert "--max-bytes" in capsys.readouterr().err


def test_unsound_card_data_and_a_finger_without_minutiae_are_bad_data(
    tmp_path: Path, capsys: Captured
) -> None:
    card, target = tmp_path / "card.bin", tmp_path / "out"
    card.write_bytes(bytes(4))
    words = ["template", "convert", str(card), str(target), "--from", "iso-19794-2-card-compact"]
    assert main([*words, "--to", "iso-19794-2-2005"]) == ExitCode.DATA
    assert f"in {card}" in capsys.readouterr().err
    nothing = RecordedMinutiae(
        **{name: np.zeros(0, np.uint8) for name in ("kinds", "angles", "qualities", "reserved")},
        **{name: np.zeros(0, np.uint16) for name in ("x_px", "y_px")},
    )
    card.write_bytes(write_minutiae_record(record_of(replace(view_of(2), minutiae=nothing))))
    words = ["template", "convert", str(card), str(target), "--to", "iso-19794-2-card-compact"]
    assert main(words) == ExitCode.DATA
    assert "finger view 1 has no minutiae" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["convert", "a", "b"], ["convert", "a", "b", "--to", "x"], ["inspect"], []]
)
def test_wrong_usage_is_told_and_counted_as_usage(words: list[str], capsys: Captured) -> None:
    assert main(["template", *words]) == ExitCode.USAGE
    assert capsys.readouterr().err
