"""Pictures of samples for the pages that commands write."""

from __future__ import annotations

from biocapil.errors import BiocapilError
from biocapil.formats import sample_reader
from biocapil.reporting import Images
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry


def picture_reader(resolution_ppi: float | None) -> Images:
    """Reader of the pictures that a page shows; a file that cannot be shown is left blank."""
    decode = sample_reader(resolution_ppi=resolution_ppi)

    def read(entry: SampleEntry) -> CapturedSample | None:
        try:
            return decode(entry, entry.file.read_bytes())
        except (BiocapilError, OSError):
            return None

    return read


def no_picture(_entry: SampleEntry) -> None:
    """Minutiae records have no picture."""
