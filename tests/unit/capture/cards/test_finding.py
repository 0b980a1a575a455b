"""Card applications are found by entry point; what cannot be used is named and hides nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import EntryPoint, EntryPoints

import pytest

import biocapil.capture.cards
from biocapil.capture.cards import (
    CardReason,
    CardRequest,
    card_sentence,
    find_card_application,
    finding,
    list_card_applications,
    open_card_reader,
)
from biocapil.capture.cards.contents import CARD_SENTENCES
from biocapil.errors import DeviceError, DeviceNotFound
from biocapil.vocabulary import Language

KTP, THAI = "biocapil_drivers.ktp:APPLICATION", "biocapil_drivers.thai_id:APPLICATION"
PUBLIC = [
    "Authenticity",
    "Card",
    "CardApplication",
    "CardApplicationInfo",
    "CardContents",
    "CardField",
    "CardRead",
    "CardReader",
    "CardReason",
    "CardRefusal",
    "CardRequest",
    "ListedApplication",
    "VirtualCard",
    "card_sentence",
    "find_card_application",
    "list_card_applications",
    "open_card_reader",
]
Register = Callable[..., None]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    def replace(*pairs: tuple[str, str]) -> None:
        entries = EntryPoints(EntryPoint(name, value, finding.GROUP) for name, value in pairs)
        monkeypatch.setattr(finding, "entry_points", lambda *, group: entries.select(group=group))

    return replace


def test_the_public_names_are_pinned() -> None:
    assert biocapil.capture.cards.__all__ == PUBLIC


def test_a_broken_application_hides_no_other(register: Register) -> None:
    register(("broken", "no_such_module:x"), ("ktp", KTP), ("two", KTP), ("two", THAI), ("named", KTP))
    listed = {each.name: each for each in list_card_applications()}
    assert listed["ktp"].problem == ""
    assert "ModuleNotFoundError" in listed["broken"].problem
    assert "registered more than once" in listed["two"].problem
    assert "calls itself 'ktp'" in listed["named"].problem
    assert listed["broken"].info is None


def test_a_kind_that_nobody_reads_is_named(register: Register) -> None:
    register(("ktp", KTP))
    with pytest.raises(DeviceNotFound, match="kind 'library'; installed: ktp"):
        find_card_application("library")
    register()
    with pytest.raises(DeviceNotFound, match="installed: none"):
        find_card_application("library")


def test_a_device_that_reads_no_cards_is_closed_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Printer:
        closed = 0

        def close(self) -> None:
            self.closed += 1

    printer = Printer()
    monkeypatch.setattr(finding, "open_peripheral", lambda *_: printer)
    with pytest.raises(DeviceError, match="reads no cards"):
        open_card_reader("printer:1")
    assert printer.closed == 1


def test_authorities_need_a_moment_with_its_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CardRequest(authorities=(b"x",))
    with pytest.raises(ValueError, match="time zone"):
        CardRequest(authorities=(b"x",), now=datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize("reason", list(CardReason))
def test_every_reason_has_a_sentence_in_both_languages(reason: CardReason) -> None:
    assert card_sentence(reason) == CARD_SENTENCES[reason][0]
    assert card_sentence(reason, Language.INDONESIAN) == CARD_SENTENCES[reason][1]
    assert len({*CARD_SENTENCES[reason]}) == 2
