"""What `import biocapil` promises: the pinned names, nothing heavy, no network, hardly any time."""

from __future__ import annotations

import json
import subprocess
import sys

import biocapil

PUBLIC = [
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
HEAVY = (
    "numba",
    "llvmlite",
    "onnxruntime",
    "cv2",
    "PIL",
    "cryptography",
    "jinja2",
    "typer",
    "rich",
    "biocapil_drivers",
    "biocapil_models",
)
NO_NETWORK = """
import socket
def refuse(*arguments, **options):
    raise AssertionError("a socket was opened")
socket.socket.__init__ = refuse
"""


def run_python(code: str) -> str:
    """Standard output of a fresh interpreter that ran the code without a warning or an error."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-W", "error", "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def test_the_public_names_are_pinned_and_sorted() -> None:
    assert biocapil.__all__ == PUBLIC == sorted(PUBLIC)


def test_every_public_name_is_there_and_described() -> None:
    for name in biocapil.__all__:
        assert getattr(biocapil, name).__doc__, name


def test_importing_the_library_loads_nothing_heavy() -> None:
    loaded = json.loads(run_python("import json, sys, biocapil; print(json.dumps(sorted(sys.modules)))"))
    assert not set(HEAVY) & {name.partition(".")[0] for name in loaded}


def test_importing_the_library_opens_no_socket() -> None:
    assert run_python(f"{NO_NETWORK}\nimport biocapil; print('silent')") == "silent\n"


def test_importing_the_library_takes_hardly_longer_than_numpy() -> None:
    code = """
import time
start = time.perf_counter()
import numpy
between = time.perf_counter()
import biocapil
print(time.perf_counter() - between, between - start)
"""
    runs = [tuple(float(word) for word in run_python(code).split()) for _ in range(5)]
    ours_s, numpy_s = (min(column) for column in zip(*runs, strict=True))
    # 150 ms is the bar on a free core; a busy machine slows numpy's own import in the same measure
    assert ours_s < max(0.150, 1.5 * numpy_s)


def test_the_list_of_commands_needs_no_command_line_packages() -> None:
    code = """
import json, sys
from biocapil.cli.main import main
code = main(["--help"])
print(json.dumps([code, sorted(sys.modules)]))
"""
    code, loaded = json.loads(run_python(code).splitlines()[-1])
    assert code == 0
    assert not set(HEAVY) & {name.partition(".")[0] for name in loaded}
