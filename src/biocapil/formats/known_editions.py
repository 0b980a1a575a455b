"""The minutiae record editions that are read and written, by standard."""

from __future__ import annotations

from biocapil.formats.ansi_378_2004 import ANSI_378_2004
from biocapil.formats.iso_19794_2_2005 import ISO_19794_2_2005

EDITIONS = {edition.standard: edition for edition in (ISO_19794_2_2005, ANSI_378_2004)}
MAX_RECORD_BYTES = max(edition.max_bytes for edition in EDITIONS.values())
"""No readable record is longer: a caller need not load a longer file."""
