"""Passive authentication: are the data groups those that a country signed, and do we know that country's key.

    data groups ─ hashes ─► EF.SOD ─ signature ─► document signer ─ issued by ─► a given authority (CSCA)

Every question has its own answer, and the first one that fails is told. Lists of revoked certificates are not
looked at.

Reference: ICAO Doc 9303 part 11, clause 5.1; part 12, clause 7; RFC 5652, clause 5.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from biocapil.capture.cards import Authenticity
from biocapil.errors import FormatError
from biocapil_drivers.emrtd.security_object import (
    LDS_SECURITY_OBJECT,
    RECORD,
    Algorithm,
    SecurityObject,
    algorithm_of,
    read_security_object,
)
from biocapil_drivers.iso7816 import read_tlv, read_tlvs

SHA_1 = "1.3.14.3.2.26"
HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {
    SHA_1: hashes.SHA1,
    "2.16.840.1.101.3.4.2.4": hashes.SHA224,
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}
RSA, RSA_PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
RSA_WITH: Mapping[str, type[hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.5": hashes.SHA1,
    "1.2.840.113549.1.1.14": hashes.SHA224,
    "1.2.840.113549.1.1.11": hashes.SHA256,
    "1.2.840.113549.1.1.12": hashes.SHA384,
    "1.2.840.113549.1.1.13": hashes.SHA512,
}
ECDSA_WITH: Mapping[str, type[hashes.HashAlgorithm]] = {
    "1.2.840.10045.4.1": hashes.SHA1,
    "1.2.840.10045.4.3.1": hashes.SHA224,
    "1.2.840.10045.4.3.2": hashes.SHA256,
    "1.2.840.10045.4.3.3": hashes.SHA384,
    "1.2.840.10045.4.3.4": hashes.SHA512,
}
PSS_HASH_TAG, PSS_SALT_TAG = 0xA0, 0xA2
PSS_SALT_BYTES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveAuthentication:
    """How it ended.

    Attributes:
        authenticity: What is known about who wrote the data.
        problem: Why it is not more; empty where all is verified. Holds nothing personal.
        groups: Numbers of the data groups that were checked.
    """

    authenticity: Authenticity
    problem: str = ""
    groups: tuple[int, ...] = ()


class _Failure(Exception):  # noqa: N818 - no error: one of the outcomes
    """A question that was answered with no."""

    def __init__(self, authenticity: Authenticity, problem: str) -> None:
        super().__init__(problem)
        self.authenticity = authenticity
        self.problem = problem


def authenticate(
    sod: bytes, groups: Mapping[int, bytes], authorities: Sequence[bytes], now: datetime
) -> PassiveAuthentication:
    """Check data groups against EF.SOD, and EF.SOD against given authorities.

    Args:
        sod: EF.SOD.
        groups: Data groups that were read, whole files, by number.
        authorities: Certificates of country signing authorities, DER; trusted as they are.
        now: Moment at which certificates must be valid, with its time zone.

    Returns:
        The outcome. It is VERIFIED only where every given data group is covered.

    Raises:
        FormatError: EF.SOD or an authority's certificate does not follow its format.
    """
    security = read_security_object(sod)
    trusted = [_certificate(each, "certificate of an authority") for each in authorities]
    try:
        signer = _signer(security)
        _require_issued(signer, trusted, now)
        _require_hashes(security, groups)
    except _Failure as failure:
        return PassiveAuthentication(authenticity=failure.authenticity, problem=failure.problem)
    return PassiveAuthentication(authenticity=Authenticity.VERIFIED, groups=tuple(sorted(groups)))


def _signer(security: SecurityObject) -> x509.Certificate:
    """The certificate, among those that came along, whose key made the signature."""
    signed = _signed_bytes(security)
    unsupported = ""
    for data in security.certificates:
        certificate = _certificate(data, RECORD)
        try:
            _verify(certificate, security, signed)
        except InvalidSignature:
            continue
        except (UnsupportedAlgorithm, ValueError) as error:
            unsupported = str(error)
            continue
        return certificate
    if unsupported:
        raise _Failure(Authenticity.NOT_SUPPORTED, f"this signature cannot be checked: {unsupported}")
    if not security.certificates:
        raise _Failure(Authenticity.NOT_SUPPORTED, "the certificate of the signer did not come along")
    raise _Failure(Authenticity.SIGNATURE_WRONG, "the signature is not that of the certificate beside it")


def _signed_bytes(security: SecurityObject) -> bytes:
    if not security.signed_attributes:
        return security.content
    digest = _digest(security.digest_algorithm, security.content)
    if security.content_type != LDS_SECURITY_OBJECT or security.message_digest != digest:
        raise _Failure(
            Authenticity.SIGNATURE_WRONG, "the signature is over other hashes than those beside it"
        )
    return security.signed_attributes


def _verify(certificate: x509.Certificate, security: SecurityObject, signed: bytes) -> None:
    """Check the signature with a certificate's key.

    Raises:
        InvalidSignature: It does not fit.
        UnsupportedAlgorithm: Its algorithm, or the key, is not known here.
        ValueError: The key has parameters that are not known here.
    """
    key, algorithm = certificate.public_key(), security.signature_algorithm
    if isinstance(key, rsa.RSAPublicKey):
        scheme, hashed = _rsa_scheme(algorithm, security.digest_algorithm)
        key.verify(security.signature, signed, scheme, hashed)
    elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm.oid in ECDSA_WITH:
        key.verify(security.signature, signed, ec.ECDSA(ECDSA_WITH[algorithm.oid]()))
    else:
        raise UnsupportedAlgorithm(f"{type(key).__name__} with {algorithm.oid}")


def _rsa_scheme(
    algorithm: Algorithm, digest: Algorithm
) -> tuple[padding.AsymmetricPadding, hashes.HashAlgorithm]:
    if algorithm.oid == RSA:
        return padding.PKCS1v15(), _hash(digest)
    if algorithm.oid in RSA_WITH:
        return padding.PKCS1v15(), RSA_WITH[algorithm.oid]()
    if algorithm.oid != RSA_PSS:
        raise UnsupportedAlgorithm(algorithm.oid)
    hashed, salt = _pss(algorithm)
    return padding.PSS(mgf=padding.MGF1(hashed), salt_length=salt), hashed


def _pss(algorithm: Algorithm) -> tuple[hashes.HashAlgorithm, int]:
    """Hash and length of the salt; the mask is taken to use the same hash, as ICAO demands.

    Reference: RFC 4055, clause 3.1.
    """
    named: hashes.HashAlgorithm = HASHES[SHA_1]()
    salt = PSS_SALT_BYTES
    parameters = read_tlv(algorithm.parameters).value if algorithm.parameters else b""
    for part in read_tlvs(parameters):
        if part.tag == PSS_HASH_TAG:
            named = _hash(algorithm_of(read_tlv(part.value)))
        elif part.tag == PSS_SALT_TAG:
            salt = int.from_bytes(read_tlv(part.value).value, "big")
    return named, salt


def _require_issued(signer: x509.Certificate, trusted: Sequence[x509.Certificate], now: datetime) -> None:
    issuer = next((each for each in trusted if _issued(signer, each)), None)
    if issuer is None:
        raise _Failure(
            Authenticity.SIGNER_UNKNOWN, f"none of {len(trusted)} given authorities issued the signer"
        )
    for certificate, whose in ((signer, "signer"), (issuer, "authority")):
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise _Failure(
                Authenticity.SIGNER_OUT_OF_DATE,
                f"the certificate of the {whose} is valid from {certificate.not_valid_before_utc:%Y-%m-%d} "
                f"to {certificate.not_valid_after_utc:%Y-%m-%d}",
            )


def _issued(signer: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        signer.verify_directly_issued_by(authority)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _require_hashes(security: SecurityObject, groups: Mapping[int, bytes]) -> None:
    stated = dict(security.hashes)
    for number, data in sorted(groups.items()):
        if stated.get(number) != _digest(security.hash_algorithm, data):
            why = "is not the one that was signed" if number in stated else "was not signed"
            raise _Failure(Authenticity.DATA_CHANGED, f"data group {number} {why}")


def _digest(algorithm: Algorithm, data: bytes) -> bytes:
    return hashlib.new(_hash(algorithm).name, data, usedforsecurity=False).digest()


def _named(algorithm: Algorithm) -> type[hashes.HashAlgorithm]:
    found = HASHES.get(algorithm.oid)
    if found is None:
        raise _Failure(Authenticity.NOT_SUPPORTED, f"hash algorithm {algorithm.oid} is not known here")
    return found


def _hash(algorithm: Algorithm) -> hashes.HashAlgorithm:
    return _named(algorithm)()


def _certificate(data: bytes, record: str) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(data)
    except (ValueError, x509.InvalidVersion) as error:
        raise FormatError(f"no certificate in DER: {error}", record=record) from error
