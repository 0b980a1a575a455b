"""From samples to templates. ONNX Runtime runs only here; importing this package does not load it."""

from biocapil.extraction.seam import Extractor

__all__ = ["Extractor"]
