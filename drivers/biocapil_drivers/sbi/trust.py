"""Signatures: who signed, whether a configured anchor vouches for them, and whether a word was changed since.

A certificate that comes with a signature proves nothing by itself. It counts only where a chain leads from it
to an anchor that this machine was given.

Reference: RFC 7515 (JWS, compact serialisation, RS256, ``x5c``), RFC 5280 section 6 (chains).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from biocapil.errors import FormatError, ProtocolError
from biocapil_drivers.sbi import base64url
from biocapil_drivers.sbi.json_fields import json_object

ALGORITHM = "RS256"
MOST_CERTIFICATES = 8
MAX_HEADER, MAX_JWS = 64 * 1024, 64 * 1024 * 1024
"""Chains of certificates and whole records are longer than the library expects of a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIdentity:
    """What a device signs with.

    Attributes:
        key: Its private key.
        chain: Its certificate, then those that vouch for it, the anchor left out.
    """

    key: RSAPrivateKey
    chain: tuple[x509.Certificate, ...]

    def __repr__(self) -> str:
        return f"SigningIdentity({len(self.chain)} certificates)"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustAnchors:
    """Certificates of the authorities that are believed.

    Attributes:
        certificates: At least one.
    """

    certificates: tuple[x509.Certificate, ...]

    @classmethod
    def read(cls, file: Path) -> TrustAnchors:
        """Read a PEM file.

        Raises:
            OSError: The file cannot be read.
            FormatError: It holds no certificate.
        """
        try:
            found = x509.load_pem_x509_certificates(file.read_bytes())
        except ValueError as error:
            raise FormatError(f"{file} holds no certificate in PEM form", record="trust anchors") from error
        return cls(certificates=tuple(found))

    def verified(self, message: str, *, now: datetime) -> dict[str, object]:
        """Payload of a signed message.

        Args:
            message: Compact serialisation.
            now: Moment at which certificates have to be valid, with its time zone.

        Raises:
            ProtocolError: It is no such message, was changed, or nobody who is believed vouches for its
                signer.
        """
        chain = _chain_of(message)
        self._require_trusted(chain, now)
        return json_object(_verified_bytes(message, chain[0]), "signed payload")

    def _require_trusted(self, chain: Sequence[x509.Certificate], now: datetime) -> None:
        # devices' certificates name no host: only chain, dates, and that authorities are authorities count
        anyone = ExtensionPolicy.permit_all()
        authority = anyone.require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
        policy = PolicyBuilder().store(Store(list(self.certificates))).time(now)
        verifier = policy.extension_policies(ca_policy=authority, ee_policy=anyone).build_client_verifier()
        try:
            verifier.verify(chain[0], list(chain[1:]))
        except (VerificationError, ValueError) as error:
            raise ProtocolError("no trust anchor vouches for the signer") from error


def signed(payload: dict[str, object], identity: SigningIdentity) -> str:
    """Sign a message: compact serialisation with the signer's chain in it."""
    chain = [base64.b64encode(each.public_bytes(Encoding.DER)).decode("ascii") for each in identity.chain]
    pem = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    header = {"alg": ALGORITHM, "typ": "JWT", "x5c": chain}
    return jws.serialize_compact(header, json.dumps(payload), RSAKey.import_key(pem), registry=_registry())


def _chain_of(message: str) -> tuple[x509.Certificate, ...]:
    """Certificates that a message brings, its signer's first; nothing of it is believed yet."""
    if message.count(".") != 2 or len(message) > MAX_JWS:
        raise ProtocolError("a signed message has three parts with dots between them")
    try:
        header = json_object(base64url.decode(message.partition(".")[0]), "header of the signed message")
        entries = header.get("x5c")
        if not isinstance(entries, list):
            raise ProtocolError("a signed message names its certificates (x5c)")
        texts = [str(entry) for entry in cast("list[object]", entries)]
        if not 1 <= len(texts) <= MOST_CERTIFICATES:
            raise ProtocolError(f"a signed message names 1 to {MOST_CERTIFICATES} certificates (x5c)")
        return tuple(x509.load_der_x509_certificate(base64.b64decode(text, validate=True)) for text in texts)
    except (FormatError, binascii.Error, ValueError) as error:
        raise ProtocolError("the certificates of a signed message cannot be read") from error


def _registry() -> jws.JWSRegistry:
    """RS256 and nothing else; headers of any names, within bounds."""
    registry = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)
    registry.max_header_length = MAX_HEADER
    registry.max_payload_length = MAX_JWS
    return registry


def _verified_bytes(message: str, signer: x509.Certificate) -> bytes:
    try:
        public = signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        found = jws.deserialize_compact(message, RSAKey.import_key(public), registry=_registry())
    except (JoseError, ValueError, TypeError) as error:
        raise ProtocolError(f"the signature does not hold ({type(error).__name__})") from error
    return found.payload
