"""What ``biocapil card`` prints: one JSON object a line; personal data only where they were asked for."""

from __future__ import annotations

from biocapil.capture.cards import CardContents, CardRefusal, ListedApplication

Line = dict[str, object]


def application_line(application: ListedApplication) -> Line:
    """One kind of card."""
    line: Line = {"type": "kind", "name": application.name, "problem": application.problem}
    if application.info is not None:
        line |= {
            "title": application.info.title,
            "secrets": list(application.info.secrets),
            "has_portrait": application.info.has_portrait,
            "proven_against": list(application.info.proven_against),
        }
    return line


def contents_line(contents: CardContents) -> Line:
    """What a card holds: its fields where they were read, of its picture only that it is there."""
    line: Line = {
        "type": "card",
        "kind": contents.application,
        "authenticity": contents.authenticity.value,
        "problem": contents.problem,
        "portrait": contents.portrait is not None,
    }
    if contents.fields:
        line["personal"] = {field.name: field.value for field in contents.fields}
    return line


def refusal_line(refusal: CardRefusal) -> Line:
    """Why a card was not read."""
    return {"type": "refused", "reason": refusal.reason.value}


def presence_line(*, present: bool) -> Line:
    """Whether a card lies in the reader now."""
    return {"type": "card_present" if present else "card_absent"}
