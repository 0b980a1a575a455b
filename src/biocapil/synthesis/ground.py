"""What all sensor styles share: how the dark of a touch lies over a ground."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.raster import Raster


def lay_over(ground: Raster | float, dark: Raster | float, cover: Raster) -> Raster:
    """Ground where nothing covers it, dark where all is covered. Float32."""
    return (ground - (ground - dark) * cover).astype(np.float32)


def shape_of(image: Raster) -> tuple[int, int]:
    """Rows and columns."""
    return image.shape[0], image.shape[1]
