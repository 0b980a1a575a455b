"""A captured sample as a PNG file."""

from __future__ import annotations

import io

from PIL import Image

from biocapil.sample import CapturedSample
from biocapil.synthesis.png import encode_png
from biocapil.vocabulary import Modality


def sample_png(sample: CapturedSample) -> bytes:
    """Lossless bytes of one sample: of a finger with its resolution, of a face in its colours."""
    if sample.modality is Modality.FINGER:
        return encode_png(sample)
    buffer = io.BytesIO()
    Image.fromarray(sample.pixels).save(buffer, "PNG")
    return buffer.getvalue()
