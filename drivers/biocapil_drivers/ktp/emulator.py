"""A KTP-el of software that holds a drawn picture, as the public descriptions say it is stored."""

from __future__ import annotations

from biocapil.formats import ImageEncoding, encode_pixels
from biocapil_drivers.iso7816.drawn_face import drawn_face
from biocapil_drivers.iso7816.file_card import FileCard

FOLDER, PICTURE = bytes.fromhex("7f0a"), bytes.fromhex("6ff2")
ROWS, COLUMNS = 200, 150


def invented_card() -> FileCard:
    """A card of nobody."""
    picture = encode_pixels(drawn_face(ROWS, COLUMNS), ImageEncoding.JPEG).data
    content = len(picture).to_bytes(2, "big") + picture
    return FileCard({(FOLDER, PICTURE): content + bytes(256)})
