import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.errors import FormatError
from biocapil.evaluation import (
    EvaluationResult,
    PairedDifference,
    compare_systems,
    compare_with_earlier,
    evaluate,
    evaluation_json,
)
from biocapil.evaluation.score_set import ScoreSet, make_score_set
from biocapil.evaluation.subject_errors import SubjectErrors
from biocapil.extraction import ExtractedSample
from biocapil.uncertainty import draw_subjects

MakeSet = Callable[..., list[ExtractedSample]]


def two_systems(people: int, gain: float, seed: int) -> tuple[ScoreSet, ScoreSet]:
    """Two systems on the same prints: what makes a print hard is common to both."""
    rng = np.random.default_rng(seed)
    whose = np.repeat(np.arange(people), 4)
    first, second = np.triu_indices(len(whose), 1)
    pairs = np.stack([first, second], axis=1).astype(np.int32)
    mated = whose[first] == whose[second]
    common = rng.normal(size=len(pairs)) + 2.0 * mated + rng.normal(size=people)[whose[first]] * mated
    systems = []
    for better in (0.0, gain):
        values = (common + 0.3 * rng.normal(size=len(pairs)) + better * mated).astype(np.float32)
        systems.append(
            make_score_set(
                whose.tolist(),
                mated=values[mated],
                nonmated=values[~mated],
                mated_pairs=pairs[mated],
                nonmated_pairs=pairs[~mated],
            )
        )
    return systems[0], systems[1]


def test_a_system_that_is_better_is_found_to_be() -> None:
    first, second = two_systems(30, 1.0, seed=1)
    bootstrap = draw_subjects(30, replicates=200, rng=np.random.default_rng(0))
    fnmr, eer = compare_systems(first, second, bootstrap, max_fmr=0.01)
    assert (fnmr.name, eer.name) == ("FNMR at FMR 0.01", "EER")
    for difference in (fnmr, eer):
        assert difference.difference < 0
        assert difference.low <= difference.difference <= difference.high
        assert difference.is_significant
    back, _ = compare_systems(second, first, bootstrap, max_fmr=0.01)
    assert back.difference == -fnmr.difference
    assert back.is_significant


def test_two_systems_that_are_alike_are_seldom_told_apart() -> None:
    bootstrap = draw_subjects(20, replicates=100, rng=np.random.default_rng(0))
    significant = 0
    for seed in range(20):
        first, second = two_systems(20, 0.0, seed=seed)
        significant += compare_systems(first, second, bootstrap, max_fmr=0.05)[0].is_significant
    assert significant <= 3


def test_a_system_compared_with_itself_differs_by_nothing() -> None:
    first, _ = two_systems(10, 0.0, seed=3)
    bootstrap = draw_subjects(10, replicates=50, rng=np.random.default_rng(0))
    for difference in compare_systems(first, first, bootstrap, max_fmr=0.01):
        assert (difference.low, difference.difference, difference.high) == (0.0, 0.0, 0.0)
        assert not difference.is_significant


def test_systems_with_other_pairs_are_not_compared() -> None:
    first, _ = two_systems(10, 0.0, seed=3)
    other, _ = two_systems(9, 0.0, seed=3)
    bootstrap = draw_subjects(10, replicates=5, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="the same pairs of the same samples"):
        compare_systems(first, other, bootstrap, max_fmr=0.01)


def worse(samples: list[ExtractedSample]) -> list[ExtractedSample]:
    """The same prints to an extractor that confuses every first sample with that of the next finger."""
    templates = [sample.template for sample in samples]
    return [
        replace(sample, template=templates[(at + 3) % len(samples)]) if at % 3 == 0 else sample
        for at, sample in enumerate(samples)
    ]


def result_of(samples: list[ExtractedSample]) -> EvaluationResult:
    return evaluate(samples, gallery_size=0, replicates=20)


