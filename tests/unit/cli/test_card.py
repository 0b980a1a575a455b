"""``biocapil card`` from end to end: emulated reader, emulated card, the lines that are printed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image

from biocapil.capture import DeviceAddress, Opening
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.main import main
from biocapil_drivers.emrtd import APPLICATION
from biocapil_drivers.emrtd.emulator import Document, EmulatedDocument
from biocapil_drivers.emrtd.invented import ACCESS, invented_document
from biocapil_drivers.iso7816.drawn_face import drawn_face
from biocapil_drivers.pcsc.driver import DRIVER

Captured = pytest.CaptureFixture[str]
ADDRESS = "emulated:pcsc?card=emrtd"


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch) -> Document:
    """The document that the emulated card is, with its authority."""
    found = invented_document()

    def emulated(_: object, holder: int = 0) -> EmulatedDocument:
        assert holder == 0
        return EmulatedDocument(found)

    monkeypatch.setattr(type(APPLICATION), "emulated_card", emulated)
    return found


@pytest.fixture
def secret(tmp_path: Path) -> str:
    file = tmp_path / "lines.txt"
    file.write_text(f"{ACCESS}\n", encoding="utf-8")
    return f"mrz={file}"


def lines(capsys: Captured) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_card_is_read_and_its_picture_written(
    document: Document, secret: str, tmp_path: Path, capsys: Captured
) -> None:
    picture, authority = tmp_path / "face.png", tmp_path / "authority.pem"
    authority.write_bytes(x509.load_der_x509_certificate(document.authority).public_bytes(Encoding.PEM))
    words = ["card", "read", ADDRESS, "--kind", "emrtd", "--secret-file", secret]
    more = ["--personal", "--picture", str(picture), "--authority", str(authority)]
    assert main([*words, *more]) == ExitCode.DONE
    (line,) = lines(capsys)
    assert (line["type"], line["authenticity"], line["portrait"]) == ("card", "verified", True)
    personal = line["personal"]
    assert isinstance(personal, dict)
    assert personal["surname"] == "CONTOH"
    assert picture.stat().st_mode & 0o777 == 0o600
    with Image.open(picture) as image:
        assert np.abs(np.asarray(image).astype(int) - drawn_face()).mean() < 3


def test_nothing_personal_is_printed_unless_it_is_asked_for(
    document: Document, secret: str, capsys: Captured
) -> None:
    del document
    assert main(["card", "read", ADDRESS, "--kind", "emrtd", "--secret-file", secret]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert "CONTOH" not in out + err
    assert json.loads(out)["portrait"] is False


@pytest.mark.parametrize(
    ("address", "language", "reason", "words"),
    [
        (ADDRESS, "en", "key_needed", "lines that are printed"),
        ("emulated:pcsc?card=", "id", "no_card", "Belum ada kartu"),
    ],
)
def test_what_a_person_can_mend_is_said(
    address: str, language: str, reason: str, words: str, capsys: Captured
) -> None:
    arguments = ["card", "read", address, "--kind", "emrtd", "--timeout", "0", "--lang", language]
    assert main(arguments) == ExitCode.NO
    out, err = capsys.readouterr()
    assert json.loads(out) == {"type": "refused", "reason": reason}
    assert words in " ".join(err.split())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--kind", "library"], ExitCode.DEVICE, "no installed package reads cards of kind 'library'"),
        (["--kind", "emrtd", "--secret-file", "mrz"], ExitCode.USAGE, "takes NAME=FILE"),
        (["--kind", "emrtd", "--secret-file", "mrz=/no/such"], ExitCode.DATA, "No such file"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], code: ExitCode, said: str, capsys: Captured
) -> None:
    assert main(["card", "read", ADDRESS, *arguments]) == code
    assert said in capsys.readouterr().err


def test_a_device_that_reads_no_cards_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    class Printer:
        def close(self) -> None: ...

    def opened(self: object, address: DeviceAddress, opening: Opening) -> Printer:
        del self, address, opening
        return Printer()

    monkeypatch.setattr(type(DRIVER), "open", opened)
    assert main(["card", "read", ADDRESS, "--kind", "emrtd"]) == ExitCode.DEVICE
    assert "reads no cards" in capsys.readouterr().err


def test_kinds_and_readers_are_listed(capsys: Captured) -> None:
    assert main(["card", "list"]) == ExitCode.DONE
    out, err = capsys.readouterr()
    kinds = {line["name"]: line for line in map(json.loads, out.splitlines()) if line["type"] == "kind"}
    assert kinds["emrtd"]["secrets"] == ["mrz"]
    assert "emrtd" in err
    assert main(["card", "list", "--json"]) == ExitCode.DONE
    assert capsys.readouterr().err == ""


def test_cards_are_watched(capsys: Captured) -> None:
    assert main(["card", "watch", "emulated:pcsc?card=", "--seconds", "0.3"]) == ExitCode.DONE
    kinds = [line["type"] for line in lines(capsys)]
    assert kinds == ["state", "card_absent", "state"]
