"""One HTML file that opens anywhere, without a network: its template, its style, its script, its policy.

The content security policy allows exactly the one style sheet and the one script that stand in the page,
by their digests, and pictures that are part of the file.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from biocapil.errors import MissingPart

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"


def render_page(template: str, *, style: str, script: str, **values: object) -> str:
    """Fill a page; every value is escaped unless the template says that it is markup.

    Args:
        template: File name of the page among the templates.
        style: File name of its style sheet.
        script: File name of its script.
        values: What the template asks for; ``style``, ``script`` and ``content_policy`` are added.

    Returns:
        A whole HTML document; half characters of undecodable file names are replaced.

    Raises:
        MissingPart: jinja2 is not installed.
    """
    page = _template(template)
    painted, run = _source(style), _source(script)
    html = page.render(**values, style=painted, script=run, content_policy=content_policy(painted, run))
    return html.encode("utf-8", "replace").decode("utf-8")


def content_policy(style: str, script: str) -> str:
    """Nothing may be loaded; only what was written here may run or paint.

    Args:
        style: The style sheet.
        script: The script.
    """
    return (
        f"default-src 'none'; img-src data:; style-src '{_digest(style)}'; "
        f"script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


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


def _digest(source: str) -> str:
    digest = hashlib.sha256(source.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
