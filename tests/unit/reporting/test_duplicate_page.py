from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.unit.reporting.page_checks import parsed, require_policy, require_self_contained, words

from biocapil import CapturedSample, FingerprintTemplate, InstanceEvidence, MissingPart
from biocapil.comparison.explanation import Explanation
from biocapil.deduplication import DuplicateReport
from biocapil.reporting import duplicate_report_html


@pytest.fixture
def page(
    report: DuplicateReport,
    template: FingerprintTemplate,
    explanation: Explanation,
    print_sample: CapturedSample,
) -> Callable[..., str]:
    def make(shown: DuplicateReport = report, *, max_drawn: int = 200) -> str:
        return duplicate_report_html(
            shown,
            images=lambda _: print_sample,
            templates=lambda _: template,
            explain=lambda _probe, _reference: explanation,
            elapsed_s={"extraction": 2.0, "comparison": 0.5},
            environment={"biocapil": "0.1", "python": "3"},
            made_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
            title="Set <one>",
            max_drawn=max_drawn,
        )

    return make


def test_the_page_is_balanced_and_refers_to_nothing_outside(page: Callable[..., str]) -> None:
    require_self_contained(page())


def test_the_policy_allows_exactly_the_style_and_script_of_the_page(page: Callable[..., str]) -> None:
    require_policy(page())


def test_what_the_manifest_says_is_escaped(page: Callable[..., str]) -> None:
    html = page()

    assert "a<1>" not in html
    assert "a&lt;1&gt;" in html
    assert "made&lt;1&gt;@0123" in html


def test_it_warns_of_biometric_data_before_anything_else(page: Callable[..., str]) -> None:
    text = words(page())

    assert text.index("contains biometric data") < text.index("registered more than once")


def test_the_summary_counts(page: Callable[..., str]) -> None:
    text = words(page())

    assert "1 person registered more than once (3 claimed identities)" in text
    assert "1 pair of identities to review" in text
    assert "1 finger filed under two names" in text
    assert "2 samples without a template" in text
    assert "Comparisons 21" in text
    assert "Time 2.5 s" in text


def test_the_target_the_thresholds_and_what_they_rest_on_are_told(
    page: Callable[..., str], report: DuplicateReport
) -> None:
    text = words(page())

    assert "Target: FPIR ≤ 0.1 % against N = 1,000 people with 2 instances" in text
    assert "at most 5 % may have to be looked at" in text
    assert "evidence of at least 19.25 are duplicate ; from 9.50 on a person has to look review" in text
    assert "threshold lies beyond what was counted" in text
    assert f"Policy {report.policy.policy_id}, calibration made<1>@0123" in text
    assert "A dashed line stands where two prints of full size reach a threshold by themselves." in text
    assert "cannot be kept" not in text


def test_a_threshold_within_what_was_counted_is_not_called_extrapolated(
    page: Callable[..., str], report: DuplicateReport
) -> None:
    counted = replace(report, policy=replace(report.policy, duplicate_llr=15.0))

    assert "beyond what was counted" not in words(page(counted))


def test_a_target_that_cannot_be_kept_is_said_to_be_so_and_no_threshold_is_named_for_it(
    page: Callable[..., str], report: DuplicateReport
) -> None:
    policy = replace(report.policy, duplicate_llr=math.inf, shortfall="ten <instances> would")
    told = replace(report.modalities[0], alone=(10.0, math.inf))
    short = replace(report, policy=policy, modalities=(told,), clusters=())

    html = page(short)
    text = words(html)

    assert parsed(html).open == []
    assert "This target cannot be kept: ten <instances> would. So nobody was called a duplicate." in text
    assert "From 9.50 on a person has to look review ; below they are unique ." in text
    assert "under this target a person has to decide on every one of them" in text
    assert " inf" not in text
    assert "beyond what was counted" not in text


def test_each_pair_is_told_with_its_evidence_and_its_chance_of_error(page: Callable[..., str]) -> None:
    text = words(page())

    assert (
        "a<1> ↔ b duplicate evidence 39.5 by chance among 1,000 people: "
        "0.02 % (95 %: 1 in 100,000 to 0.3 %, extrapolated)" in text
    )
    assert "similarity 40.0 evidence +39.5" in text
    assert "Evidence of each finger" not in text  # there is only one


def test_fingers_that_speak_against_are_listed_beside_those_that_speak_for(
    page: Callable[..., str], report: DuplicateReport
) -> None:
    first, *others = report.person_pairs
    against = InstanceEvidence(instance="", similarity=0.25, llr=-3.2, comparisons=4)
    decision = replace(first.decision, instances=(*first.decision.instances, against))
    weighed = replace(first, decision=decision)
    (cluster,) = report.clusters
    shown = replace(
        report,
        person_pairs=(weighed, *others),
        clusters=(replace(cluster, pairs=(weighed, cluster.pairs[1])),),
    )

    text = words(page(shown))

    assert text.count("Evidence of each finger") == 1
    assert "thumb 40.00 +39.5 1 finger not named 0.25 -3.2 4" in text


def test_a_chain_is_shown_as_one(page: Callable[..., str]) -> None:
    text = words(page())

    assert "joined by a chain: 2 of 3 pairs match" in text
    assert "weakest link 24.5" in text


def test_a_complete_cluster_is_shown_as_one(page: Callable[..., str], report: DuplicateReport) -> None:
    (cluster,) = report.clusters
    complete = replace(report, clusters=(replace(cluster, possible_pairs=2),))

    assert "every identity matches every other" in words(page(complete))


def test_every_finding_is_drawn_with_its_terms(page: Callable[..., str]) -> None:
    html = page()

    assert html.count("<figure>") == 4
    assert html.count("What made this score") == 4
    assert "4 pairs of prints are drawn below." in words(html)


def test_pairs_that_are_not_drawn_are_named_and_counted(page: Callable[..., str]) -> None:
    text = words(page(max_drawn=1))

    assert "3 more are named but not drawn (at most 1 pictures" in text
    assert "Not drawn: b_thumb_1.png ↔ c_thumb_1.png, similarity 25.0" in text


def test_failures_and_doubts_are_listed_with_their_reason(page: Callable[..., str]) -> None:
    text = words(page())

    assert "1 × no contrast, 1 × reason not given" in text
    assert "e_thumb_1.png e thumb no contrast four grey values" in text
    assert "1 of 1 pairs of the same claimed finger stayed below" in text


def test_a_set_without_findings_says_so(page: Callable[..., str], report: DuplicateReport) -> None:
    empty = replace(
        report,
        modalities=(replace(report.modalities[0], model_id=None, histogram=None),),
        person_pairs=(),
        clusters=(),
        fingers_filed_twice=(),
        unconfirmed=(),
        failures=(),
    )

    html = page(empty)

    assert parsed(html).open == []
    assert "0 persons registered more than once" in words(html)
    assert "every sample gave a template" in words(html)
    assert "<svg" not in html


def test_a_name_that_is_no_text_does_not_break_the_page(
    page: Callable[..., str], report: DuplicateReport
) -> None:
    odd = replace(
        report,
        failures=(
            replace(report.failures[1], entry=replace(report.failures[1].entry, name="bad\udcff.png")),
        ),
    )

    assert "bad?.png" in page(odd).encode("utf-8").decode("utf-8")


def test_without_jinja_the_message_says_what_to_install(
    page: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)

    with pytest.raises(MissingPart, match=r"biocapil\[report\]"):
        page()


def test_it_says_that_nobody_looked_for_presentation_attacks(page: Callable[..., str]) -> None:
    assert "Presentation attacks not assessed" in words(page())
