"""A document of a person and a country that do not exist, signed by an authority made for the occasion.

The picture is drawn, not taken.

Reference: ICAO Doc 9303 part 10, clause 4.6.2 (EF.SOD); part 12, clause 7.1 (certificates); RFC 5652.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from biocapil.formats import (
    FaceImage2005,
    FaceImageRecord2005,
    ImageEncoding,
    encode_pixels,
    write_image_record,
)
from biocapil_drivers.emrtd.data_groups import (
    COM_TAG,
    DG1_TAG,
    DG2_TAG,
    EF_COM,
    EF_DG1,
    EF_DG2,
    EF_SOD,
    SOD_TAG,
)
from biocapil_drivers.emrtd.emulator import Document
from biocapil_drivers.emrtd.mrz import check_digit, parse_mrz
from biocapil_drivers.iso7816 import encode_tlv
from biocapil_drivers.iso7816.drawn_face import drawn_face

NUMBER, BIRTH, EXPIRY = "X00000000", "900101", "351231"
ACCESS = f"{NUMBER}/{BIRTH}/{EXPIRY}"
"""Opens the invented document of holder 0."""
COUNTRY = "UT"
SHA_256 = "608648016503040201"
"""Object identifiers, as their bytes: 2.16.840.1.101.3.4.2.1 and so on."""
ECDSA_SHA_256, RSA_SHA_256 = "2a8648ce3d040302", "2a864886f70d01010b"
SIGNED_DATA, HASHES_OF_GROUPS = "2a864886f70d010702", "678108010101"
CONTENT_TYPE, MESSAGE_DIGEST = "2a864886f70d010903", "2a864886f70d010904"
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An invented country: an authority, and a signer of documents that it vouches for.

    Attributes:
        authority: The authority's certificate.
        signer: The signer's certificate.
        signer_key: The signer's key.
    """

    authority: x509.Certificate
    signer: x509.Certificate
    signer_key: PrivateKey


def document_number(holder: int) -> str:
    """Number of the document of a holder: ``X00000000``, ``X00000001`` and so on."""
    return f"{NUMBER[0]}{holder:08d}"


def invented_mrz(holder: int = 0) -> str:
    """The printed lines, TD3, with right check digits; of holders, only the document's number differs."""
    first = "P<UTOCONTOH<<SITI<SPECIMEN".ljust(44, "<")
    number, birth, expiry = (text + check_digit(text) for text in (document_number(holder), BIRTH, EXPIRY))
    optional = "<" * 14 + "0"
    composite = check_digit(number + birth + expiry + optional)
    return first + f"{number}UTO{birth}F{expiry}{optional}{composite}"


def invented_issuer(
    *, valid_from: datetime = datetime(2026, 1, 1, tzinfo=UTC), years: int = 10, by_rsa: bool = False
) -> Issuer:
    """A new country with new keys.

    Args:
        valid_from: First day of both certificates.
        years: How long they are valid.
        by_rsa: Whether the signer has an RSA key; else one of elliptic curves.
    """
    until = valid_from + timedelta(days=365 * years)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    signer_key: PrivateKey = (
        rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        if by_rsa
        else ec.generate_private_key(ec.SECP256R1())
    )
    authority_name, signer_name = _name("Invented authority"), _name("Invented signer")

    def certificate(subject: x509.Name, key: PrivateKey, *, is_authority: bool) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority_name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid_from)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        return builder.sign(authority_key, hashes.SHA256())

    return Issuer(
        authority=certificate(authority_name, authority_key, is_authority=True),
        signer=certificate(signer_name, signer_key, is_authority=False),
        signer_key=signer_key,
    )


def invented_document(
    issuer: Issuer | None = None, encoding: ImageEncoding = ImageEncoding.JPEG, *, holder: int = 0
) -> Document:
    """A whole document.

    Args:
        issuer: The country; None for a new one.
        encoding: How the picture is kept: JPEG or JPEG_2000.
        holder: Number of the holder.
    """
    country = issuer or invented_issuer()
    mrz = invented_mrz(holder)
    groups = {1: encode_tlv(DG1_TAG, encode_tlv(0x5F1F, mrz.encode("ascii"))), 2: picture_group(encoding)}
    tags = bytes((DG1_TAG, DG2_TAG))
    com = encode_tlv(0x5F01, b"0107") + encode_tlv(0x5F36, b"040000") + encode_tlv(0x5C, tags)
    return Document(
        information=parse_mrz(mrz).access_key.information,
        files={
            EF_COM: encode_tlv(COM_TAG, com),
            EF_DG1: groups[1],
            EF_DG2: groups[2],
            EF_SOD: signed_hashes(groups, country),
        },
        authority=country.authority.public_bytes(serialization.Encoding.DER),
    )


def picture_group(encoding: ImageEncoding) -> bytes:
    """Data group 2 with the drawn picture."""
    image = encode_pixels(drawn_face(), encoding)
    record = FaceImageRecord2005(representations=(FaceImage2005(colour_space=1, image=image),))
    header = encode_tlv(0x87, b"\x01\x01") + encode_tlv(0x88, b"\x00\x08")
    instance = encode_tlv(0xA1, header) + encode_tlv(0x5F2E, write_image_record(record))
    template = encode_tlv(0x02, b"\x01") + encode_tlv(0x7F60, instance)
    return encode_tlv(DG2_TAG, encode_tlv(0x7F61, template))


def signed_hashes(groups: Mapping[int, bytes], issuer: Issuer) -> bytes:
    """EF.SOD of data groups."""
    by_rsa = isinstance(issuer.signer_key, rsa.RSAPrivateKey)
    digest = _sequence(_oid(SHA_256))
    entries = b"".join(
        _sequence(encode_tlv(0x02, bytes((number,))), encode_tlv(0x04, hashlib.sha256(data).digest()))
        for number, data in sorted(groups.items())
    )
    content = _sequence(encode_tlv(0x02, b"\0"), digest, _sequence(entries))
    attributes = _sequence(_oid(CONTENT_TYPE), encode_tlv(0x31, _oid(HASHES_OF_GROUPS))) + _sequence(
        _oid(MESSAGE_DIGEST), encode_tlv(0x31, encode_tlv(0x04, hashlib.sha256(content).digest()))
    )
    signature = _signature(issuer.signer_key, encode_tlv(0x31, attributes))
    signer = _sequence(
        encode_tlv(0x02, b"\x01"),
        _sequence(issuer.signer.issuer.public_bytes(), _number(issuer.signer.serial_number)),
        digest,
        encode_tlv(0xA0, attributes),
        _sequence(_oid(RSA_SHA_256 if by_rsa else ECDSA_SHA_256)),
        encode_tlv(0x04, signature),
    )
    signed = _sequence(
        encode_tlv(0x02, b"\x03"),
        encode_tlv(0x31, digest),
        _sequence(_oid(HASHES_OF_GROUPS), encode_tlv(0xA0, encode_tlv(0x04, content))),
        encode_tlv(0xA0, issuer.signer.public_bytes(serialization.Encoding.DER)),
        encode_tlv(0x31, signer),
    )
    return encode_tlv(SOD_TAG, _sequence(_oid(SIGNED_DATA), encode_tlv(0xA0, signed)))


def _signature(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, COUNTRY),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _sequence(*parts: bytes) -> bytes:
    return encode_tlv(0x30, b"".join(parts))


def _oid(body: str) -> bytes:
    return encode_tlv(0x06, bytes.fromhex(body))


def _number(value: int) -> bytes:
    return encode_tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))
