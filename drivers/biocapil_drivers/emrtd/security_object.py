"""`SecurityObject`: the hashes of the data groups in EF.SOD, and the CMS signature over them, taken apart.

    77 ─ ContentInfo ─ SignedData ┬ LDSSecurityObject: hash algorithm, hash of each data group
                                  ├ certificates of the signer
                                  └ SignerInfo: signed attributes, algorithm, signature

Reference: ICAO Doc 9303 part 10, clause 4.6.2 and appendix D; RFC 5652, clauses 5.1 and 5.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from biocapil.errors import FormatError
from biocapil_drivers.emrtd.data_groups import SOD_TAG
from biocapil_drivers.iso7816 import Tlv, encode_tlv, read_tlv, read_tlvs

RECORD = "EF.SOD"
SEQUENCE, SET, OCTETS, OID, INTEGER = 0x30, 0x31, 0x04, 0x06, 0x02
EXPLICIT_0, EXPLICIT_1 = 0xA0, 0xA1
SIGNED_DATA = "1.2.840.113549.1.7.2"
LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """An algorithm as ASN.1 names it.

    Attributes:
        oid: Its object identifier, in dots.
        parameters: Its parameters as they came; empty where there are none.
    """

    oid: str
    parameters: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityObject:
    """EF.SOD, taken apart and not yet believed.

    Attributes:
        hash_algorithm: Algorithm of the hashes of the data groups.
        hashes: Number of each data group and its hash.
        content: What was signed: the bytes that hold the hashes.
        certificates: Certificates that came along, DER.
        digest_algorithm: Algorithm of the digest of `content`.
        signature_algorithm: Algorithm of the signature.
        signed_attributes: What the signature covers, as a DER set; empty where it covers `content` itself.
        content_type: Type that the signed attributes state.
        message_digest: Digest of `content` that the signed attributes state.
        signature: The signature.
    """

    hash_algorithm: Algorithm
    hashes: tuple[tuple[int, bytes], ...] = field(repr=False)
    content: bytes = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)
    digest_algorithm: Algorithm
    signature_algorithm: Algorithm
    signed_attributes: bytes = field(repr=False)
    content_type: str
    message_digest: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def groups(self) -> tuple[int, ...]:
        """Numbers of the data groups whose hashes it holds."""
        return tuple(number for number, _ in self.hashes)


def read_security_object(data: bytes) -> SecurityObject:
    """Take EF.SOD apart.

    Raises:
        FormatError: It does not follow its format.
    """
    outer = _children(read_tlv(read_tlv(data).require(SOD_TAG, RECORD)).require(SEQUENCE, RECORD))
    kind, wrapped = _first(outer, 2)
    if oid_of(kind) != SIGNED_DATA:
        raise FormatError(f"content of type {oid_of(kind)}, not signed data", record=RECORD)
    parts = _children(read_tlv(wrapped.require(EXPLICIT_0, RECORD)).require(SEQUENCE, RECORD))
    content = _content(_first(parts, 4)[2])
    hash_algorithm, hashes = _hashes(content)
    certificates = next((part.value for part in parts if part.tag == EXPLICIT_0), b"")
    signers = _children(parts[-1].require(SET, RECORD))
    if len(signers) != 1:
        raise FormatError(f"{len(signers)} signers; one is due", record=RECORD)
    signer = _children(signers[0].require(SEQUENCE, RECORD))
    _first(signer, 5)
    rest = signer[2:]
    digest = algorithm_of(rest.pop(0))
    attributes = rest.pop(0).value if rest[0].tag == EXPLICIT_0 else b""
    algorithm, signature = _first(rest, 2)
    stated = _attributes(attributes)
    return SecurityObject(
        hash_algorithm=hash_algorithm,
        hashes=hashes,
        content=content,
        certificates=tuple(encode_tlv(each.tag, each.value) for each in read_tlvs(certificates)),
        digest_algorithm=digest,
        signature_algorithm=algorithm_of(algorithm),
        signed_attributes=encode_tlv(SET, attributes) if attributes else b"",
        content_type=oid_of(stated[CONTENT_TYPE]) if CONTENT_TYPE in stated else "",
        message_digest=stated[MESSAGE_DIGEST].value if MESSAGE_DIGEST in stated else b"",
        signature=signature.require(OCTETS, RECORD),
    )


def oid_of(part: Tlv) -> str:
    """An object identifier in dots.

    Raises:
        FormatError: It is none.
    """
    data = part.require(OID, RECORD)
    if not data or data[-1] & 0x80:
        raise FormatError("an object identifier is cut off", record=RECORD, offset=part.start)
    numbers: list[int] = []
    value = 0
    for byte in data:
        value = value << 7 | (byte & 0x7F)
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def algorithm_of(part: Tlv) -> Algorithm:
    """An algorithm with its parameters.

    Raises:
        FormatError: It is none.
    """
    children = _children(part.require(SEQUENCE, RECORD))
    _first(children, 1)
    parameters = encode_tlv(children[1].tag, children[1].value) if len(children) > 1 else b""
    return Algorithm(oid=oid_of(children[0]), parameters=parameters)


def _content(part: Tlv) -> bytes:
    children = _first(_children(part.require(SEQUENCE, RECORD)), 2)
    if oid_of(children[0]) != LDS_SECURITY_OBJECT:
        raise FormatError(f"signed is {oid_of(children[0])}, not the hashes of a document", record=RECORD)
    return read_tlv(children[1].require(EXPLICIT_0, RECORD)).require(OCTETS, RECORD)


def _hashes(content: bytes) -> tuple[Algorithm, tuple[tuple[int, bytes], ...]]:
    children = _first(_children(read_tlv(content).require(SEQUENCE, RECORD)), 3)
    hashes: list[tuple[int, bytes]] = []
    for entry in _children(children[2].require(SEQUENCE, RECORD)):
        number, digest = _first(_children(entry.require(SEQUENCE, RECORD)), 2)
        hashes.append(
            (int.from_bytes(number.require(INTEGER, RECORD), "big"), digest.require(OCTETS, RECORD))
        )
    numbers = [number for number, _ in hashes]
    if len(set(numbers)) != len(numbers):
        raise FormatError("a data group has two hashes", record=RECORD)
    return algorithm_of(children[1]), tuple(hashes)


def _attributes(data: bytes) -> dict[str, Tlv]:
    """First value of each signed attribute by its identifier."""
    found: dict[str, Tlv] = {}
    for attribute in read_tlvs(data):
        kind, values = _first(_children(attribute.require(SEQUENCE, RECORD)), 2)
        name = oid_of(kind)
        if name in found:
            raise FormatError(f"signed attribute {name} stands twice", record=RECORD)
        found[name] = _first(_children(values.require(SET, RECORD)), 1)[0]
    return found


def _children(data: bytes) -> list[Tlv]:
    return list(read_tlvs(data))


def _first(parts: Sequence[Tlv], count: int) -> list[Tlv]:
    """The first so many parts."""
    if len(parts) < count:
        raise FormatError(f"{len(parts)} parts; at least {count} are due", record=RECORD)
    return list(parts[:count])
