from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.reporting.made_evaluations import evaluated, made_sample, made_set, with_fault
from tests.unit.reporting.page_checks import parsed, require_policy, require_self_contained, words

from biocapil import CapturedSample
from biocapil.calibration import FittedSet, model_calibration
from biocapil.comparison.explanation import Explanation
from biocapil.evaluation import (
    CalibrationCheck,
    EvaluationResult,
    PairedDifference,
    SuspectReason,
    SuspectSample,
    check_calibration,
)
from biocapil.extraction import ExtractedSample, ModelPapers, read_model_papers
from biocapil.reporting import Provenance, evaluation_report_html

SECTIONS = (
    "claim",
    "reading",
    "det",
    "threshold",
    "searches",
    "calibration",
    "quality",
    "groups",
    "suspects",
    "worst",
    "failures",
    "speed",
    "environment",
    "model",
    "repeat",
)
LEADER = Path(__file__).parents[3] / "models" / "biocapil_models" / "leader"
PROVENANCE = Provenance(
    command="biocapil evaluate <set>.csv",
    made_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    elapsed_s={"extraction": 2.0},
    peak_memory_mb=321.4,
    environment={"biocapil": "0.1", "python": "3"},
)


@pytest.fixture
def page(print_sample: CapturedSample, explanation: Explanation) -> Callable[..., str]:
    def make(
        samples: Sequence[ExtractedSample],
        result: EvaluationResult | None = None,
        *,
        provenance: Provenance = PROVENANCE,
        papers: ModelPapers | None = None,
        check: CalibrationCheck | None = None,
        differences: Sequence[PairedDifference] | None = None,
    ) -> str:
        return evaluation_report_html(
            result or evaluated(samples),
            samples=samples,
            images=lambda _: print_sample,
            explain=lambda _probe, _reference: explanation,
            provenance=provenance,
            papers=papers,
            check=check,
            differences=differences,
        )

    return make


def check_of(samples: Sequence[ExtractedSample], result: EvaluationResult) -> CalibrationCheck:
    """The leader's calibration, as if it spoke of the made-up model and had been fitted on a set `a`."""
    calibration = replace(
        model_calibration(LEADER),
        model_id=result.setting.model_id or "",
        fitted_on=(FittedSet(dataset="a", subjects=1, mated=0, nonmated=0),),
    )
    found = check_calibration(calibration, result.scores, samples)
    assert found is not None
    return found


def test_the_page_is_self_contained_and_its_policy_fits(page: Callable[..., str]) -> None:
    samples = with_fault(made_set(5, 3, failed=[(1, 0)]))
    result = evaluated(samples, gallery_size=20)
    html = page(samples, result, check=check_of(samples, result), papers=read_model_papers(LEADER))

    require_self_contained(html)
    require_policy(html)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[^\s<]*[\"']", html.split("<pre>")[0])


@pytest.mark.parametrize(
    "samples",
    [
        made_set(5, 3),
        made_set(4, 1),
        made_set(1, 3),
        made_set(1, 1),
        made_set(3, 2, failed=[(finger, place) for finger in range(3) for place in range(2)]),
        [],
    ],
    ids=["whole", "no mated pair", "one subject", "one sample", "all failed", "empty"],
)
def test_every_section_is_there_whatever_the_set_could_show(
    page: Callable[..., str], samples: list[ExtractedSample]
) -> None:
    html = page(samples)

    require_self_contained(html)
    require_policy(html)
    assert set(SECTIONS) <= set(parsed(html).ids)


def test_what_could_not_be_measured_is_said(page: Callable[..., str]) -> None:
    text = words(page(made_set(3, 1)))

    assert "none error rates: mated or non-mated pairs are missing" in text
    assert "a set without mated or without non-mated pairs shows no error rate" in text
    assert "it takes three body parts, and one with two samples" in text
    assert "biocapil calibrate SET --out calibration.json makes one" in text
    assert "No error rates to tell by quality." in text
    assert "Comparisons a second and core not measured" in text


def test_hostile_names_are_escaped(page: Callable[..., str]) -> None:
    html = page(with_fault(made_set(4, 2, failed=[(1, 1)])))

    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "grey &lt;all&gt; over" in html
    assert "made <set>" not in html
    assert "biocapil evaluate &lt;set&gt;.csv" in html


