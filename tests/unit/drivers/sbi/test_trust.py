from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.drivers.sbi.conftest import NOW

from biocapil.errors import FormatError, ProtocolError
from biocapil_drivers.sbi import base64url
from biocapil_drivers.sbi.identity import DevelopmentAuthority
from biocapil_drivers.sbi.trust import SigningIdentity, TrustAnchors, signed


def test_what_was_signed_is_read_again(authority: DevelopmentAuthority) -> None:
    message = signed({"serialNo": "7"}, authority.identity)
    assert authority.anchors.verified(message, now=NOW) == {"serialNo": "7"}


def test_a_signer_that_brings_its_own_authority_is_not_believed(
    authority: DevelopmentAuthority, stranger: DevelopmentAuthority
) -> None:
    with pytest.raises(ProtocolError, match="no trust anchor"):
        authority.anchors.verified(signed({}, stranger.identity), now=NOW)


def test_a_chain_with_a_gap_is_not_believed(authority: DevelopmentAuthority) -> None:
    alone = SigningIdentity(key=authority.identity.key, chain=authority.identity.chain[:1])
    with pytest.raises(ProtocolError, match="no trust anchor"):
        authority.anchors.verified(signed({}, alone), now=NOW)


def test_a_device_is_no_authority(authority: DevelopmentAuthority, stranger: DevelopmentAuthority) -> None:
    chain = (stranger.identity.chain[0], *authority.identity.chain)
    with pytest.raises(ProtocolError, match="no trust anchor"):
        authority.anchors.verified(signed({}, replace(stranger.identity, chain=chain)), now=NOW)


@pytest.mark.parametrize("away", [timedelta(days=-2), timedelta(days=60)])
def test_a_certificate_counts_only_in_its_time(authority: DevelopmentAuthority, away: timedelta) -> None:
    with pytest.raises(ProtocolError, match="no trust anchor"):
        authority.anchors.verified(signed({}, authority.identity), now=NOW + away)


def test_a_changed_word_breaks_the_signature(authority: DevelopmentAuthority) -> None:
    header, _, signature = signed({"deviceCode": "a"}, authority.identity).split(".")
    forged = ".".join((header, base64url.encode(b'{"deviceCode": "b"}'), signature))
    with pytest.raises(ProtocolError, match="signature does not hold"):
        authority.anchors.verified(forged, now=NOW)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "PS256"])
def test_no_other_algorithm_is_taken(authority: DevelopmentAuthority, algorithm: str) -> None:
    head, payload, signature = signed({}, authority.identity).split(".")
    header = json.loads(base64url.decode(head)) | {"alg": algorithm}
    message = ".".join((base64url.encode(json.dumps(header).encode()), payload, signature))
    with pytest.raises(ProtocolError, match="signature does not hold"):
        authority.anchors.verified(message, now=NOW)


@pytest.mark.parametrize(
    "entries", [None, [], ["?"], [base64.b64encode(b"no certificate").decode()], ["a"] * 9]
)
def test_a_message_without_certificates_is_refused(authority: DevelopmentAuthority, entries: object) -> None:
    head = base64url.encode(json.dumps({"alg": "RS256", "x5c": entries}).encode())
    with pytest.raises(ProtocolError, match=r"certificates"):
        authority.anchors.verified(f"{head}.e30.AA", now=NOW)


def test_anchors_come_from_a_file(authority: DevelopmentAuthority, tmp_path: Path) -> None:
    file = tmp_path / "anchors.pem"
    file.write_bytes(authority.anchors.certificates[0].public_bytes(Encoding.PEM))
    anchors = TrustAnchors.read(file)
    assert anchors.verified(signed({"a": 1}, authority.identity), now=NOW) == {"a": 1}
    file.write_text("nothing")
    with pytest.raises(FormatError, match="PEM"):
        TrustAnchors.read(file)


def test_no_key_stands_in_a_text(authority: DevelopmentAuthority) -> None:
    assert repr(authority.identity) == "SigningIdentity(2 certificates)"


@pytest.mark.soak
@given(st.text(alphabet="abcXYZ019-_.=+/ \x00é", max_size=80))
def test_any_text_is_a_protocol_error(text: str) -> None:
    with pytest.raises(ProtocolError):
        TrustAnchors(certificates=()).verified(text, now=NOW)


@given(st.binary(max_size=40))
def test_base64_is_read_in_every_spelling(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data
    assert base64url.decode(base64.b64encode(data).decode("ascii")) == data
    assert base64url.decode(base64.urlsafe_b64encode(data).decode("ascii")) == data


@pytest.mark.parametrize("text", ["a", "ab cd", "é", "a\n"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        base64url.decode(text)
