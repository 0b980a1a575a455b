from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import numpy as np
import pytest

from biocapil.capture import CancelToken, Deadline, DeviceAddress, Opening, SystemClock
from biocapil.capture.cards import (
    Authenticity,
    Card,
    CardContents,
    CardField,
    CardRead,
    CardReason,
    CardRefusal,
    CardRequest,
    VirtualCard,
)
from biocapil.errors import DeviceError, FormatError, ProtocolError
from biocapil.vocabulary import Modality
from biocapil_drivers.iso7816.drawn_face import drawn_face
from biocapil_drivers.iso7816.file_card import FileCard
from biocapil_drivers.ktp import KtpApplication, find_sam_provider, sam
from biocapil_drivers.ktp.emulator import COLUMNS, FOLDER, PICTURE, ROWS, invented_card
from biocapil_drivers.pcsc import MemoryService
from biocapil_drivers.pcsc.driver import open_reader

PORTRAIT = CardRequest(portrait=True)
PERSONAL = CardRequest(personal=True)


class InventedSam:
    """A SAM that opens the card to whoever asks."""

    def read(self, card: Card, deadline: Deadline) -> tuple[CardField, ...] | CardRefusal:
        assert card.transmit(bytes.fromhex("00a40000027f0a"), deadline) == b"\x90\x00"
        return (CardField(name="nik", value="0000000000000000"),)


def read(card: VirtualCard, request: CardRequest, application: KtpApplication | None = None) -> CardRead:
    service, clock = MemoryService("A"), SystemClock()
    service.insert("A", card)
    reader = open_reader("A", lambda: service, DeviceAddress.parse("pcsc:///A"), Opening())
    try:
        held = reader.connect(CancelToken(), Deadline.after(clock, 2.0))
        assert held is not None
        return (application or KtpApplication()).read(held, request, Deadline.after(clock, 10.0))
    finally:
        reader.close()


def test_the_public_picture_is_read_without_a_sam() -> None:
    found = read(invented_card(), PORTRAIT)
    assert isinstance(found, CardContents)
    assert found.portrait is not None
    assert found.portrait.modality is Modality.FACE
    assert np.abs(found.portrait.pixels.astype(int) - drawn_face(ROWS, COLUMNS)).mean() < 3
    assert (found.fields, found.authenticity) == ((), Authenticity.NOT_CHECKED)


def test_personal_data_need_a_sam() -> None:
    assert read(invented_card(), PERSONAL) == CardRefusal(reason=CardReason.NOT_ALLOWED)
    found = read(invented_card(), PERSONAL, KtpApplication(InventedSam))
    assert isinstance(found, CardContents)
    assert found.fields == (CardField(name="nik", value="0000000000000000"),)
    assert "0000000000000000" not in repr(found)


def test_it_says_that_it_was_never_tried_on_a_real_card() -> None:
    assert "never tried on a real card" in KtpApplication.info.proven_against


def test_another_card_is_told() -> None:
    assert read(FileCard({}), PORTRAIT) == CardRefusal(reason=CardReason.OTHER_CARD)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"\x01\x00" + bytes(100), ProtocolError, "ends after 102 of 258 bytes"),
        (b"\x01", ProtocolError, "does not show its picture"),
        (b"\x00\x64" + bytes(100), FormatError, "the picture of the card"),
    ],
)
def test_a_damaged_picture_is_an_error(content: bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        read(FileCard({(FOLDER, PICTURE): content}), PORTRAIT)


def test_a_picture_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ProtocolError, match="does not open its picture"):
        read(FileCard({(FOLDER, b"\x01\x01"): b""}), PORTRAIT)


def test_secrets_are_refused() -> None:
    with pytest.raises(ValueError, match="by no secret, got pin"):
        read(invented_card(), CardRequest(secrets={"pin": "1"}))


@pytest.mark.parametrize(
    ("values", "said"),
    [(("json:loads", "json:dumps"), "several"), (("no_such_module:x",), "cannot be loaded")],
)
def test_sam_providers_that_cannot_be_used_are_named(
    monkeypatch: pytest.MonkeyPatch, values: tuple[str, ...], said: str
) -> None:
    entries = EntryPoints(EntryPoint(f"sam{place}", value, sam.GROUP) for place, value in enumerate(values))
    monkeypatch.setattr(sam, "entry_points", lambda *, group: entries.select(group=group))
    with pytest.raises(DeviceError, match=said):
        find_sam_provider()


def test_an_installed_sam_provider_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = EntryPoints([EntryPoint("sam", "json:loads", sam.GROUP)])
    monkeypatch.setattr(sam, "entry_points", lambda *, group: entries.select(group=group))
    assert find_sam_provider() is not None
