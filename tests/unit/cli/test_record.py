from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from biocapil.cli import record as record_command
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.main import main
from biocapil.formats import (
    CaptureDate,
    CaptureDetails,
    EncodedImage,
    FaceImage2011,
    FaceImageRecord2011,
    ImageEncoding,
    ImageRecord,
    IrisImage2005,
    IrisImageRecord2005,
    Landmark,
    QualityBlock,
    RecordedEye2005,
    samples_to_record,
    write_image_record,
)
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FingerPosition

Captured = pytest.CaptureFixture[str]
GREY = EncodedImage(encoding=ImageEncoding.RAW, width_px=4, height_px=3, data=b"do not show!")


def file_of(record: ImageRecord, folder: Path) -> str:
    path = folder / "one.iso"
    path.write_bytes(write_image_record(record))
    return str(path)


@pytest.fixture
def finger_file(tmp_path: Path) -> str:
    samples = [
        CapturedSample(pixels=np.zeros((30, 20), np.uint8), resolution_ppi=500.0, position=position)
        for position in (FingerPosition.LEFT_INDEX, FingerPosition.LEFT_RING)
    ]
    return file_of(samples_to_record(samples), tmp_path)


def lines_of(captured: Captured) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def test_json_lines_hold_the_header_and_every_image(finger_file: str, capsys: Captured) -> None:
    assert main(["record", "inspect", finger_file, "--json", "--decode"]) == ExitCode.DONE
    header, first, second = lines_of(capsys)
    assert header == {
        "type": "header",
        "standard": "ISO/IEC 19794-4:2011",
        "modality": "finger",
        "images": 2,
        "has_certifications": False,
    }
    assert (first["type"], first["number_in_record"], second["number_in_record"]) == ("image", 1, 2)
    assert (second["position"], second["position_name"]) == (9, "left_ring")
    assert (first["impression_name"], first["scale_unit_name"]) == ("unknown", "per_inch")
    image = first["image"]
    assert isinstance(image, dict)
    assert (image["encoding"], image["width_px"], image["height_px"]) == ("png", 20, 30)
    assert image["data_bytes"] > 50


def test_people_see_tables_with_words_beside_the_codes(finger_file: str, capsys: Captured) -> None:
    assert main(["record", "inspect", finger_file]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert not out
    assert "image 2" in err
    assert "9 (left ring)" in err
    assert "image, data bytes" in err


def test_no_listing_shows_what_an_image_holds(tmp_path: Path, capsys: Captured) -> None:
    details = CaptureDetails(
        date=CaptureDate(year=2026, month=11, day=24, hour=1, minute=2, second=3),
        qualities=(QualityBlock(score=40),),
    )
    face = FaceImage2011(
        capture=details,
        landmarks=(Landmark(kind=1, code=33, x=1, y=2),),
        colour_space=200,
        image=EncodedImage(
            encoding=ImageEncoding.PNG, width_px=4, height_px=3, bit_depth=24, data=b"do not show!"
        ),
    )
    file = file_of(FaceImageRecord2011(representations=(face,)), tmp_path)
    assert main(["record", "inspect", file]) == ExitCode.DONE
    assert main(["record", "inspect", file, "--json"]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert "do not show" not in out + err
    image = json.loads(out.splitlines()[1])
    assert image["capture"]["date"] == "2026-11-24T01:02:03+00:00"
    assert image["capture"]["qualities"] == [{"score": 40, "vendor": 0, "algorithm": 0}]
    assert image["landmarks"][0]["code"] == 33
    assert image["colour_space_name"] == "undefined_200"
    assert "landmarks 1, code" in err


def test_irises_of_2005_are_listed_by_eye(tmp_path: Path, capsys: Captured) -> None:
    eye = RecordedEye2005(eye=2, images=(IrisImage2005(image=GREY),))
    file = file_of(IrisImageRecord2005(eyes=(eye,)), tmp_path)
    assert main(["record", "inspect", file, "--json"]) == ExitCode.DONE
    header, first = lines_of(capsys)
    assert header["device_name_bytes"] == 16
    assert (first["type"], first["eye_name"]) == ("eye", "left")
    assert main(["record", "inspect", file]) == ExitCode.DONE
    assert "2 (left)" in capsys.readouterr().err


def test_an_image_that_does_not_decode_is_found_when_asked(tmp_path: Path, capsys: Captured) -> None:
    face = FaceImage2011(
        image=EncodedImage(encoding=ImageEncoding.PNG, width_px=4, height_px=3, bit_depth=24, data=b"no PNG")
    )
    file = file_of(FaceImageRecord2011(representations=(face,)), tmp_path)
    assert main(["record", "inspect", file]) == ExitCode.DONE
    assert main(["record", "inspect", file, "--decode"]) == ExitCode.DATA
    err = capsys.readouterr().err
    assert "the bytes are no PNG image" in err
    assert f"in {file}" in err


def test_a_file_that_is_no_record_is_refused_in_one_line(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "no.iso"
    path.write_bytes(b"FMR\0 20\0" + bytes(40))
    assert main(["record", "inspect", str(path)]) == ExitCode.DATA
    err = capsys.readouterr().err
    assert "image record, format identifier, byte 0" in err
    assert err.count("\n") == 1


def test_a_file_that_is_too_long_is_refused(
    finger_file: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_command, "MAX_FILE_BYTES", 20)
    assert main(["record", "inspect", finger_file]) == ExitCode.DATA
    assert "is longer than the 20 bytes that are read" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path, capsys: Captured) -> None:
    assert main(["record", "inspect", str(tmp_path / "none")]) == ExitCode.DATA
    assert "No such file" in capsys.readouterr().err
