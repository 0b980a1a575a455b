from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from biocapil.comparison import compare
from biocapil.errors import IncompatibleTemplates
from biocapil.evaluation import labelled_scores
from biocapil.extraction import ExtractedSample
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import ModelId, SubjectId

MakeSet = Callable[..., list[ExtractedSample]]


def told_as(
    samples: Sequence[ExtractedSample], *, dataset: str = "", subject: str = "", instance: str = ""
) -> list[ExtractedSample]:
    """The samples, filed otherwise."""
    return [
        replace(
            each,
            entry=replace(
                each.entry,
                name=f"{dataset}/{subject}/{instance}/{each.entry.name}",
                dataset=dataset,
                subject=SubjectId(subject) if subject else each.entry.subject,
                instance=instance,
            ),
        )
        for each in samples
    ]


def test_every_pair_is_scored_as_two_templates_are_and_labelled(make_set: MakeSet) -> None:
    samples = make_set(3, 2)

    (found,) = labelled_scores(samples)

    assert (len(found.similarities), int(found.mated.sum()), int(found.nonmated.sum())) == (15, 3, 12)
    assert (found.first_subject == found.second_subject).tolist() == found.mated.tolist()
    assert found.model_id == "fake@0"
    templates = [each.template for each in samples]
    assert templates[0] is not None
    assert templates[1] is not None
    assert found.similarities[0] == np.float32(compare(templates[0], templates[1]))
    assert found.similarities[found.mated].min() > found.similarities[~found.mated].max()
    assert found.subjects == 3


def test_sizes_are_those_of_the_smaller_template(make_set: MakeSet) -> None:
    samples = make_set(2, 1)
    whole = samples[1].template
    assert whole is not None
    part = replace(
        whole,
        **{name: getattr(whole, name)[:12] for name in ("positions_um", "angles_rad", "kinds", "qualities")},
    )

    (found,) = labelled_scores([samples[0], replace(samples[1], template=part)])

    assert 0 < found.sizes[0] <= 12


def test_datasets_are_not_compared_with_each_other_and_keep_their_order(make_set: MakeSet) -> None:
    later, earlier = told_as(make_set(3, 2), dataset="x"), told_as(make_set(2, 2), dataset="a")

    found = labelled_scores([*later, *earlier])

    assert [(each.dataset, len(each.similarities)) for each in found] == [("x", 15), ("a", 6)]


def test_other_fingers_of_a_person_and_of_other_names_are_not_what_a_registry_meets(
    make_set: MakeSet,
) -> None:
    a, b, c, d = ([sample] for sample in make_set(4, 1))
    samples = [
        *told_as(a, subject="p", instance="thumb"),
        *told_as(b, subject="p", instance="index"),
        *told_as(c, subject="q", instance="thumb"),
        *told_as(d, subject="q", instance="index"),
    ]

    (found,) = labelled_scores(samples)

    assert len(found.similarities) == 6
    assert not found.mated.any()
    pairs = zip(found.first_instance, found.second_instance, found.nonmated, strict=True)
    assert sorted((int(one), int(other)) for one, other, counts in pairs if counts) == [(0, 0), (1, 1)]


def test_samples_without_a_template_and_lone_samples_give_no_pairs(make_set: MakeSet) -> None:
    alone = told_as(make_set(1, 1), dataset="lone")

    found = labelled_scores([*alone, *make_set(2, 2, [(0, 1)])])

    assert [(each.dataset, len(each.similarities), int(each.mated.sum())) for each in found] == [("", 3, 1)]
    assert labelled_scores(alone) == ()
    assert labelled_scores([]) == ()


def test_one_picture_under_two_persons_is_neither_mated_nor_non_mated(make_set: MakeSet) -> None:
    first, second, third = make_set(3, 1)

    (found,) = labelled_scores([first, replace(second, content_sha256=first.content_sha256), third])

    assert len(found.similarities) == 2


def test_progress_rises_over_all_datasets_to_the_total(make_set: MakeSet) -> None:
    told: list[tuple[int, int]] = []
    samples = [
        *told_as(make_set(2, 2), dataset="x"),
        *told_as(make_set(3, 1), dataset="y"),
    ]

    labelled_scores(samples, on_progress=lambda done, total: told.append((done, total)))

    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {6 + 3}
    assert told[-1] == (9, 9)


def test_the_same_samples_give_the_same_scores(make_set: MakeSet) -> None:
    one, again = (labelled_scores(make_set(3, 2))[0] for _ in range(2))

    for name in LabelledScores.__dataclass_fields__:
        assert np.array_equal(getattr(one, name), getattr(again, name)), name


def test_templates_of_two_models_are_refused(make_set: MakeSet) -> None:
    first, second = make_set(2, 1)
    assert second.template is not None
    other = replace(second, template=replace(second.template, model_id=ModelId("other@1")))

    with pytest.raises(IncompatibleTemplates, match=r"other@1"):
        labelled_scores([first, other])
