"""The duplicate report as one HTML file that opens anywhere, without a network.

Its content security policy allows exactly the one style sheet and the one script that stand in it,
by their digests, and pictures that are part of the file.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from biocapil.deduplication import DuplicateReport
from biocapil.errors import MissingPart
from biocapil.reporting.figures import Explain, FigureMaker, Images, Templates
from biocapil.reporting.histogram_picture import alone_thresholds, histogram_svg
from biocapil.reporting.page_view import arrange, reason_words

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
MAX_DRAWN = 200


def duplicate_report_html(
    report: DuplicateReport,
    *,
    images: Images,
    templates: Templates,
    explain: Explain,
    elapsed_s: Mapping[str, float],
    environment: Mapping[str, str],
    made_at: datetime,
    title: str = "Duplicate report",
    max_drawn: int = MAX_DRAWN,
) -> str:
    """Write the page.

    Args:
        report: What `find_duplicates` found.
        images: Sample of an entry; asked only for pairs that are drawn.
        templates: Template of an entry.
        explain: `comparison.explain`.
        elapsed_s: Seconds that each step took.
        environment: Versions and machine.
        made_at: When the result was made, with its time zone.
        title: Heading.
        max_drawn: Most pairs to draw; the page says how many it left to the JSON result.

    Returns:
        A whole HTML document. It holds biometric data: see `write_private`.

    Raises:
        MissingPart: jinja2 or Pillow is not installed.
    """
    page = _template("duplicate_report.html")
    style, script = (_source(name) for name in ("report.css", "report.js"))
    maker = FigureMaker(images=images, templates=templates, explain=explain, allowance=max_drawn)
    html = page.render(
        view=arrange(report, maker),
        report=report,
        thresholds=alone_thresholds(report.alone),
        histogram=_histogram(report),
        elapsed_s=elapsed_s,
        environment=environment,
        made_at=made_at,
        title=title,
        max_drawn=max_drawn,
        style=style,
        script=script,
        content_policy=_content_policy(style, script),
        reason_words=reason_words,
    )
    return html.encode("utf-8", "replace").decode("utf-8")


def _template(name: str) -> Template:
    try:
        from jinja2 import (  # noqa: PLC0415  # optional part: only where a page is written
            Environment,
            FileSystemLoader,
            StrictUndefined,
        )
    except ImportError as exc:
        raise MissingPart("Jinja2", extra="report", purpose="writing the HTML report") from exc
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _content_policy(style: str, script: str) -> str:
    """Nothing may be loaded; only what was written here may run or paint."""
    return (
        f"default-src 'none'; img-src data:; style-src '{_digest(style)}'; "
        f"script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    digest = hashlib.sha256(source.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def _histogram(report: DuplicateReport) -> str:
    if report.histogram is None:
        return ""
    return histogram_svg(
        report.histogram.edges,
        report.histogram.counts,
        thresholds=alone_thresholds(report.alone),
    )
