from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from biocapil.comparison import references_of, similarity_table
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.formats import decode_sample, read_image_record, read_manifest
from biocapil.iris_code import IrisCode
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality

PICTURES_OF_AN_EYE = 7
EYES = 4
MATED = 40.0
"""Similarity that the shipped calibration gives a false match rate below one in ten thousand."""


def eye(data: bytes) -> CapturedSample:
    return decode_sample(data, modality=Modality.IRIS)


@pytest.mark.lent
def test_real_eyes_are_told_apart_over_two_visits(extractor: IrisExtractor, lent_data: Path) -> None:
    entries = read_manifest(lent_data / "manifest.csv", dataset="casia_iris_v1")[: EYES * PICTURES_OF_AN_EYE]
    codes = [extractor.extract(eye(entry.file.read_bytes())) for entry in entries]
    read = [code for code in codes if isinstance(code, IrisCode)]
    assert len(read) == len(entries)
    table = similarity_table(references_of(read))
    owner = np.arange(len(read)) // PICTURES_OF_AN_EYE
    same = (owner[:, None] == owner) & ~np.eye(len(read), dtype=bool)
    assert table[same].min() > MATED > table[owner[:, None] != owner].max()


@pytest.mark.lent
def test_eyes_of_another_camera_in_records_are_read(extractor: IrisExtractor, lent_data: Path) -> None:
    files = sorted((lent_data / "vectors" / "mosip_mock").rglob("*Iris*.iso"))
    assert files
    for file in files:
        (image,) = read_image_record(file.read_bytes()).images
        traced = extractor.trace(eye(image.image.data))
        assert traced.segmentation is not None
        assert traced.segmentation.confidence > 0.9
        assert isinstance(traced.outcome, IrisCode)
