"""Fixtures that every test may ask for, and the profiles of the property tests.

HYPOTHESIS_PROFILE=soak (``make soak``) runs every property test with many times its usual examples and a new
seed each run; otherwise examples are the same in every run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

REPOSITORY = Path(__file__).resolve().parent.parent
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
SOAK_FACTOR = 20

settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile(
    "soak", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Under the soak profile, multiply the examples that each property test asks for."""
    if PROFILE == "soak":
        for item in items:
            multiply_examples(getattr(item, "obj", None))


def multiply_examples(test: object) -> None:
    """Give a property test SOAK_FACTOR times its examples; hypothesis keeps its settings on the function."""
    function = getattr(test, "__func__", test)
    if is_hypothesis_test(function) and not hasattr(function, "soaked"):
        asked: settings = function._hypothesis_internal_use_settings
        function._hypothesis_internal_use_settings = settings(
            asked, max_examples=asked.max_examples * SOAK_FACTOR, derandomize=False
        )
        function.soaked = True


@pytest.fixture(scope="session", autouse=True)
def _key_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests away from the key file of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BIOCAPIL_KEY_FILE", raising=False)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data_home")))
        yield


@pytest.fixture(scope="session")
def lent_data() -> Path:
    """Folder of the lent real data; the test is skipped, with this reason, where it is absent.

    On a build server a folder that is there but holds no manifest is a failure, not a skip.
    """
    folder = Path(os.environ.get("BIOCAPIL_DATA", REPOSITORY.parent / "shared" / "data"))
    if (folder / "manifest.csv").is_file():
        return folder
    if os.environ.get("CI") == "true" and folder.is_dir():
        pytest.fail(f"the lent data folder {folder} has no manifest.csv")
    pytest.skip(f"no lent data at {folder}: set BIOCAPIL_DATA to its folder")
