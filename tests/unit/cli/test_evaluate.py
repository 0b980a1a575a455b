import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from biocapil.cli.main import main

WriteRecords = Callable[[Sequence[tuple[str, int]]], Path]
SIX_IMPRESSIONS = [(f"{finger}_{sample}.iso", finger) for finger in range(3) for sample in range(2)]


def test_records_of_a_folder_are_evaluated(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    result, curve = tmp_path / "out" / "result.json", tmp_path / "out" / "det.svg"
    arguments = ["evaluate", str(folder), "--records", "--dataset", "tiny", "--gallery", "6"]
    assert main([*arguments, "--json", str(result), "--det", str(curve)]) == 0
    captured = capsys.readouterr()
    fields = json.loads(captured.out)
    assert captured.out.count("\n") == 1
    assert json.loads(result.read_text()) == fields
    assert fields["dataset"] == "tiny"
    assert (fields["n_mated"], fields["n_nonmated"]) == (3, 12)
    assert fields["eer"] == 0.0
    assert fields["comparisons_per_s_per_core"] > 0
    assert fields["extract_ms"] is None
    assert "EER" in captured.err
    assert "0.00%" in captured.err
    assert curve.read_text().startswith("<svg")


def test_a_set_without_mated_pairs_says_so(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records([("1_1.iso", 1), ("2_1.iso", 2)])
    (folder / "3_1.iso").write_bytes(b"no record")
    curve = tmp_path / "det.svg"
    assert main(["evaluate", str(folder), "--records", "--gallery", "0", "--det", str(curve)]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["eer"] is None
    assert "none: mated or non-mated pairs missing" in captured.err
    assert "unreadable_file 1" in captured.err
    assert curve.is_file()


def test_the_fvc_protocol_can_be_asked_for(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    assert main(["evaluate", str(folder), "--records", "--protocol", "fvc", "--gallery", "0"]) == 0
    fields = json.loads(capsys.readouterr().out)
    assert (fields["protocol"], fields["n_mated"], fields["n_nonmated"]) == ("fvc", 3, 3)


def test_only_fingers_can_be_evaluated(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    assert main(["evaluate", str(folder), "--records", "--modality", "iris"]) == 2
    assert "only finger samples" in capsys.readouterr().err


def test_an_absent_manifest_is_a_matter_of_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path / "absent.csv")]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_an_unknown_extractor_is_named(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    arguments = ["evaluate", str(folder), "--name-pattern", "subject_sample"]
    assert main([*arguments, "--extractor", "nobody", "--ppi", "500"]) == 4
    assert "nobody" in capsys.readouterr().err


@pytest.mark.usefixtures("extractor")
def test_images_are_extracted_and_timed(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(manifest), "--ppi", "500", "--gallery", "3"]) == 0
    captured = capsys.readouterr()
    fields = json.loads(captured.out)
    assert fields["extract_ms"]["median"] > 0
    assert fields["failures_to_extract"]["by_reason"] == {"no_contrast": 1}
    assert fields["model_id"] == "pixels@0"
    assert "extraction" in captured.err


def test_a_set_of_which_nothing_can_be_read_has_counts_only(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records([])
    for name in ("1_1.iso", "1_2.iso", "2_1.iso"):
        (folder / name).write_bytes(b"no record")
    assert main(["evaluate", str(folder), "--records"]) == 0
    captured = capsys.readouterr()
    fields = json.loads(captured.out)
    assert (fields["eer"], fields["template_bytes"]) == (1.0, None)
    assert fields["comparisons_per_s_per_core"] is None
    assert "bytes" not in captured.err


def test_without_a_name_the_result_names_the_sets_of_the_manifest(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    rows = [f"{name},{finger},,1,{'b' if finger else 'a'}" for name, finger in SIX_IMPRESSIONS]
    manifest = folder / "m.csv"
    manifest.write_text("\n".join(["path,subject,instance,sample,dataset", *rows]))
    assert main(["evaluate", str(manifest), "--records", "--gallery", "0"]) == 0
    assert json.loads(capsys.readouterr().out)["dataset"] == "a, b"


def test_an_extractor_of_ones_own_is_a_path(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    arguments = ["evaluate", str(folder), "--name-pattern", "subject_sample", "--ppi", "500"]
    assert main([*arguments, "--extractor", str(tmp_path / "own")]) == 4
    assert "manifest.toml" in capsys.readouterr().err