def test_the_head_tells_the_rates_with_their_intervals(page: Callable[..., str]) -> None:
    samples = made_set(5, 3)
    result = evaluated(samples)
    accuracy = result.accuracy
    assert accuracy is not None
    text = words(page(samples, result))

    assert f"{100 * accuracy.eer:.2f} % equal error rate" in text
    assert accuracy.claim.words in text
    assert f"at most one in {1 / accuracy.claim.rate:,.0f} comparisons" in text
    assert all(rates.fnmr.words() in text for rates in accuracy.rates)


def test_searches_tell_their_points_where_so_many_can_show_any(page: Callable[..., str]) -> None:
    few, many = made_set(4, 2), made_set(17, 3)
    result = evaluated(many)
    assert result.identification is not None
    assert result.identification.points

    assert "So few searches show no false positive identification rate" in words(page(few))
    assert result.identification.points[-1].fnir.words() in words(page(many, result))


def test_the_slider_reads_exact_rates_and_starts_at_an_operating_point(page: Callable[..., str]) -> None:
    samples = made_set(5, 3)
    result = evaluated(samples)
    html = page(samples, result)
    told = re.search(r'id="slider" min="0" max="(\d+)" value="(\d+)" data-table="([^"]+)"', html)
    assert told is not None
    table = json.loads(entities.unescape(told[3]))

    assert len(table) == int(told[1]) + 1 <= 400
    threshold, fmr, fnmr = table[int(told[2])]
    assert fmr == pytest.approx((result.scores.nonmated >= threshold).mean(), rel=1e-6)
    assert fnmr == pytest.approx((result.scores.mated < threshold).mean(), rel=1e-6)
    assert '<line x1="' in html.split('id="plot-density"')[1]


def test_every_drawing_can_be_saved(page: Callable[..., str]) -> None:
    html = page(with_fault(made_set(4, 2)))
    figures = re.findall(r'<figure class="[^"]*plot"', html)

    assert len(figures) > 10
    assert html.count('class="save-svg"') == html.count('class="save-png"') == len(figures)
    names = re.findall(r'class="save-svg" data-name="([^"]+)"', html)
    assert len(set(names)) == len(names)
    assert html.count('<span class="save" hidden>') == len(figures)


def test_axes_can_be_chosen_without_a_script(page: Callable[..., str]) -> None:
    html = page(made_set(4, 2))

    assert "body:has(#axes-log:checked) .det-normal" in html
    assert {"axes-log", "axes-normal", "plot-det_log", "plot-det_normal_deviate"} <= set(parsed(html).ids)


def test_a_suspect_is_drawn_with_the_line_that_leaves_it_out(page: Callable[..., str]) -> None:
    text = words(page(with_fault(made_set(4, 2, subject="p{}"), dataset="b")))

    assert "To leave the pairs of the two out: p0,b/again" in text
    assert SuspectReason.DUPLICATE_LEVEL.value in text


def test_a_suspect_within_a_person_is_left_out_by_its_samples(page: Callable[..., str]) -> None:
    samples = made_set(4, 2, subject="p{}")
    other = replace(
        made_sample("p0", 0, 5), entry=replace(made_sample("p0", 0, 5).entry, instance="thumb, left")
    )
    text = words(page([*samples, other]))

    assert re.search(r"To leave the pairs of the two out: p0_[01]\.png,p0_5\.png", text)


def test_a_suspected_sample_is_listed_with_its_line(page: Callable[..., str]) -> None:
    samples = made_set(4, 3, subject="p{}")
    found = SuspectSample(entry=samples[4].entry, mates=2, best_similarity=0.5, reason=SuspectReason.NO_MATE)
    text = words(page(samples, replace(evaluated(samples), suspect_samples=(found,))))

    assert "p1_1.png p1 – 2 0.50 p1_1.png," in text


def test_more_suspects_than_have_room_are_counted(page: Callable[..., str]) -> None:
    samples = with_fault(made_set(4, 2))
    result = evaluated(samples)
    many = replace(result, suspect_pairs=result.suspect_pairs[:1] * 15)

    assert "3 more stand in the JSON result" in words(page(samples, many))


