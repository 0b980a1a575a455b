from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biocapil.errors import FormatError, UnsupportedVersion
from biocapil.extraction.face.rules import ColourOrder
from biocapil.extraction.model_manifest import Task, parse_model_manifest, read_model_manifest


def test_the_model_id_changes_with_all_that_shapes_a_template(right_manifest: Any) -> None:
    manifest = parse_model_manifest(right_manifest())
    assert manifest.minutiae is not None
    fewer = replace(manifest.minutiae, max_minutiae=manifest.minutiae.max_minutiae - 1)
    others = [
        replace(manifest, sha256="0" * 64),
        replace(manifest, minutiae=fewer),
        replace(manifest, input=replace(manifest.input, resolution_ppi=manifest.input.resolution_ppi + 1)),
    ]
    assert len({manifest.model_id, *(other.model_id for other in others)}) == 4
    assert replace(manifest, title="another title").model_id == manifest.model_id


def test_every_field_is_read(right_manifest: Any) -> None:
    manifest = parse_model_manifest(right_manifest())
    assert manifest.name == "mine"
    assert manifest.task is Task.FINGER_MINUTIAE
    assert re.fullmatch("mine@[0-9a-f]{12}", manifest.model_id)
    assert (manifest.input.name, manifest.input.channels, manifest.input.stride_px) == ("image", 1, 32)
    assert manifest.input.resolution_ppi == 500
    assert manifest.output.channels == ("score", "cos", "sin", "ending")
    assert manifest.minutiae is not None
    assert manifest.minutiae.score_threshold == 0.5
    assert manifest.minutiae.min_contrast == 2.5
    assert manifest.licence.spdx == "MIT"
    assert manifest.licence.training_data_verified


def test_a_face_model_has_no_rule_for_minutiae_and_needs_no_resolution(right_manifest: Any) -> None:
    text = right_manifest(task="face_embedding").replace("resolution_ppi = 500", "resolution_ppi = 0")
    manifest = parse_model_manifest(text)
    assert manifest.task is Task.FACE_EMBEDDING
    assert (manifest.minutiae, manifest.detection, manifest.output.channels) == (None, None, ())
    rule = manifest.embedding
    assert rule is not None
    assert (rule.rows_px, rule.columns_px, rule.dimensions, rule.mirrored) == (32, 32, 8, True)
    assert (rule.colours.order, rule.colours.mean) == (ColourOrder.GREY, (127.5,))
    assert rule.template_px[2] == (16, 18)
    assert rule.detector_name == "finder"


def test_the_detector_s_rule_is_read(right_manifest: Any) -> None:
    manifest = parse_model_manifest(right_manifest(task="face_detection"))
    assert (manifest.minutiae, manifest.embedding) == (None, None)
    assert manifest.detection is not None
    assert manifest.detection.strides_px == (8, 16)
    assert manifest.detection.longest_side_px == 320


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mean = [127.5]", "mean = [0]"),
        ("template_px = [10,", "template_px = [11,"),
        ("mirrored = true", "mirrored = false"),
        ("finder@0123456789ab", "finder@0123456789ac"),
    ],
)
def test_the_model_id_of_a_face_model_changes_with_its_rule(
    right_manifest: Any, before: str, after: str
) -> None:
    text = right_manifest(task="face_embedding")
    assert before in text
    changed = parse_model_manifest(text.replace(before, after))
    assert changed.model_id != parse_model_manifest(text).model_id


@pytest.mark.parametrize(
    ("task", "before", "after", "message"),
    [
        ("face_embedding", "mean = [127.5]", "mean = [1, 2]", "embedding.mean: must be a list of 1 numbers"),
        ("face_embedding", "[10, 12,", "[12,", "embedding.template_px: must be a list of 10 numbers"),
        ("face_embedding", '"grey"', '"cmyk"', "embedding.colour_order: must be one of grey, rgb, bgr"),
        ("face_embedding", "finder@0123456789ab", "finder", "embedding.detector: must fit"),
        ("face_detection", "[8, 16]", "[0, 16]", "detection.strides_px: must hold numbers between 1 and"),
        ("face_detection", "[8, 16]", "[]", "detection.strides_px: must be a list of numbers"),
        ("face_detection", "scale = [1]", "scale = [true]", "detection.scale: must be a list of 1 numbers"),
    ],
)
def test_a_wrong_field_of_a_face_model_is_refused_by_name(
    right_manifest: Any, task: str, before: str, after: str, message: str
) -> None:
    text = right_manifest(task=task)
    assert before in text
    with pytest.raises(FormatError, match=re.escape(message)):
        parse_model_manifest(text.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('name = "mine"', 'name = "Mine!"', "name: must fit"),
        (
            'task = "finger_minutiae"',
            'task = "palm"',
            "task: must be one of finger_minutiae, face_detection, face_embedding",
        ),
        ('file = "mine.onnx"', 'file = "../mine.onnx"', "file: must fit"),
        ('sha256 = "', 'sha256 = "0', "sha256: must fit"),
        ("stride_px = 32", "stride_px = 0", "input.stride_px: must be a whole number of at least 1"),
        ("resolution_ppi = 500", "resolution_ppi = 0", "input.resolution_ppi: must lie between 50 and 4000"),
        (
            "score_threshold = 0.5",
            "score_threshold = 55",
            "minutiae.score_threshold: must lie between 0 and 1",
        ),
        ("max_minutiae = 60", "", "minutiae.max_minutiae: is missing"),
        ("max_minutiae = 60", "max_minutiae = 60\nmax = 1", "minutiae.max: is not a field"),
        ('title = "', 'titel = "a"\ntitle = "', "titel: is not a field"),
        ('file = "LICENSE"', 'file = "/etc/passwd"', "licence.file: must fit"),
        ("commercial_use = true", 'commercial_use = "yes"', "licence.commercial_use: must be true or false"),
    ],
)
def test_a_wrong_field_is_refused_by_name(right_manifest: Any, before: str, after: str, message: str) -> None:
    text = right_manifest()
    assert before in text
    with pytest.raises(FormatError, match=re.escape(message)):
        parse_model_manifest(text.replace(before, after))


def test_an_unknown_schema_is_refused_before_anything_else_is_read() -> None:
    with pytest.raises(UnsupportedVersion, match="schema 2 is not known, this version reads 1"):
        parse_model_manifest("schema = 2\nwhatever = true")


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(FormatError, match=re.escape("no TOML")):
        parse_model_manifest("schema: 1")


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"cannot read manifest\.toml"):
        read_model_manifest(tmp_path)


def test_a_manifest_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(FormatError, match="not UTF-8"):
        read_model_manifest(tmp_path)
