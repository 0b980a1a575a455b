import platform
from pathlib import Path

import numpy as np
import pytest

from biocapil.evaluation import setting
from biocapil.evaluation.setting import describe_setting
from biocapil.vocabulary import ModelId


def test_the_setting_names_model_versions_and_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOCAPIL_THREADS", "3")
    described = describe_setting(ModelId("leader@0123456789ab"))
    versions = {found.package: found.version for found in described.packages}
    assert described.model_id == "leader@0123456789ab"
    assert described.threads == 3
    assert described.python == platform.python_version()
    assert versions["numpy"] == np.__version__


def test_the_processor_is_named_as_the_machine_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cpu_info = tmp_path / "cpuinfo"
    cpu_info.write_text("processor : 0\nmodel name\t: Some CPU: 9\nmodel name\t: Other\n")
    monkeypatch.setattr(setting, "CPU_INFO", cpu_info)
    assert describe_setting(None).cpu == "Some CPU: 9"


def test_a_machine_that_names_no_processor_names_its_architecture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setting, "CPU_INFO", tmp_path / "absent")
    monkeypatch.setattr(platform, "processor", lambda: "")
    assert describe_setting(None).cpu == platform.machine()


def test_packages_that_are_not_installed_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting, "PACKAGES", ("numpy", "biocapil-no-such-package"))
    assert [found.package for found in describe_setting(None).packages] == ["numpy"]
