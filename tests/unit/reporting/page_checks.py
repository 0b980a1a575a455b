"""What every page must keep: elements that close in order, and nothing that refers to outside."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

VOID = {"meta", "input", "link", "br", "img", "hr"}


class Balance(HTMLParser):
    """Collects attributes and checks that elements close in the order they opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self._attributes(attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self._attributes(attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def _attributes(self, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in {"src", "href", "action"}]
        self.ids += [value or "" for name, value in attrs if name == "id"]


def parsed(html: str) -> Balance:
    """The page, read to its end."""
    balance = Balance()
    balance.feed(html)
    balance.close()
    return balance


def words(html: str) -> str:
    """Text of the page, in one line."""
    return " ".join(" ".join(parsed(html).text).split())


def require_self_contained(html: str) -> None:
    """Every element is closed, every link leads into the page, every id is there once."""
    found = parsed(html)
    assert found.open == []
    assert all(
        link.startswith(("#", "data:image/png;base64,", "data:image/jpeg;base64,")) for link in found.links
    )
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def require_policy(html: str) -> None:
    """The content policy allows exactly the style and the script of the page, and no attribute needs more."""
    content_policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert content_policy is not None
    allowed = content_policy[1].replace("&#39;", "'")
    assert allowed.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in allowed
    for tag in ("style", "script"):
        (source,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in allowed
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
