from __future__ import annotations

import hashlib

import pytest

from biocapil.errors import FormatError
from biocapil_drivers.sbi.hash_chain import FIRST, next_link


def test_the_first_link_follows_the_digest_of_nothing() -> None:
    assert FIRST == "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
    assert next_link("", b"record") == next_link(FIRST, b"record")


def test_links_join_raw_bytes_and_not_their_digits() -> None:
    inner = hashlib.sha256(b"record").digest()
    assert next_link(FIRST, b"record") == hashlib.sha256(bytes.fromhex(FIRST) + inner).hexdigest().upper()


def test_order_and_content_matter() -> None:
    one, other = next_link(next_link("", b"a"), b"b"), next_link(next_link("", b"b"), b"a")
    assert one != other
    assert next_link(FIRST.lower(), b"a") == next_link(FIRST, b"a")


@pytest.mark.parametrize("link", ["abc", "Z" * 64, "A" * 65])
def test_what_is_no_link_is_refused(link: str) -> None:
    with pytest.raises(FormatError, match="64 hexadecimal"):
        next_link(link, b"")
