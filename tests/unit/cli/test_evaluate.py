import json
import re
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


def test_minutiae_records_are_of_fingers(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    assert main(["evaluate", str(folder), "--records", "--modality", "iris"]) == 2
    assert "minutiae records are of fingers, got --modality iris" in capsys.readouterr().err


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


def test_everything_is_written_where_it_was_asked_for(
    write_records: WriteRecords,
    write_calibration: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    page, plots = tmp_path / "out" / "page.html", tmp_path / "out" / "plots"
    arguments = ["evaluate", str(folder), "--records", "--gallery", "6", "--seed", "5", "--report", str(page)]
    assert main([*arguments, "--plots", str(plots), "--calibration", str(write_calibration())]) == 0
    captured = capsys.readouterr()
    html = page.read_text(encoding="utf-8")
    assert captured.out.count("\n") == 1
    fields = json.loads(captured.out)
    assert fields["seed"] == 5
    assert fields["calibration"]["cllr"] > 0
    assert "Cllr" in captured.err
    assert {file.name for file in plots.iterdir()} == {
        f"{name}.svg"
        for name in (
            "det_log",
            "det_normal_deviate",
            "density",
            "cmc",
            "fnir_fpir",
            "quality",
            "reliability",
            "tippett",
        )
    }
    assert page.stat().st_mode & 0o777 == 0o600
    assert fields["dataset_sha256"] in html
    assert "biocapil evaluate records --records --gallery 6 --seed 5 --report page.html" in html
    assert str(tmp_path) not in html


def test_the_same_command_gives_the_same_page_and_digits_apart_from_times(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    page = tmp_path / "page.html"
    pages: list[str] = []
    lines: list[str] = []
    for _ in range(2):
        assert main(["evaluate", str(folder), "--records", "--gallery", "0", "--report", str(page)]) == 0
        pages.append(page.read_text(encoding="utf-8"))
        lines.append(capsys.readouterr().out)
    varying = re.compile(r"<time>.*?</time>|<div class=\"wide measured\">.*?</div>", re.DOTALL)
    first, second = (varying.sub("", html) for html in pages)
    assert lines[0] == lines[1]
    assert first == second
    assert len(first) > 0.9 * len(pages[0])


def test_a_run_against_itself_is_unchanged(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    result = tmp_path / "earlier.json"
    arguments = ["evaluate", str(folder), "--records", "--gallery", "0"]
    assert main([*arguments, "--json", str(result)]) == 0
    capsys.readouterr()
    page = tmp_path / "page.html"
    assert main([*arguments, "--against", str(result), "--report", str(page)]) == 0
    captured = capsys.readouterr()
    assert {each["difference"] for each in json.loads(captured.out)["against"]} == {0.0}
    assert "unchanged" in captured.err
    assert "Against the earlier result" in page.read_text(encoding="utf-8")


def test_a_significantly_worse_result_is_a_no(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [(finger, sample) for finger in range(12) for sample in range(2)]
    folder = write_records([(f"{finger}_{sample}.iso", finger + 100 * sample) for finger, sample in names])
    result = tmp_path / "earlier.json"
    arguments = ["evaluate", str(folder), "--records", "--gallery", "0"]
    assert main([*arguments, "--json", str(result)]) == 0
    fields = json.loads(result.read_text())
    told = fields["subject_errors"]
    told["errors_at_fmr"] = {limit: [0] * 12 for limit in told["errors_at_fmr"]}
    result.write_text(json.dumps(fields))
    capsys.readouterr()
    assert main([*arguments, "--against", str(result)]) == 1
    captured = capsys.readouterr()
    assert any(each["significant"] for each in json.loads(captured.out)["against"])
    assert "significantly worse" in captured.err


def test_an_earlier_result_of_another_set_or_without_error_rates_is_refused(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, other = write_records(SIX_IMPRESSIONS), write_records(SIX_IMPRESSIONS[:4], to="other")
    single = write_records([("1_1.iso", 1), ("2_1.iso", 2)], to="single")
    result = tmp_path / "earlier.json"
    assert main(["evaluate", str(other), "--records", "--gallery", "0", "--json", str(result)]) == 0
    capsys.readouterr()
    for place, code, said in (
        (folder, 4, "another set of samples or pairs"),
        (single, 2, "must hold mated and non-mated pairs"),
    ):
        assert main(["evaluate", str(place), "--records", "--gallery", "0", "--against", str(result)]) == code
        assert said in capsys.readouterr().err


def test_what_a_file_names_is_left_out(
    write_records: WriteRecords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_finger_twice = [*SIX_IMPRESSIONS, ("9_0.iso", 0), ("9_1.iso", 0)]
    folder = write_records(one_finger_twice)
    arguments = ["evaluate", str(folder), "--records", "--dataset", "d", "--gallery", "0"]
    page = tmp_path / "page.html"
    assert main([*arguments, "--report", str(page)]) == 0
    fields = json.loads(capsys.readouterr().out)
    assert [pair["reason"] for pair in fields["suspect_pairs"]] != []
    line = re.search(r"two out: <code>([^<]+)</code>", page.read_text(encoding="utf-8"))
    assert line is not None
    excluded = tmp_path / "exclude.csv"
    excluded.write_text(f"first,second\n{line[1]}\n")
    assert main([*arguments, "--exclude", str(excluded)]) == 0
    fields = json.loads(capsys.readouterr().out)
    assert (fields["n_excluded"], fields["suspect_pairs"]) == (4, [])
    excluded.write_text("first,second\nnobody,\n")
    assert main([*arguments, "--exclude", str(excluded)]) == 4
    assert "'nobody' is neither a sample nor a subject" in capsys.readouterr().err


def test_groups_are_those_of_the_named_columns(
    write_records: WriteRecords, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_records(SIX_IMPRESSIONS)
    rows = [f"{name},{finger},,1,{finger % 2},{finger % 3}" for name, finger in SIX_IMPRESSIONS]
    manifest = folder / "m.csv"
    manifest.write_text("\n".join(["path,subject,instance,sample,sex,region", *rows]))
    arguments = ["evaluate", str(manifest), "--records", "--gallery", "0"]
    assert main([*arguments, "--group-by", "sex"]) == 0
    assert {group["grouping"] for group in json.loads(capsys.readouterr().out)["groups"]} == {"sex"}
    assert main([*arguments, "--group-by", "height"]) == 2
    assert "no column 'height' to group by; further columns: sex, region" in capsys.readouterr().err


@pytest.mark.usefixtures("extractor")
def test_a_model_that_did_not_make_the_templates_neither_calibrates_nor_signs_them(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    arguments = ["evaluate", str(manifest), "--ppi", "500", "--gallery", "0", "--report", str(page)]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["calibration"] is None
    html = page.read_text(encoding="utf-8")
    assert "The templates come from no model of this library: <code>pixels@0</code>" in html
    assert "data:image/png;base64," in html


@pytest.mark.usefixtures("extractor")
def test_a_model_whose_papers_cannot_be_read_has_none(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    arguments = ["evaluate", str(manifest), "--ppi", "500", "--gallery", "0", "--report", str(page)]
    assert main([*arguments, "--extractor", "nobody"]) == 0
    assert "come from no model" in page.read_text(encoding="utf-8")
    assert main([*arguments, "--calibration", str(tmp_path / "gone.json")]) == 4
    assert capsys.readouterr().err
