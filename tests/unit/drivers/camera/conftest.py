"""What several tests of cameras ask for."""

from __future__ import annotations

import pytest

from biocapil_drivers.camera.emulation import why_no_rtsp


@pytest.fixture
def rtsp() -> None:
    """A system with GStreamer's RTSP server; the test is skipped, with this reason, where it is absent."""
    if reason := why_no_rtsp():
        pytest.skip(reason)
