"""The connection to a network camera: TLS, who is trusted, and lines that break."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from biocapil.capture import Deadline, DeviceAddress, Opening, SystemClock
from biocapil.errors import DeviceError, DeviceLost, DeviceNotFound, DeviceTimeout
from biocapil_drivers.camera import DRIVER
from biocapil_drivers.camera.emulation.mjpeg_server import encode_jpeg
from biocapil_drivers.camera.synthetic import moving_disc
from biocapil_drivers.camera.wire import SocketWire

CLOCK = SystemClock()
ANSWER = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=cut\r\n\r\n"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "camera")])
    now = dt.datetime.now(dt.UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(host, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "camera.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """A camera that speaks TLS and shows five pictures to one client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve_once, args=(listener, context))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def serve_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    plain, _ = listener.accept()
    with plain:
        try:
            with context.wrap_socket(plain, server_side=True) as client:
                client.recv(4096)
                client.sendall(ANSWER)
                for number in range(5):
                    client.sendall(b"--cut\r\n\r\n" + encode_jpeg(moving_disc(384, 64)(number)))
                client.recv(4096)
        except OSError:
            return


def test_a_camera_whose_certificate_is_trusted_is_read_over_tls(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    camera = DRIVER.open(DeviceAddress.parse(f"camera+mjpegs://127.0.0.1:{port}/v"), Opening(timeout_s=5))
    assert camera.info.capability is not None
    assert camera.info.capability.width_px == 384
    camera.close()


def test_a_camera_that_nobody_vouches_for_is_refused(port: int) -> None:
    with pytest.raises(DeviceError, match="does not trust"):
        DRIVER.open(DeviceAddress.parse(f"camera+mjpegs://127.0.0.1:{port}/v"), Opening(timeout_s=5))


def test_a_line_that_takes_no_bytes_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = SocketWire("127.0.0.1", listener.getsockname()[1], Deadline.after(CLOCK, 2), secure=False)
        with pytest.raises(DeviceTimeout, match="does not take"):
            wire.write(bytes(1 << 24), Deadline.after(CLOCK, 0.2))
        wire.close()
        with pytest.raises(DeviceLost):
            wire.read(1, 0.0)


def unknown(*_: object, **_options: object) -> None:
    raise socket.gaierror("no such host")


def test_a_host_that_nobody_knows_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(DeviceNotFound):
        SocketWire("camera.invalid", 80, Deadline.after(CLOCK, 5), secure=False)
