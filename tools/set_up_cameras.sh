#!/bin/sh
# Install GStreamer's RTSP server, the real stack that cameras are tested with, where the system lacks it and we
# are root. Never fails: the tests that need it skip and say why.
set -eu

has_rtsp() {
    /usr/bin/python3 -c 'import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
raise SystemExit(Gst.ElementFactory.find("x264enc") is None)' 2>/dev/null
}

set -- python3-gi gir1.2-gst-rtsp-server-1.0 \
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly
if has_rtsp; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "set_up_cameras: installing $*" >&2
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } >&2 || true
fi
has_rtsp || echo "set_up_cameras: no RTSP server here; the tests that need it will skip: $*" >&2