def test_an_earlier_result_is_compared_person_by_person(make_set: MakeSet) -> None:
    samples = make_set(8, 3)
    before, now = result_of(worse(samples)), result_of(samples)
    found = compare_with_earlier(evaluation_json(before), now, rng=np.random.default_rng(0))
    assert [one.name for one in found] == [f"FNMR at FMR {limit}" for limit in ("0.01", "0.001", "0")]
    for one, earlier in zip(found, before.accuracy.points, strict=True):  # type: ignore[union-attr]
        assert one.first == pytest.approx(earlier.fnmr)
        assert one.second == 0.0
        assert one.is_significant
    same = compare_with_earlier(evaluation_json(now), now, rng=np.random.default_rng(0))
    assert not any(one.is_significant for one in same)


def test_another_set_is_refused(make_set: MakeSet) -> None:
    earlier = evaluation_json(result_of(make_set(4, 2)))
    now = result_of(make_set(5, 2))
    with pytest.raises(FormatError, match="of another set of samples or pairs"):
        compare_with_earlier(earlier, now, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "must be a JSON object"),
        ("{}", "must be of schema 'biocapil/evaluation/2', got None"),
    ],
)
def test_what_is_no_result_is_refused(make_set: MakeSet, text: str, said: str) -> None:
    with pytest.raises(FormatError) as caught:
        compare_with_earlier(text, result_of(make_set(3, 2)), rng=np.random.default_rng(0))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, "holds no errors of each person"),
        ({"mated": [1, 1, 1], "errors_at_fmr": {"0": [2, 0, 0]}}, "holds no errors of each person"),
        ({"mated": [1, 1, 1], "errors_at_fmr": {"0": [0, 0]}}, "holds no errors of each person"),
        ({"mated": [2, 1, 0], "errors_at_fmr": {}}, "other mated pairs of each person"),
    ],
)
def test_errors_that_cannot_be_are_refused(make_set: MakeSet, told: object, said: str) -> None:
    now = result_of(make_set(3, 2))
    fields = json.loads(evaluation_json(now)) | {"subject_errors": told}
    with pytest.raises(FormatError, match=said):
        compare_with_earlier(json.dumps(fields), now, rng=np.random.default_rng(0))


def test_a_result_without_error_rates_is_not_compared(make_set: MakeSet) -> None:
    now = result_of(make_set(3, 1))
    with pytest.raises(ValueError, match="must hold mated and non-mated pairs"):
        compare_with_earlier(evaluation_json(now), now, rng=np.random.default_rng(0))


def test_errors_of_people_are_counts_within_their_pairs() -> None:
    with pytest.raises(ValueError, match=r"errors at FMR 0\.01 must be one number per person"):
        SubjectErrors(mated=(1, 2), errors={"0.01": (0, 3)})


@pytest.mark.parametrize(
    ("first", "second", "low", "high", "verdict"),
    [
        (0.1, 0.1, 0.0, 0.0, "unchanged"),
        (0.1, 0.2, -0.1, 0.3, "may be chance"),
        (0.1, 0.3, 0.1, 0.3, "significantly worse"),
        (0.3, 0.1, -0.3, -0.1, "significantly better"),
    ],
)
def test_a_difference_has_a_verdict(
    first: float, second: float, low: float, high: float, verdict: str
) -> None:
    difference = PairedDifference(
        name="FNMR", first=first, second=second, low=low, high=high, confidence=0.95
    )
    assert difference.verdict == verdict


def test_differences_and_a_seed_stand_in_the_json_line(make_set: MakeSet) -> None:
    result = evaluate(make_set(6, 2), gallery_size=0, replicates=20, seed=3)
    found = compare_with_earlier(evaluation_json(result), result, rng=np.random.default_rng(0))
    fields = json.loads(evaluation_json(result, differences=found))
    assert json.loads(evaluation_json(result))["against"] is None
    assert fields["seed"] == 3
    assert [each["name"] for each in fields["against"]] == [each.name for each in found]
    assert {each["significant"] for each in fields["against"]} == {False}
