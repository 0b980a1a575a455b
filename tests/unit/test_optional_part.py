import sys

import pytest

from biocapil.errors import MissingPart
from biocapil.optional_part import load_module, load_opencv


def test_a_module_is_loaded_by_its_name() -> None:
    assert load_module("json", part="json", purpose="a test").dumps([1]) == "[1]"


def test_opencv_uses_one_thread_however_it_was_left() -> None:
    load_opencv("a test").setNumThreads(3)
    assert load_opencv("a test").getNumThreads() == 1


def test_what_is_missing_is_named_with_its_purpose_and_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingPart, match=r"a test needs opencv-python-headless: .*biocapil\[extract\]"):
        load_opencv("a test")
