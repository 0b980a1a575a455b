import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biocapil.comparison import pack, similarity_matrix
from biocapil.evaluation import IdentificationPoint, PairProtocol, evaluate, evaluation_json
from biocapil.exclusion import PairExclusion
from biocapil.extraction import ExtractedSample
from biocapil.intake import read_named_files, read_records
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, ModelId

MakeSet = Callable[..., list[ExtractedSample]]


def templates_of(samples: list[ExtractedSample]) -> list[FingerprintTemplate]:
    return [sample.template for sample in samples if sample.template is not None]


def test_a_clean_set_is_told_apart_without_error(make_set: MakeSet) -> None:
    samples = make_set(5, 3)
    result = evaluate(samples, dataset="clean", gallery_size=0)
    assert (result.counts.mated, result.counts.nonmated) == (15, 90)
    assert result.accuracy is not None
    assert result.accuracy.eer == 0.0
    assert [point.fnmr for point in result.accuracy.points] == [0.0, 0.0, 0.0]
    assert result.gate_cost is not None
    assert result.gate_cost.accepted == 15
    assert result.failures_to_extract == 0
    assert result.template_bytes == np.median(pack(templates_of(samples)).template_bytes())
    assert result.speed is None
    assert result.setting.model_id == "fake@0"


def test_rates_are_those_of_the_similarity_matrix(make_set: MakeSet) -> None:
    samples = make_set(6, 2)
    result = evaluate(samples, gallery_size=0)
    packed = pack(templates_of(samples))
    matrix = similarity_matrix(packed, packed)
    highest = max(matrix[i, j] for i in range(12) for j in range(12) if i // 2 != j // 2)
    missed = sum(bool(matrix[i, i + 1] <= highest) for i in range(0, 12, 2))
    assert result.accuracy is not None
    assert result.accuracy.points[2].fnmr == missed / 6


def test_mated_pairs_with_a_failed_side_are_false_non_matches(make_set: MakeSet) -> None:
    result = evaluate(make_set(4, 2, failed=[(0, 1)]), gallery_size=0)
    assert (result.counts.mated, result.counts.nonmated) == (4, 24)
    assert (result.counts.mated_failed, result.counts.nonmated_failed) == (1, 6)
    assert result.accuracy is not None
    assert [point.fnmr for point in result.accuracy.points] == [0.25, 0.25, 0.25]
    assert [(f.reason, f.count) for f in result.failures] == [(ExtractionFailure.NO_CONTRAST, 1)]


def test_the_fvc_protocol_compares_first_impressions_only(make_set: MakeSet) -> None:
    result = evaluate(make_set(4, 3), protocol=PairProtocol.FVC, gallery_size=0)
    assert (result.counts.mated, result.counts.nonmated) == (12, 6)


def test_a_picture_filed_twice_is_no_false_match(make_set: MakeSet) -> None:
    samples = make_set(4, 2)
    samples[2] = replace(samples[2], template=samples[0].template, content_sha256=samples[0].content_sha256)
    result = evaluate(samples, gallery_size=0)
    assert result.counts.left_out_identical == 4
    assert result.counts.nonmated == 20


def test_extraction_time_is_that_of_the_samples_that_became_templates(make_set: MakeSet) -> None:
    samples = make_set(2, 3, failed=[(0, 0)])
    result = evaluate(samples, gallery_size=0)
    assert result.extraction is not None
    assert result.extraction.measured == 5
    assert result.extraction.median_ms == np.median([11, 12, 10, 11, 12])
    untimed = [replace(sample, elapsed_ms=0.0) for sample in samples]
    assert evaluate(untimed, gallery_size=0).extraction is None


def test_speed_is_measured_over_a_gallery_of_the_size_asked_for(make_set: MakeSet) -> None:
    result = evaluate(make_set(3, 2), gallery_size=20)
    assert result.speed is not None
    assert result.speed.gallery == 20


def test_progress_ends_with_everything_compared(make_set: MakeSet) -> None:
    seen: list[tuple[int, int]] = []
    evaluate(make_set(3, 2), gallery_size=0, on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0


@pytest.mark.parametrize("failed", [[], [(0, 0), (1, 0)]])
def test_a_set_without_mated_pairs_still_has_counts(make_set: MakeSet, failed: list[tuple[int, int]]) -> None:
    result = evaluate(make_set(2, 1, failed=failed), gallery_size=10)
    assert result.accuracy is None
    assert result.gate_cost is None
    assert result.failures_to_extract == len(failed)
    assert (result.speed is None) == bool(failed)
    fields = json.loads(evaluation_json(result))
    assert fields["eer"] is None
    assert fields["fnmr_at_fmr"] is None


def test_the_json_line_holds_what_was_agreed(make_set: MakeSet) -> None:
    result = evaluate(make_set(3, 2, failed=[(0, 1)]), dataset="tiny", gallery_size=12)
    line = evaluation_json(result)
    fields = json.loads(line)
    assert "\n" not in line
    assert fields["dataset"] == "tiny"
    assert (fields["n_mated"], fields["n_nonmated"]) == (3, 12)
    assert fields["failures_to_extract"] == {"count": 1, "by_reason": {"no_contrast": 1}}
    assert fields["eer"] == result.accuracy.eer  # type: ignore[union-attr]  # this set has mated pairs
    assert fields["presentation_attack"] == {"finding": "not_assessed", "score": None, "detector": None}
    assert set(fields["fnmr_at_fmr"]) == {"0.01", "0.001", "0"}
    assert set(fields["extract_ms"]) == {"median", "p95"}
    assert fields["template_bytes"] == result.template_bytes
    assert fields["comparisons_per_s_per_core"] > 0
    assert fields["exact_comparisons_per_s_per_core"] > 0
    assert len(fields["passed_gates"]) == 2
    assert fields["gate_cost"]["mated_accepted"] == 2
    assert fields["smallest_provable_fmr"] == 3 / 12
    assert fields["model_id"] == "fake@0"
    assert {"python", "biocapil", "numpy"} <= set(fields["versions"])


def test_a_threshold_that_nothing_reaches_is_null_in_json(make_set: MakeSet) -> None:
    samples = make_set(2, 2)
    samples[2] = replace(samples[2], template=samples[0].template)
    samples[3] = replace(samples[3], template=samples[1].template)
    fields = json.loads(evaluation_json(evaluate(samples, gallery_size=0)))
    assert fields["threshold_at_fmr"]["0"] is None
    assert fields["fnmr_at_fmr"]["0"] == 1.0


def test_a_set_of_which_every_sample_failed_is_all_error(make_set: MakeSet) -> None:
    failed = [(finger, impression) for finger in range(2) for impression in range(2)]
    result = evaluate(make_set(2, 2, failed=failed), gallery_size=10)
    assert result.accuracy is not None
    assert result.accuracy.eer == 1.0
    assert result.gate_cost is not None
    assert result.gate_cost.accepted == 0
    assert result.template_bytes is None
    assert result.setting.model_id is None


def test_equal_rubbish_under_two_names_makes_nobody_one_person(make_set: MakeSet) -> None:
    samples = [
        replace(sample, content_sha256="" if sample.template else "rubbish")
        for sample in make_set(3, 2, failed=[(0, 0), (1, 0)])
    ]
    counts = evaluate(samples, gallery_size=0).counts
    assert (counts.nonmated, counts.left_out_identical) == (12, 0)


@pytest.mark.lent
def test_third_party_templates_stay_within_the_error_that_was_promised(lent_data: Path) -> None:
    folder = lent_data / "vectors" / "fmr_secugen_fvc"
    rates: list[float] = []
    for part in sorted(folder.glob("fvc*")):
        accuracy = evaluate(read_records(read_named_files(part)), gallery_size=0).accuracy
        assert accuracy is not None
        rates.append(accuracy.eer)
    assert len(rates) == 5
    assert np.mean(rates) <= 0.068


def test_the_same_seed_gives_the_same_digits(make_set: MakeSet) -> None:
    samples = make_set(7, 3, failed=[(0, 0), (3, 1)])
    first, again = (evaluation_json(evaluate(samples, gallery_size=0)) for _ in range(2))
    other = evaluation_json(evaluate(samples, gallery_size=0, seed=1))
    assert first == again != other


def test_what_is_excluded_is_counted_and_neither_compared_nor_searched(make_set: MakeSet) -> None:
    samples = make_set(4, 2)
    swapped = replace(samples[3], template=samples[0].template)
    samples[3] = swapped
    suspected = evaluate(samples, gallery_size=0)
    assert [(pair.first.name, pair.second.name) for pair in suspected.suspect_pairs] == [
        ("0_0.png", "1_1.png")
    ]
    cleaned = evaluate(samples, gallery_size=0, excluded=[PairExclusion(first="1_1.png")])
    assert cleaned.suspect_pairs == ()
    assert cleaned.counts.excluded == 7
    assert (cleaned.counts.mated, cleaned.counts.nonmated) == (3, 18)
    assert suspected.key != cleaned.key


def test_everything_that_was_measured_is_in_the_json_line(make_set: MakeSet) -> None:
    samples = [
        replace(sample, entry=replace(sample.entry, attributes=(("sex", "fm"[at % 4 // 2]),)))
        for at, sample in enumerate(make_set(6, 2, failed=[(0, 0)]))
    ]
    fields = json.loads(evaluation_json(evaluate(samples, gallery_size=0)))
    assert fields["schema"] == "biocapil/evaluation/2"
    assert len(fields["dataset_sha256"]) == 64
    assert fields["failure_rates"]["acquire"] is None
    assert fields["failure_rates"]["extract"]["errors"] == 1
    assert fields["rates_at_fmr"]["0"]["fmr"]["errors"] == 0
    assert fields["rates_at_fmr"]["0"]["fnmr"]["value"] == fields["fnmr_at_fmr"]["0"]
    assert fields["eer_interval"]["low"] <= fields["eer"] <= fields["eer_interval"]["high"]
    assert "support FMR" in fields["claim"]["words"]
    assert len(fields["det_band"]["fmr"]) <= 200
    assert {(group["grouping"], group["label"]) for group in fields["groups"]} == {("sex", "f"), ("sex", "m")}
    assert fields["identification"]["mated_searches"] == 6
    gallery = fields["identification"]["galleries"][-1]
    assert (len(gallery["cmc"]), gallery["thresholds"][-1]) == (10, None)
    assert gallery["fnir_rank_1"] >= gallery["fnir_rank_10"]
    assert fields["worst"]["mated"][0].keys() == {"first", "second", "similarity"}
    assert fields["subject_errors"]["mated"] == [1] * 6
    assert fields["subject_errors"]["errors_at_fmr"]["0"] == [1, 0, 0, 0, 0, 0]


def test_a_mislabelled_sample_is_named(make_set: MakeSet) -> None:
    samples = make_set(5, 3)
    samples[4] = replace(samples[4], template=impression_of(77, 0))
    result = evaluate(samples, gallery_size=0)
    assert [sample.entry.name for sample in result.suspect_samples] == ["1_1.png"]
    fields = json.loads(evaluation_json(result))
    assert fields["suspect_samples"][0]["mates"] == 2


def impression_of(finger: int, impression: int) -> FingerprintTemplate:
    rng = np.random.default_rng([finger, impression])
    return FingerprintTemplate(
        positions_um=rng.uniform(1000, 14_000, (30, 2)).astype(np.float32),
        angles_rad=rng.uniform(0, 6.28, 30).astype(np.float32),
        kinds=np.ones(30, dtype=np.uint8),
        qualities=np.full(30, 80, dtype=np.uint8),
        extent_um=(15_000.0, 15_000.0),
        model_id=ModelId("fake@0"),
    )


def test_an_empty_set_has_an_empty_result() -> None:
    result = evaluate([], gallery_size=0)
    assert (result.accuracy, result.identification, result.groups) == (None, None, ())
    assert json.loads(evaluation_json(result))["subject_errors"] is None


def test_points_of_identification_stand_in_the_json_line(make_set: MakeSet) -> None:
    result = evaluate(make_set(8, 2), gallery_size=0)
    rate = result.failure_rates.extract
    assert rate is not None
    assert result.identification is not None
    point = IdentificationPoint(max_fpir=0.01, threshold=np.inf, fpir=rate, fnir=rate)
    told = replace(result, identification=replace(result.identification, points=(point,)))
    fields = json.loads(evaluation_json(told))["identification"]["points"]
    assert [(one["max_fpir"], one["threshold"], one["fnir"]["errors"]) for one in fields] == [(0.01, None, 0)]
