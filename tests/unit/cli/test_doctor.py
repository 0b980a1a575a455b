from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
import typer
from rich.console import Console

from biocapil.cli import doctor as command
from biocapil.cli.diagnosis import Diagnosis, diagnose
from biocapil.cli.doctor import doctor, show
from biocapil.cli.main import main


@pytest.fixture(scope="module")
def healthy() -> Diagnosis:
    found = diagnose()
    assert found.missing == ()
    return found


def _shown(diagnosis: Diagnosis, *, terminal: bool = False) -> str:
    stream = io.StringIO()
    show(diagnosis, console=Console(file=stream, width=200, force_terminal=terminal))
    return stream.getvalue()


def test_json_is_one_line_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.count("\n") == 1
    assert json.loads(shown.out)["ready"] is True


def test_the_table_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Ready: biocapil dedup run" in shown.err


@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_missing_ends_with_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, healthy: Diagnosis, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    ill = replace(healthy, missing=("the key is open to others",))
    monkeypatch.setattr(command, "diagnose", lambda: ill)
    with pytest.raises(typer.Exit) as caught:
        doctor(as_json=as_json)
    assert caught.value.exit_code == 1
    shown = capsys.readouterr()
    assert "the key is open to others" in (shown.out if as_json else shown.err)


def test_a_terminal_keeps_its_own_width(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Console(file=io.StringIO(), width=77, force_terminal=True)
    monkeypatch.setattr(command, "people_console", lambda: terminal)
    assert command._console().width == 77
    pipe = Console(file=io.StringIO(), width=77)
    monkeypatch.setattr(command, "people_console", lambda: pipe)
    assert command._console().width == command.WIDTH


def test_the_model_is_shown_with_checksum_licence_and_training_data(healthy: Diagnosis) -> None:
    text = " ".join(_shown(healthy).split())
    assert "checksum right, MIT, commercial use allowed. Training data: Not documented" in text


def test_the_calibration_of_the_model_is_shown(healthy: Diagnosis) -> None:
    assert f"scores of leader ok {healthy.calibrations[0].calibration_id}" in " ".join(
        _shown(healthy).split()
    )


def test_a_broken_model_is_shown_with_its_problem(healthy: Diagnosis) -> None:
    model = next(model for model in healthy.models if model.name == "leader")
    assert model.manifest is not None
    closed = replace(model.manifest, licence=replace(model.manifest.licence, commercial_use=False))
    models = (
        replace(model, name="gone", manifest=None, problem="cannot be imported"),
        replace(model, name="changed", manifest=closed, problem="expected sha256 [1], found [2]"),
    )
    text = " ".join(_shown(replace(healthy, models=models)).split())
    assert "model gone no cannot be imported" in text
    assert "model changed no" in text
    assert "expected sha256 [1], found [2], MIT, no commercial use" in text


def test_missing_parts_are_shown_with_the_line_that_brings_them(healthy: Diagnosis) -> None:
    parts = tuple(
        replace(part, version=None) if part.package in {"jinja2", "pillow"} else part
        for part in healthy.parts
    )
    text = " ".join(_shown(replace(healthy, parts=parts)).split())
    assert "jinja2 -- not installed (HTML reports): pip install 'biocapil[report]'" in text
    assert "pillow no not installed (image files): pip install 'biocapil[extract]'" in text


def test_threads_are_shown_with_what_sets_them(healthy: Diagnosis) -> None:
    limited = replace(healthy.threads, budget=2, affinity=8, quota=2, environment="2", problem="")
    assert "2, from 8 CPUs and a quota of 2, BIOCAPIL_THREADS=2" in _shown(replace(healthy, threads=limited))
    free = replace(limited, quota=None, environment="")
    text = _shown(replace(healthy, threads=free))
    assert "from 8 CPUs and no quota" in text
    assert "BIOCAPIL_THREADS" not in text
    wrong = replace(limited, problem="must be a whole number")
    assert "must be a whole number" in _shown(replace(healthy, threads=wrong))


def test_a_cpu_without_known_features_is_only_named(healthy: Diagnosis) -> None:
    unknown = replace(healthy.cpu, name="Strange", features={})
    text = _shown(replace(healthy, cpu=unknown))
    assert "Strange" in text
    assert "without" not in text
    some = replace(healthy.cpu, features={"avx2": True, "avx512f": False})
    assert "with avx2, without avx512f" in _shown(replace(healthy, cpu=some))


def test_a_cache_that_cannot_be_written_is_told_but_stops_nothing(healthy: Diagnosis) -> None:
    cache = replace(healthy.kernel_cache, state="not writable", problem="set NUMBA_CACHE_DIR")
    text = _shown(replace(healthy, kernel_cache=cache))
    assert "not writable: set NUMBA_CACHE_DIR" in text
    assert "Ready" in text


def test_a_terminal_sees_colours(healthy: Diagnosis) -> None:
    assert "\x1b[32m" in _shown(healthy, terminal=True)