def test_a_pair_without_a_template_is_named_and_not_drawn(page: Callable[..., str]) -> None:
    samples = made_set(4, 2)
    result = evaluated(samples)
    gone = [
        replace(samples[0], template=None, failure=made_sample("x", 0, 0, failed=True).failure),
        *samples[1:],
    ]

    assert "Not drawn: a template is missing." in words(page(gone, result))


def test_failures_are_listed_with_their_reasons(page: Callable[..., str]) -> None:
    text = words(page(made_set(4, 2, failed=[(1, 1), (2, 0)])))

    assert "2 × no contrast." in text
    assert "grey <all> over" in text
    assert "2 samples without a template" in text


def test_a_calibration_is_held_against_the_set_and_what_it_knew_is_told(page: Callable[..., str]) -> None:
    samples = [replace(sample, entry=replace(sample.entry, dataset="a")) for sample in made_set(5, 2)]
    result = evaluated(samples)
    check = check_of(samples, result)
    html = page(samples, result, check=check)
    text = words(html)

    assert f"Cllr {check.cllr:.3f} bits, of which {check.min_cllr:.3f} would stay" in text
    assert "No independent check: the calibration was fitted on a, which is part of this set." in text
    assert {"plot-reliability", "plot-tippett"} <= set(parsed(html).ids)
    assert all(rate.measured.words() in text for rate in check.rates)


def test_a_change_is_told_with_its_significance(page: Callable[..., str]) -> None:
    worse = PairedDifference(name="FNMR", first=0.01, second=0.05, low=0.02, high=0.06, confidence=0.95)
    samples = made_set(4, 2)
    text = words(page(samples, differences=[worse]))

    assert "FNMR 1 % 5 % +4.000 points 95 %: +2.000 to +6.000 significantly worse" in text
    assert "Against the earlier result" not in words(page(samples))


def test_card_and_licence_of_the_model_stand_in_the_page(page: Callable[..., str]) -> None:
    papers = read_model_papers(LEADER)
    text = words(page(made_set(3, 2), papers=papers))

    assert papers.manifest.title in text
    for part in (papers.card, papers.licence, papers.manifest_text):
        assert " ".join(part.split()) in text
    assert "The templates come from no model of this library: made@1" in words(page(made_set(3, 2)))


def test_a_licence_that_limits_is_said_to_do_so(page: Callable[..., str]) -> None:
    papers = read_model_papers(LEADER)
    licence = replace(papers.manifest.licence, commercial_use=False, training_data_verified=False)
    limited = replace(papers, manifest=replace(papers.manifest, licence=licence), notice="")
    html = page(made_set(3, 2), papers=limited)

    assert "(no commercial use)" in words(html)
    assert "(not verified)" in words(html)
    assert "<summary>Notice</summary>" not in html


def test_speed_memory_command_seed_and_data_are_told(page: Callable[..., str]) -> None:
    samples = made_set(4, 2)
    result = evaluated(samples, gallery_size=20, seed=7)
    text = words(page(samples, result))

    assert "median 10.0 ms" in text
    assert "Most memory held by the process 321 MB" in text
    assert "Time: extraction 2.0 s" in text
    assert f"SHA-256) {result.key.dataset_sha256} Seed 7" in text
    unknown = replace(PROVENANCE, peak_memory_mb=None, environment={})
    assert "Most memory held by the process not measured" in words(page(samples, provenance=unknown))


def test_the_same_result_gives_the_same_bytes(page: Callable[..., str]) -> None:
    first, second = (page(with_fault(made_set(5, 3, failed=[(2, 1)]))) for _ in range(2))
    later = page(
        with_fault(made_set(5, 3, failed=[(2, 1)])),
        provenance=replace(PROVENANCE, made_at=datetime(2027, 1, 1, tzinfo=UTC)),
    )

    assert first == second
    assert re.sub(r"<time>.*?</time>", "", first) == re.sub(r"<time>.*?</time>", "", later)


def test_it_says_that_nobody_looked_for_presentation_attacks(page: Callable[..., str]) -> None:
    assert "Presentation attacks not assessed" in words(page(made_set(3, 2)))
