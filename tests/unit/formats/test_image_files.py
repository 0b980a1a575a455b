from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from biocapil.errors import FormatError, ResolutionUnknown, TruncatedRecord
from biocapil.formats import decode_sample, read_manifest, read_sample, sample_reader
from biocapil.sample import Origin
from biocapil.subject import SampleEntry
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, SubjectId

PIXELS = np.arange(200, dtype=np.uint8).reshape(10, 20)
needs_wsq = pytest.mark.skipif(importlib.util.find_spec("_wsq") is None, reason="the wsq package is absent")


def png(**options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(PIXELS).save(buffer, format="PNG", **options)
    return buffer.getvalue()


def difference(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> int:
    return int(np.abs(first.astype(int) - second.astype(int)).max())


def test_a_tagged_file_needs_no_stated_resolution() -> None:
    sample = decode_sample(png(dpi=(500, 500)))
    assert (sample.resolution_ppi, sample.pixels.tolist()) == (500.0, PIXELS.tolist())


def test_a_stated_resolution_wins_over_the_tag() -> None:
    assert decode_sample(png(dpi=(500, 500)), resolution_ppi=569).resolution_ppi == 569


def test_an_untagged_file_is_never_500_ppi_in_silence() -> None:
    with pytest.raises(ResolutionUnknown, match=r"^image: the file carries no resolution tag"):
        decode_sample(png())


def test_a_stated_resolution_outside_its_range_is_a_broken_contract() -> None:
    with pytest.raises(ValueError, match="resolution_ppi"):
        decode_sample(png(), resolution_ppi=5)


def test_what_the_caller_knows_stands_in_the_sample() -> None:
    sample = decode_sample(
        png(),
        resolution_ppi=500,
        position=FingerPosition.LEFT_RING,
        modality=Modality.FINGER,
        origin=Origin.SYNTHETIC,
    )
    assert (sample.position, sample.origin) == (FingerPosition.LEFT_RING, Origin.SYNTHETIC)


def test_raw_bytes_are_read_at_their_stated_size() -> None:
    sample = decode_sample(PIXELS.tobytes(), raw_size=(20, 10), resolution_ppi=500)
    assert sample.pixels.tolist() == PIXELS.tolist()


def test_a_raw_image_needs_a_stated_resolution() -> None:
    with pytest.raises(ResolutionUnknown, match="a raw image carries no resolution tag"):
        decode_sample(PIXELS.tobytes(), raw_size=(20, 10))


def test_a_raw_file_of_the_wrong_length_keeps_its_error_and_names_the_file() -> None:
    with pytest.raises(TruncatedRecord, match=r"^scan\.raw: raw image: 20 columns"):
        decode_sample(b"abc", raw_size=(20, 10), resolution_ppi=500, name="scan.raw")


@pytest.mark.parametrize("size", [None, (1, 1)])
def test_an_empty_file_is_refused(size: tuple[int, int] | None) -> None:
    with pytest.raises(FormatError, match="image: the file is empty"):
        decode_sample(b"", raw_size=size)


def test_a_corrupt_file_is_refused_before_its_resolution_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "half.png"
    file.write_bytes(png()[:45])
    with pytest.raises(FormatError, match=r"^half\.png: "):
        read_sample(file)


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "1.png"
    file.write_bytes(png())
    assert read_sample(str(file), resolution_ppi=500).pixels.shape == (10, 20)


def test_a_missing_file_is_a_format_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"gone\.png: cannot be read: No such file"):
        read_sample(tmp_path / "gone.png")


def test_a_reader_takes_name_position_and_modality_from_the_entry() -> None:
    entry = SampleEntry(
        name="a/1.png",
        file=Path("a/1.png"),
        subject=SubjectId("1"),
        modality=Modality.IRIS,
        position=EyePosition.RIGHT,
    )
    sample = sample_reader(resolution_ppi=512)(entry, png())
    assert (sample.modality, sample.position) == (Modality.IRIS, EyePosition.RIGHT)
    assert sample.resolution_ppi == 512
    with pytest.raises(FormatError, match=r"^a/1\.png: "):
        sample_reader(raw_size=(3, 3))(entry, b"abc")


def test_a_reader_takes_the_resolution_that_the_entry_states_unless_the_caller_knows_better() -> None:
    entry = SampleEntry(name="1", file=Path("1"), subject=SubjectId("1"), resolution_ppi=569.0)
    assert sample_reader()(entry, png()).resolution_ppi == 569
    assert sample_reader(resolution_ppi=500)(entry, png()).resolution_ppi == 500


@needs_wsq
def test_a_wsq_bomb_is_refused_by_its_header() -> None:
    frame = b"\xff\xa2\x00\x08\x00\x00\xff\xff\xff\xff"
    with pytest.raises(FormatError, match="65535 x 65535 pixels are more than"):
        decode_sample(b"\xff\xa0" + frame + b"\xff\xa3\xff\xa1")


@pytest.mark.lent
def test_every_lent_finger_image_is_read_and_none_has_a_resolution_of_its_own(lent_data: Path) -> None:
    entries = read_manifest(lent_data / "manifest.csv", modality=Modality.FINGER)
    assert len(entries) == 2450
    for entry in entries:
        read_sample(entry.file, resolution_ppi=500)
    for entry in entries[::100]:
        with pytest.raises(ResolutionUnknown, match="no resolution tag"):
            read_sample(entry.file)


@needs_wsq
@pytest.mark.lent
@pytest.mark.parametrize(
    ("compressed", "decoded"),
    [
        ("sourceafis_samples/wsq-original.wsq", "sourceafis_samples/wsq-converted.png"),
        ("wsq_samples/jnbis/sample.wsq", "wsq_samples/jnbis/sample.png"),
    ],
)
def test_a_lent_wsq_decodes_to_its_given_picture(lent_data: Path, compressed: str, decoded: str) -> None:
    sample = read_sample(lent_data / "vectors" / compressed)
    given = read_sample(lent_data / "vectors" / decoded, resolution_ppi=500)
    assert sample.resolution_ppi == 500.0
    assert difference(sample.pixels, given.pixels) <= 1


@needs_wsq
@pytest.mark.lent
def test_the_lent_wsq_of_libbiomeval_is_read(lent_data: Path) -> None:
    assert read_sample(lent_data / "vectors/libbiomeval_vectors/img.wsq").pixels.shape == (256, 256)


@pytest.mark.lent
def test_the_lent_print_is_the_same_in_every_format(lent_data: Path) -> None:
    folder = lent_data / "vectors" / "sourceafis_samples"
    pixels = read_sample(folder / "probe.png", resolution_ppi=500).pixels
    assert difference(pixels, read_sample(folder / "probe.bmp", resolution_ppi=500).pixels) == 0
    assert difference(pixels, read_sample(folder / "probe.jpeg", resolution_ppi=500).pixels) <= 32
    assert pixels.shape == (374, 388)


@pytest.mark.lent
def test_the_lent_jpeg_2000_carries_its_resolution(lent_data: Path) -> None:
    sample = read_sample(lent_data / "vectors/libbiomeval_vectors/img.jp2")
    assert (sample.resolution_ppi, sample.pixels.shape) == (1000.0, (1007, 908))


@pytest.mark.lent
def test_the_lent_raw_and_pgm_images_are_read(lent_data: Path) -> None:
    raw = lent_data / "vectors/nist_raw/nistFinger_500_500.raw"
    assert read_sample(raw, raw_size=(500, 500), resolution_ppi=500).pixels.std() > 20
    examples = sorted((lent_data / "vectors/nfiq2_conformance/examples/images").glob("*.pgm"))
    assert len(examples) == 5
    assert {read_sample(file, resolution_ppi=500).pixels.shape for file in examples} == {(560, 416)}


def jpeg(pixels: NDArray[np.uint8], **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="JPEG", quality=100, subsampling=0, **options)
    return buffer.getvalue()


def test_a_face_keeps_its_colours_and_is_turned_upright_by_its_exif_orientation() -> None:
    red_above = np.zeros((16, 32, 3), np.uint8)
    red_above[:8, :, 0] = 200
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side: turn clockwise by a quarter
    sample = decode_sample(jpeg(red_above, exif=exif), modality=Modality.FACE)
    assert sample.pixels.shape == (32, 16, 3)
    assert sample.resolution_ppi == 0
    assert sample.pixels[:, 12:, 0].min() > 180
    assert sample.pixels[:, :4, 0].max() < 20


def test_a_grey_face_stays_grey_and_a_coloured_iris_becomes_grey() -> None:
    assert decode_sample(png(), modality=Modality.FACE).pixels.tolist() == PIXELS.tolist()
    assert decode_sample(jpeg(np.zeros((8, 8, 3), np.uint8)), modality=Modality.IRIS).pixels.shape == (8, 8)


def test_a_face_with_holes_lies_on_white() -> None:
    see_through = np.zeros((4, 4, 4), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(see_through).save(buffer, format="PNG")
    assert decode_sample(buffer.getvalue(), modality=Modality.FACE).pixels.min() == 255
