"""What ``biocapil dedup run`` leaves behind: the page, the JSON file, the table, the line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from biocapil.comparison import explain
from biocapil.decision import DecisionPolicy
from biocapil.deduplication import Deduplication, environment, report_to_json
from biocapil.joint_policy import JointPolicy
from biocapil.quality_report import QualityReport
from biocapil.reporting import Images, PairTracer, duplicate_report_html, write_private

SUMMARY_KEYS = ("schema", "policy", "modalities", "counts", "bands", "presentation_attack", "elapsed_s")


def write_page(done: Deduplication, path: Path, *, images: Images, tracer: PairTracer | None) -> None:
    """Write the HTML report, whole or not at all, readable by its owner only."""
    templates = {sample.entry.name: sample.template for sample in done.samples}
    page = duplicate_report_html(
        done.report,
        images=images,
        templates=lambda entry: templates[entry.name],
        explain=explain,
        elapsed_s=done.elapsed_s,
        environment=environment(),
        qualities=done.qualities,
        tracer=tracer,
        made_at=datetime.now(UTC),
    )
    write_private(path, page)


def write_json(done: Deduplication, path: Path) -> None:
    """Write the complete result, whole or not at all, readable by its owner only."""
    fields = report_to_json(
        done.report, elapsed_s=done.elapsed_s, environment=environment(), qualities=done.qualities
    )
    write_private(path, json.dumps(fields, ensure_ascii=False, indent=1) + "\n")


def summary_line(
    done: Deduplication, *, report: Path | None, json_file: Path | None, work: Path | None
) -> str:
    """Counts and files as one line of JSON; the complete result is in the JSON file."""
    fields = report_to_json(done.report, elapsed_s=done.elapsed_s, environment=environment())
    shown = {key: fields[key] for key in SUMMARY_KEYS}
    shown["modalities"] = [
        {key: value for key, value in each.items() if key != "histogram"} for each in shown["modalities"]
    ]
    summary = {
        **shown,
        "reused": done.reused,
        "report": str(report) if report else None,
        "json": str(json_file) if json_file else None,
        "store": str(work) if work else None,
    }
    return json.dumps(summary, ensure_ascii=False)


def threshold_words(policy: DecisionPolicy | JointPolicy) -> str:
    """Both thresholds, and whether the second rests on more than was counted."""
    if policy.shortfall:
        return f"{policy.review_llr:.2f} nats, none"
    note = " (extrapolated)" if policy.extrapolated else ""
    return f"{policy.review_llr:.2f}, {policy.duplicate_llr:.2f} nats{note}"


def quality_rows(qualities: Mapping[str, QualityReport]) -> tuple[tuple[str, str], ...]:
    """Row of the table with the median score and the most frequent reason; none where nobody asked."""
    if not qualities:
        return ()
    scores = [each.score for each in qualities.values()]
    reasons = Counter(reason.value for each in qualities.values() for reason in each.reasons)
    said = "".join(f", {count:,} {name}" for name, count in reasons.most_common(1))
    return (("quality, median score", f"{median(scores):.0f} of {len(scores):,} images{said}"),)


def show(done: Deduplication, console: Console, *, files: Sequence[Path]) -> None:
    """Print the summary for people."""
    found = done.report
    table = Table(title="Duplicate search", show_header=False)
    rows = (
        ("samples, persons", f"{found.samples:,}, {found.persons:,}"),
        ("failures to extract", f"{len(found.failures):,}"),
        ("reused, not extracted again", f"{done.reused:,}"),
        ("pairs compared", f"{found.compared:,}"),
        ("duplicate persons", f"{len(found.duplicate_pairs):,} pairs in {len(found.clusters):,} clusters"),
        ("pairs of persons to review", f"{len(found.review_pairs):,}"),
        ("fingers filed twice", f"{len(found.fingers_filed_twice):,}"),
        ("samples that no mate confirms", f"{len(found.unconfirmed):,}"),
        *quality_rows(done.qualities),
        ("presentation attacks", found.attack.words),
        ("target", found.policy.words()),
        ("evidence for review, duplicate", threshold_words(found.policy)),
        ("policy, calibration", f"{found.policy.policy_id}, {found.policy.calibration_id}"),
        ("time", ", ".join(f"{step} {seconds:.1f} s" for step, seconds in done.elapsed_s.items())),
    )
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    if found.policy.shortfall:
        console.print(f"Nobody was called a duplicate: {found.policy.shortfall}.", style="bold", markup=False)
    for file in files:
        console.print(f"written: {file}", soft_wrap=True, markup=False)
