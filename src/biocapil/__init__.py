"""BioCapil: one person, one identity.

This package holds the nouns (samples, templates, candidates, decisions) and the errors. The steps
come from their own packages, so that importing this one loads neither numba, ONNX Runtime nor OpenCV:

    from biocapil.formats import read_sample
    from biocapil.extraction import load_extractor
    from biocapil.comparison import compare, search
"""

from biocapil.any_template import Template
from biocapil.candidates import Candidate, CandidateList
from biocapil.decision import (
    DecisionPolicy,
    EvidenceRates,
    InstanceEvidence,
    PersonDecision,
    PolicyTarget,
)
from biocapil.embedding import Embedding
from biocapil.error_rate import ErrorRate, Interval
from biocapil.errors import (
    BiocapilError,
    CardRemoved,
    ChecksumMismatch,
    DeviceBusy,
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    DeviceTimeout,
    FormatError,
    IncompatibleTemplates,
    LicenceRefused,
    MissingPart,
    ModelError,
    ModelNotFound,
    ProtocolError,
    ResolutionUnknown,
    StoreError,
    TruncatedRecord,
    UnsupportedVersion,
)
from biocapil.expected_rate import ExpectedRate
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.labelled_scores import LabelledScores
from biocapil.outcomes import FailureToExtract
from biocapil.quality_report import QualityComponent, QualityReport
from biocapil.sample import CapturedSample, Origin
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import (
    Decision,
    ExtractionFailure,
    EyePosition,
    FaceReason,
    FingerPosition,
    FingerReason,
    ImpressionType,
    IrisReason,
    MinutiaType,
    Modality,
    ModelId,
    QualityReason,
    SubjectId,
)

__version__ = "0.1.0"

__all__ = [
    "BiocapilError",
    "Candidate",
    "CandidateList",
    "CapturedSample",
    "CardRemoved",
    "ChecksumMismatch",
    "CodeGeometry",
    "Decision",
    "DecisionPolicy",
    "DeviceBusy",
    "DeviceError",
    "DeviceLost",
    "DeviceNotFound",
    "DeviceTimeout",
    "Embedding",
    "ErrorRate",
    "EvidenceRates",
    "ExpectedRate",
    "ExtractionFailure",
    "EyePosition",
    "FaceReason",
    "FailureToExtract",
    "FingerPosition",
    "FingerReason",
    "FingerprintTemplate",
    "FormatError",
    "ImpressionType",
    "IncompatibleTemplates",
    "InstanceEvidence",
    "Interval",
    "IrisCode",
    "IrisReason",
    "LabelledScores",
    "LicenceRefused",
    "MinutiaType",
    "MissingPart",
    "Modality",
    "ModelError",
    "ModelId",
    "ModelNotFound",
    "Origin",
    "PersonDecision",
    "PolicyTarget",
    "ProtocolError",
    "QualityComponent",
    "QualityReason",
    "QualityReport",
    "ResolutionUnknown",
    "SampleEntry",
    "StoreError",
    "SubjectId",
    "Template",
    "TruncatedRecord",
    "UnsupportedVersion",
]
