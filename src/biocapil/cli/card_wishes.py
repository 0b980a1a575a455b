"""What is given to ``biocapil card read`` beside the card: secrets, certificates, a file for the picture."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from biocapil.capture.cards import CardContents
from biocapil.formats import ImageEncoding, encode_pixels
from biocapil.reporting import write_private

PEM = b"-----BEGIN CERTIFICATE-----"
STANDARD_INPUT = "-"
MOST_LETTERS = 10_000


def read_secrets(words: Iterable[str]) -> Mapping[str, str]:
    """Secrets from ``NAME=FILE``: never from the command line itself, which everybody on the machine can see.

    Raises:
        ValueError: A word has another form.
        OSError: A file cannot be read.
        UnicodeError: A file holds no text.
    """
    secrets: dict[str, str] = {}
    for word in words:
        name, sign, file = word.partition("=")
        if not (name and sign and file):
            raise ValueError("--secret-file takes NAME=FILE, for example mrz=lines.txt, or mrz=- to type it")
        if file == STANDARD_INPUT:
            secrets[name] = sys.stdin.read(MOST_LETTERS)
        else:
            with Path(file).open(encoding="utf-8") as stream:
                secrets[name] = stream.read(MOST_LETTERS)
    return secrets


def read_authorities(files: Iterable[Path]) -> tuple[bytes, ...]:
    """Certificates from files, one a file, as DER.

    Raises:
        ValueError: A file in PEM is damaged.
        OSError: A file cannot be read.
    """
    return tuple(_der(file.read_bytes()) for file in files)


def write_portrait(contents: CardContents, file: Path) -> None:
    """Write the picture of the holder, for its owner alone; nothing where there is none."""
    if contents.portrait is not None:
        write_private(file, encode_pixels(contents.portrait.pixels, ImageEncoding.PNG).data)


def _der(data: bytes) -> bytes:
    if not data.lstrip().startswith(PEM):
        return data
    return ssl.PEM_cert_to_DER_cert(data.decode("ascii").strip())
