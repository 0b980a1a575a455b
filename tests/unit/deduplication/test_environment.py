from __future__ import annotations

import platform

from biocapil.deduplication import environment
from biocapil.deduplication.environment import ABSENT, _version


def test_it_names_what_computed_the_result() -> None:
    found = environment()

    assert found["python"] == platform.python_version()
    assert found["numpy"].split(".")[0] >= "2"
    assert int(found["threads"]) >= 1


def test_it_never_names_the_host() -> None:
    assert platform.node() not in " ".join(environment().values())


def test_a_part_that_is_not_there_is_said_to_be_absent() -> None:
    assert _version("no-such-package-anywhere") == ABSENT
