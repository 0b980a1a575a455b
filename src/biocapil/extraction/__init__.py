"""From samples to templates. ONNX Runtime runs only here; importing this package does not load it.

name or folder ─► registry (manifest, checksum, licence) ─► session (ONNX Runtime) ─► Extractor
"""

from biocapil.extraction.batch import extract_all, extract_samples
from biocapil.extraction.extraction_run import ExtractedSample, ExtractionRun
from biocapil.extraction.iris.loading import load_iris_extractor
from biocapil.extraction.loading import DEFAULT_MODEL, DEFAULT_MODELS, load_extractor, model_modality
from biocapil.extraction.model_manifest import ModelManifest, Task
from biocapil.extraction.model_papers import ModelPapers, read_model_papers
from biocapil.extraction.registry import ListedModel, Model, find_folder, list_models, load_model
from biocapil.extraction.seam import Extractor
from biocapil.extraction.store_key import load_store_key
from biocapil.extraction.template_store import TemplateStore

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_MODELS",
    "ExtractedSample",
    "ExtractionRun",
    "Extractor",
    "ListedModel",
    "Model",
    "ModelManifest",
    "ModelPapers",
    "Task",
    "TemplateStore",
    "extract_all",
    "extract_samples",
    "find_folder",
    "list_models",
    "load_extractor",
    "load_iris_extractor",
    "load_model",
    "load_store_key",
    "model_modality",
    "read_model_papers",
]
