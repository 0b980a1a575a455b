"""What several tests of cameras ask for."""

from __future__ import annotations

import os

import pytest

from biocapil_drivers.camera.emulation import why_no_rtsp


@pytest.fixture
def rtsp() -> None:
    """A system with GStreamer's RTSP server; a build server that runs as root must have it."""
    reason = why_no_rtsp()
    if reason and os.environ.get("CI") == "true" and os.geteuid() == 0:
        pytest.fail(f"the build server should have it: {reason}")
    if reason:
        pytest.skip(reason)
