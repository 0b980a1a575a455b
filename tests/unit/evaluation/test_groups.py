from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.evaluation.groups import Grouping, group_figures, offered_groupings
from biocapil.evaluation.score_set import ScoreSet, make_score_set
from biocapil.extraction import ExtractedSample
from biocapil.vocabulary import FingerPosition

MakeSet = Callable[..., list[ExtractedSample]]


def four_samples() -> ScoreSet:
    return make_score_set(
        ["a", "a", "b", "b"],
        mated=np.array([9, 2], dtype=np.float32),
        nonmated=np.array([1, 7, 1, -np.inf], dtype=np.float32),
        mated_pairs=np.array([[0, 1], [2, 3]], dtype=np.int32),
        nonmated_pairs=np.array([[0, 2], [0, 3], [1, 2], [1, 3]], dtype=np.int32),
    )


def large_set(people: int) -> ScoreSet:
    """Two samples each; every second mated pair of the first half fails."""
    rows = np.arange(2 * people, dtype=np.int32)
    first, second = np.triu_indices(2 * people, 1)
    between = first // 2 != second // 2
    mated = np.where((np.arange(people) % 2 == 0) & (np.arange(people) < people // 2), 0, 9)
    return make_score_set(
        (rows // 2).tolist(),
        mated=mated.astype(np.float32),
        nonmated=np.where(np.arange(between.sum()) % 50 == 0, 9, 0).astype(np.float32),
        mated_pairs=rows.reshape(-1, 2),
        nonmated_pairs=np.stack([first[between], second[between]], axis=1).astype(np.int32),
    )


def test_a_pair_belongs_to_a_group_where_both_samples_do() -> None:
    grouping = Grouping(name="sex", labels=("f", "f", "f", "m"))
    f, m = group_figures(four_samples(), [grouping], threshold=5.0)
    assert (f.grouping, f.label, f.mated, f.nonmated) == ("sex", "f", 1, 2)
    assert (m.label, m.mated, m.nonmated, m.fnmr, m.fmr) == ("m", 0, 0, None, None)
    assert f.fnmr is not None
    assert f.fmr is not None
    assert (f.fnmr.errors, f.fmr.errors) == (0, 0)
    assert m.warning == "no pairs to tell FNMR by; no pairs to tell FMR by"


def test_groups_that_are_large_enough_show_how_they_differ() -> None:
    scores = large_set(80)
    labels = tuple("worse" if at < 80 else "better" for at in range(160))
    better, worse = group_figures(scores, [Grouping(name="half", labels=labels)], threshold=5.0)
    assert worse.fnmr is not None
    assert better.fnmr is not None
    assert (better.fnmr.value, worse.fnmr.value) == (0.0, 0.5)
    assert better.fnmr.interval.high < worse.fnmr.interval.low
    assert not better.too_small
    assert better.warning == ""


def test_a_group_too_small_for_the_rate_of_the_whole_set_says_so() -> None:
    scores = large_set(80)
    labels = tuple("few" if at < 6 else "many" for at in range(160))
    few, many = group_figures(scores, [Grouping(name="size", labels=labels)], threshold=5.0)
    assert few.too_small
    assert few.warning.startswith("3 pairs cannot show FNMR 25 %: 120 would give 30 errors; 12 pairs")
    assert not many.too_small


def test_samples_without_a_label_are_in_no_group() -> None:
    (only,) = group_figures(four_samples(), [Grouping(name="sex", labels=("f", "f", "", ""))], threshold=5.0)
    assert (only.label, only.mated, only.nonmated) == ("f", 1, 0)


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="'sex' must have one label per sample, got 1 for 4"):
        group_figures(four_samples(), [Grouping(name="sex", labels=("f",))], threshold=5.0)


def with_labels(samples: list[ExtractedSample]) -> list[ExtractedSample]:
    positions = (FingerPosition.LEFT_INDEX, FingerPosition.RIGHT_INDEX)
    return [
        replace(
            sample,
            entry=replace(
                sample.entry,
                position=positions[at % 2],
                attributes=(("sex", "fm"[at % 2]), ("note", ""), ("number", str(at))),
            ),
        )
        for at, sample in enumerate(samples)
    ]


def test_positions_and_columns_with_few_values_are_offered(make_set: MakeSet) -> None:
    offered = offered_groupings(with_labels(make_set(12, 2)))
    assert [grouping.name for grouping in offered] == ["finger position", "sex"]
    assert offered[0].labels[:2] == ("left_index", "right_index")
    assert offered[1].labels[:2] == ("f", "m")


@pytest.mark.parametrize(
    ("quality", "band"), [(1, "0 to 40"), (40, "40 to 60"), (79, "60 to 80"), (100, "80 to 100"), (0, "")]
)
def test_bands_of_quality_are_those_of_the_median_minutia(make_set: MakeSet, quality: int, band: str) -> None:
    first, second, third = make_set(3, 1, failed=[(2, 0)])
    assert first.template is not None
    qualities = np.full(len(first.template), quality, dtype=np.uint8)
    first = replace(first, template=replace(first.template, qualities=qualities))
    other = replace(
        second,
        template=replace(first.template, qualities=np.full(len(first.template), 50, dtype=np.uint8)),
    )
    offered = {grouping.name: grouping.labels for grouping in offered_groupings([first, other, third])}
    if band in {"", "40 to 60"}:
        assert "median minutia quality" not in offered
    else:
        assert offered["median minutia quality"] == (band, "40 to 60", "")


def test_datasets_part_a_set_and_named_columns_alone_do(make_set: MakeSet) -> None:
    samples = [
        replace(
            sample,
            entry=replace(sample.entry, dataset=str(at % 2), attributes=(("a", str(at % 3)), ("b", str(at)))),
        )
        for at, sample in enumerate(make_set(24, 1))
    ]
    assert [grouping.name for grouping in offered_groupings(samples)] == ["dataset", "a"]
    assert [grouping.name for grouping in offered_groupings(samples, columns=[])] == ["dataset"]
    with pytest.raises(ValueError, match="no column 'c' to group by; further columns: a, b"):
        offered_groupings(samples, columns=["a", "c"])
    with pytest.raises(ValueError, match="column 'b' has 24 different values, groups can be at most 20"):
        offered_groupings(samples, columns=["b"])


def test_without_further_columns_none_can_be_named(make_set: MakeSet) -> None:
    with pytest.raises(ValueError, match="further columns: none"):
        offered_groupings(make_set(2, 1), columns=["sex"])
