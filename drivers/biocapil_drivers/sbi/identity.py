"""Keys and certificates: read from files, or made for development; those that are made vouch for nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from biocapil.errors import FormatError
from biocapil_drivers.sbi.trust import SigningIdentity, TrustAnchors

RSA_BITS = 2048
EXPONENT = 65_537
DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentAuthority:
    """An authority that lives as long as the program.

    Attributes:
        anchors: Its own certificate, for those who are to believe it.
        identity: What a device signs with, vouched for by it.
    """

    anchors: TrustAnchors
    identity: SigningIdentity


def read_identity(key_file: Path, chain_file: Path) -> SigningIdentity:
    """Read a private key and the chain that vouches for it, PEM; the device's certificate stands first.

    Raises:
        OSError: A file cannot be read.
        FormatError: A file holds something else.
    """
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        chain = x509.load_pem_x509_certificates(chain_file.read_bytes())
    except (ValueError, TypeError) as error:
        raise FormatError(
            "the files hold no RSA key and certificates in PEM form", record="identity"
        ) from error
    if not isinstance(key, RSAPrivateKey):
        raise FormatError("the interface signs by RSA, the key is of another kind", record="identity")
    return SigningIdentity(key=key, chain=tuple(chain))


def make_authority(now: datetime, *, days: int = DAYS) -> DevelopmentAuthority:
    """Make an authority, a partner below it and a device below that, as chains of the interface are.

    Args:
        now: Moment from which the certificates are valid.
        days: For how long.
    """
    root, partner, device = (generate_private_key(EXPONENT, RSA_BITS) for _ in range(3))
    valid = (now - timedelta(hours=1), now + timedelta(days=days))
    names = [f"BioCapil development {each}" for each in ("root", "partner", "device")]
    top = _certificate((names[0], names[0]), root.public_key(), root, valid, path_length=1)
    middle = _certificate((names[1], names[0]), partner.public_key(), root, valid, path_length=0)
    leaf = _certificate((names[2], names[1]), device.public_key(), partner, valid, path_length=None)
    return DevelopmentAuthority(
        anchors=TrustAnchors(certificates=(top,)), identity=SigningIdentity(key=device, chain=(leaf, middle))
    )


def _certificate(
    names: tuple[str, str],
    public: RSAPublicKey,
    signer: RSAPrivateKey,
    valid: tuple[datetime, datetime],
    *,
    path_length: int | None,
) -> x509.Certificate:
    """One certificate by names of subject and issuer; of an authority where a path length is given."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(names[0]))
        .issuer_name(_name(names[1]))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(
            x509.BasicConstraints(ca=path_length is not None, path_length=path_length), critical=True
        )
    )
    return builder.sign(signer, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
