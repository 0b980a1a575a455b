"""`FailureToExtract` carries a coded reason and a sentence; it is no exception."""

from __future__ import annotations

from biocapil import ExtractionFailure, FailureToExtract


def test_a_failure_is_a_value_that_can_be_counted() -> None:
    failures = [
        FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="contrast 2, at least 10 is needed")
        for _ in range(3)
    ]
    assert len(set(failures)) == 1
    assert failures[0].reason.value == "no_contrast"


def test_a_failure_is_not_raised() -> None:
    assert not issubclass(FailureToExtract, BaseException)


def test_reasons_have_distinct_codes_for_reports() -> None:
    assert {reason.value for reason in ExtractionFailure} >= {
        "image_too_small",
        "image_too_large",
        "no_contrast",
        "too_few_minutiae",
        "unreadable_file",
    }
