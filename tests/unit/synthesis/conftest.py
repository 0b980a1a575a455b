"""Synthetic fingers that several tests look at, made once."""

from __future__ import annotations

import pytest

from biocapil.synthesis import Impression, MasterPrint, Pattern, make_master, trace_impression


@pytest.fixture(scope="session")
def master() -> MasterPrint:
    return make_master(11, pattern=Pattern.LEFT_LOOP)


@pytest.fixture(scope="session")
def impression(master: MasterPrint) -> Impression:
    return trace_impression(master, 12)
