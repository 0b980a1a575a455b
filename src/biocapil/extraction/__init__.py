"""From samples to templates. ONNX Runtime runs only here; importing this package does not load it.

name or folder ─► registry (manifest, checksum, licence) ─► session (ONNX Runtime) ─► Extractor
"""

from biocapil.extraction.loading import load_extractor
from biocapil.extraction.model_manifest import ModelManifest, Task
from biocapil.extraction.registry import ListedModel, Model, list_models, load_model
from biocapil.extraction.seam import Extractor

__all__ = [
    "Extractor",
    "ListedModel",
    "Model",
    "ModelManifest",
    "Task",
    "list_models",
    "load_extractor",
    "load_model",
]
