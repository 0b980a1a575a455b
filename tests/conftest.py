"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def lent_data() -> Path:
    """Folder of the lent real data; the test is skipped, with this reason, where it is absent."""
    folder = Path(os.environ.get("BIOCAPIL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "manifest.csv").is_file():
        pytest.skip(f"no lent data at {folder}: set BIOCAPIL_DATA to its folder")
    return folder
