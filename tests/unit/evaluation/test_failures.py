from collections.abc import Callable
from dataclasses import replace

import pytest

from biocapil.evaluation.failures import failure_rates
from biocapil.extraction import ExtractedSample

MakeSet = Callable[..., list[ExtractedSample]]


def test_samples_and_body_parts_without_a_template_are_counted(make_set: MakeSet) -> None:
    rates = failure_rates(make_set(4, 3, failed=[(0, 0), (1, 0), (1, 1), (1, 2)]))
    assert rates.extract is not None
    assert rates.enroll is not None
    assert (rates.extract.errors, rates.extract.trials) == (4, 12)
    assert (rates.enroll.errors, rates.enroll.trials) == (1, 4)


def test_nothing_was_captured_so_nothing_is_said_of_acquiring(make_set: MakeSet) -> None:
    assert failure_rates(make_set(2, 2)).acquire is None


def test_what_the_manifest_says_of_acquiring_is_counted_and_no_failure_to_extract(
    make_set: MakeSet,
) -> None:
    samples = make_set(3, 2, failed=[(0, 0), (1, 0)])
    told = ["No", "yes", "yes", "", "1", "1"]
    samples = [
        replace(sample, entry=replace(sample.entry, attributes=(("acquired", said),)))
        for sample, said in zip(samples, told, strict=True)
    ]
    rates = failure_rates(samples)
    assert rates.acquire is not None
    assert rates.extract is not None
    assert (rates.acquire.errors, rates.acquire.trials) == (1, 5)
    assert (rates.extract.errors, rates.extract.trials) == (1, 5)


def test_failures_of_one_person_prove_less_than_those_of_many(make_set: MakeSet) -> None:
    many, few = failure_rates(make_set(30, 1)).extract, failure_rates(make_set(5, 6)).extract
    assert many is not None
    assert few is not None
    assert many.interval.high == pytest.approx(1 - 0.05 ** (1 / 30), rel=1e-6)
    assert few.interval.high > 1.5 * many.interval.high


def test_no_samples_give_no_rates() -> None:
    rates = failure_rates([])
    assert (rates.acquire, rates.extract, rates.enroll) == (None, None, None)
