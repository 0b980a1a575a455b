"""A whole document: opened, read, its signature checked; and all that can be wrong with it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.capture import Deadline, SystemClock
from biocapil.capture.cards import (
    Authenticity,
    CardContents,
    CardReason,
    CardRefusal,
    CardRequest,
    VirtualCard,
)
from biocapil.errors import BiocapilError, CardRemoved, FormatError, ProtocolError
from biocapil.formats import ImageEncoding
from biocapil.vocabulary import Modality
from biocapil_drivers.emrtd import APPLICATION
from biocapil_drivers.emrtd.data_groups import (
    EF_COM,
    EF_DG1,
    EF_DG2,
    EF_SOD,
    groups_of_com,
    mrz_of_dg1,
    portrait_of_dg2,
)
from biocapil_drivers.emrtd.emulator import Document, EmulatedDocument
from biocapil_drivers.emrtd.invented import (
    ACCESS,
    invented_document,
    invented_issuer,
    invented_mrz,
)
from biocapil_drivers.emrtd.passive_authentication import authenticate
from biocapil_drivers.emrtd.security_object import read_security_object
from biocapil_drivers.iso7816.drawn_face import drawn_face
from biocapil_drivers.iso7816.file_card import FileCard

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ALL = CardRequest(personal=True, portrait=True, secrets={"mrz": ACCESS})


class Link:
    """A card of software, called directly; may be pulled after some commands."""

    def __init__(self, card: VirtualCard, commands: int = 1_000) -> None:
        self.answer_to_reset = card.answer_to_reset
        self._card = card
        self._left = commands
        self.private = 0
        self.sent = 0

    def transmit(self, command: bytes, deadline: Deadline, *, private: bool = False) -> bytes:
        del deadline
        self.sent += 1
        self.private += private
        self._left -= 1
        if self._left < 0:
            raise CardRemoved("taken away")
        return self._card.answer(command)

    def close(self) -> None: ...


@cache
def the_document() -> Document:
    return invented_document()


@pytest.fixture
def document() -> Document:
    return the_document()


def soon() -> Deadline:
    return Deadline.after(SystemClock(), 20.0)


def read(document: Document, request: CardRequest = ALL) -> CardContents:
    found = APPLICATION.read(Link(EmulatedDocument(document)), request, soon())
    assert isinstance(found, CardContents)
    return found


def groups(document: Document) -> dict[int, bytes]:
    return {1: document.files[EF_DG1], 2: document.files[EF_DG2]}


def test_the_document_is_read_and_verified(document: Document) -> None:
    found = read(document, replace(ALL, authorities=(document.authority,), now=NOW))
    values = {field.name: field.value for field in found.fields}
    assert (values["surname"], values["given_names"], values["birth"]) == (
        "CONTOH",
        "SITI SPECIMEN",
        "900101",
    )
    assert found.authenticity is Authenticity.VERIFIED
    assert found.problem == ""
    assert found.portrait is not None
    assert found.portrait.modality is Modality.FACE
    difference = found.portrait.pixels.astype(int) - drawn_face()
    assert np.abs(difference).mean() < 3  # JPEG
    assert "CONTOH" not in repr(found) + repr(document) + repr(ALL)


def test_nothing_personal_is_read_unless_it_is_asked_for(document: Document) -> None:
    link = Link(EmulatedDocument(document))
    found = APPLICATION.read(link, CardRequest(secrets={"mrz": ACCESS}), soon())
    assert isinstance(found, CardContents)
    assert (found.fields, found.portrait, link.sent) == ((), None, 3)
    assert found.authenticity is Authenticity.NOT_CHECKED


def test_a_portrait_alone_is_verified_alone(document: Document) -> None:
    request = CardRequest(portrait=True, secrets={"mrz": ACCESS}, authorities=(document.authority,), now=NOW)
    found = read(document, request)
    assert found.fields == ()
    assert found.authenticity is Authenticity.VERIFIED


def test_a_picture_in_jpeg_2000_is_read() -> None:
    found = read(invented_document(encoding=ImageEncoding.JPEG_2000))
    assert found.portrait is not None
    assert np.array_equal(found.portrait.pixels, drawn_face())


@pytest.mark.parametrize("secret", [f"{ACCESS[:-1]}0", "X00000001/900101/351231"])
def test_a_wrong_key_is_told(document: Document, secret: str) -> None:
    request = replace(ALL, secrets={"mrz": secret})
    found = APPLICATION.read(Link(EmulatedDocument(document)), request, soon())
    assert found == CardRefusal(reason=CardReason.WRONG_KEY)


def test_other_reasons_are_told(document: Document) -> None:
    card = EmulatedDocument(document)
    assert APPLICATION.read(Link(card), CardRequest(), soon()) == CardRefusal(reason=CardReason.KEY_NEEDED)
    for commands in (0, 1, 2, 5, 20):
        found = APPLICATION.read(Link(card, commands), ALL, soon())
        assert found == CardRefusal(reason=CardReason.TAKEN_AWAY)
        card.power_up()
    other = APPLICATION.read(Link(FileCard({})), ALL, soon())
    assert other == CardRefusal(reason=CardReason.OTHER_CARD)


@pytest.mark.parametrize("secret", ["", "X/1/2", "PIN", invented_mrz().replace("900101", "900102")])
def test_keys_of_another_form_are_refused_without_showing_them(document: Document, secret: str) -> None:
    with pytest.raises(ValueError, match=r"neither|digits|check digit|number") as caught:
        APPLICATION.read(Link(EmulatedDocument(document)), replace(ALL, secrets={"mrz": secret}), soon())
    assert "X00000000" not in str(caught.value)
    with pytest.raises(ValueError, match="not by pin"):
        APPLICATION.read(Link(EmulatedDocument(document)), replace(ALL, secrets={"pin": "1"}), soon())


def test_the_printed_lines_open_it_as_well(document: Document) -> None:
    assert read(document, replace(ALL, secrets={"mrz": invented_mrz()})).portrait is not None


def test_all_that_may_hold_personal_data_is_private(document: Document) -> None:
    link = Link(EmulatedDocument(document))
    APPLICATION.read(link, ALL, soon())
    assert link.sent - link.private == 3  # selections of the application and of two files


def test_changed_data_are_told(document: Document) -> None:
    changed = groups(document) | {1: document.files[EF_DG1].replace(b"CONTOH", b"CANTOH")}
    outcome = authenticate(document.files[EF_SOD], changed, (document.authority,), NOW)
    assert outcome.authenticity is Authenticity.DATA_CHANGED
    assert outcome.problem == "data group 1 is not the one that was signed"
    unsigned = authenticate(document.files[EF_SOD], {11: b"x"}, (document.authority,), NOW)
    assert unsigned.problem == "data group 11 was not signed"


def test_a_signer_of_another_country_is_told(document: Document) -> None:
    stranger = invented_document().authority
    outcome = authenticate(document.files[EF_SOD], groups(document), (stranger,), NOW)
    assert outcome.authenticity is Authenticity.SIGNER_UNKNOWN


@pytest.mark.parametrize("year", [2020, 2040])
def test_certificates_that_are_not_valid_are_told(document: Document, year: int) -> None:
    now = datetime(year, 1, 1, tzinfo=UTC)
    outcome = authenticate(document.files[EF_SOD], groups(document), (document.authority,), now)
    assert outcome.authenticity is Authenticity.SIGNER_OUT_OF_DATE
    assert "valid from 2026-01-01" in outcome.problem


def test_a_signer_with_an_rsa_key_is_verified() -> None:
    document = invented_document(invented_issuer(by_rsa=True))
    outcome = authenticate(document.files[EF_SOD], groups(document), (document.authority,), NOW)
    assert outcome.authenticity is Authenticity.VERIFIED
    assert outcome.groups == (1, 2)


def test_hashes_that_were_exchanged_under_the_signature_are_told(document: Document) -> None:
    sod = document.files[EF_SOD]
    (_, digest), *_ = read_security_object(sod).hashes
    outcome = authenticate(sod.replace(digest, bytes(32)), groups(document), (document.authority,), NOW)
    assert outcome.authenticity is Authenticity.SIGNATURE_WRONG


@pytest.mark.filterwarnings("ignore:Parsed a")  # cryptography, of certificates that are only just read
@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_no_touched_signature_is_verified(place: int, value: int) -> None:
    document = the_document()
    sod = bytearray(document.files[EF_SOD])
    place %= len(sod)
    before = sod[place]
    sod[place] = value
    try:
        outcome = authenticate(bytes(sod), groups(document), (document.authority,), NOW)
    except FormatError:
        return
    if value != before and outcome.authenticity is Authenticity.VERIFIED:
        # what no signature covers: version numbers, lengths of tags that nobody needs, the signer's name
        assert read_security_object(bytes(sod)).hashes == read_security_object(document.files[EF_SOD]).hashes


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "7781", "7730", "613a5f1f", "75827f61", "6009"]))
def test_any_bytes_as_files_raise_format_errors_alone(noise: bytes, opening: str) -> None:
    data = bytes.fromhex(opening) + noise
    for reader in (read_security_object, groups_of_com, mrz_of_dg1, portrait_of_dg2):
        try:
            reader(data)
        except FormatError:
            continue


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 12))
def test_a_card_that_answers_nonsense_is_an_error_of_ours(noise: bytes, after: int) -> None:
    card = EmulatedDocument(the_document())

    class Nonsense(Link):
        def transmit(self, command: bytes, deadline: Deadline, *, private: bool = False) -> bytes:
            answer = super().transmit(command, deadline, private=private)
            return noise if self.sent > after else answer

    try:
        found = APPLICATION.read(Nonsense(card), ALL, soon())
    except BiocapilError as error:
        assert isinstance(error, ProtocolError | FormatError)  # noqa: PT017 - which error is the subject
    else:
        assert isinstance(found, CardRefusal)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=6))
def test_the_emulator_answers_any_bytes(commands: list[bytes]) -> None:
    card = EmulatedDocument(the_document())
    assert all(len(card.answer(command)) >= 2 for command in commands)


def test_the_list_of_files_is_read(document: Document) -> None:
    assert groups_of_com(document.files[EF_COM]) == (1, 2)


def test_openssl_verifies_the_same_signature(document: Document, tmp_path: Path) -> None:
    """An oracle that shares no line with ours."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: apt-get install openssl")
    sod, authority = document.files[EF_SOD], document.authority
    start = len(sod) - int.from_bytes(sod[2:4], "big")
    (tmp_path / "sod.der").write_bytes(sod[start:])
    (tmp_path / "ca.der").write_bytes(authority)
    ca = tmp_path / "ca.pem"
    convert = [openssl, "x509", "-inform", "DER", "-in", tmp_path / "ca.der", "-out", ca]
    subprocess.run(convert, check=True)  # noqa: S603 - a fixed command
    verify = [openssl, "cms", "-verify", "-inform", "DER", "-in", tmp_path / "sod.der", "-CAfile", ca]
    verify += ["-purpose", "any", "-out", tmp_path / "content", "-attime", str(int(NOW.timestamp()))]
    answer = subprocess.run(verify, capture_output=True, check=False)  # noqa: S603 - the same
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "content").read_bytes() == read_security_object(sod).content
