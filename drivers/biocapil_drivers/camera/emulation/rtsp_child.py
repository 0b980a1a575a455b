"""An RTSP server over GStreamer, run by the system's own Python: grey frames on its input become H.264.

    /usr/bin/python3 rtsp_child.py WIDTH HEIGHT RATE PORT

Frames of WIDTH x HEIGHT bytes come on the input, one after the other; ``ready PORT`` goes to the output once
clients can connect. It ends when its input does. Needs `gi` with GstRtspServer, and x264; nothing of ours.
"""

from __future__ import annotations

import importlib
import sys
import threading
from functools import partial
from typing import Any

gi: Any = importlib.import_module("gi")
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
Gst: Any = importlib.import_module("gi.repository.Gst")
GLib: Any = importlib.import_module("gi.repository.GLib")
GstRtspServer: Any = importlib.import_module("gi.repository.GstRtspServer")

LAUNCH = (
    "( appsrc name=frames is-live=true do-timestamp=true format=time"
    " caps=video/x-raw,format=GRAY8,width={width},height={height},framerate={rate}/1"
    " ! videoconvert ! video/x-raw,format=I420"
    " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max={rate} bitrate=4000"
    " ! rtph264pay name=pay0 pt=96 config-interval=1 )"
)


class Frames:
    """Passes frames of the input on to the one pipeline that all clients share."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._source: Any = None

    def attach(self, _factory: Any, media: Any) -> None:
        """A client has come: its pipeline takes frames from now on."""
        source = media.get_element().get_by_name("frames")
        self._source = source
        media.connect("unprepared", partial(self._detach, source))

    def pump(self, loop: Any) -> None:
        """Read until the end of the input."""
        while len(frame := sys.stdin.buffer.read(self._size)) == self._size:
            source = self._source
            if source is not None:
                source.emit("push-buffer", Gst.Buffer.new_wrapped(frame))
        loop.quit()

    def _detach(self, source: Any, _media: Any) -> None:
        if self._source is source:  # the next client's pipeline may be there before this one has gone
            self._source = None


def main(width: int, height: int, rate: int, port: int) -> None:
    """Serve until the input ends."""
    Gst.init(None)
    loop, server = GLib.MainLoop(), GstRtspServer.RTSPServer()
    server.set_service(str(port))
    server.set_address("127.0.0.1")
    factory, frames = GstRtspServer.RTSPMediaFactory(), Frames(width * height)
    factory.set_launch(LAUNCH.format(width=width, height=height, rate=rate))
    factory.set_shared(True)
    factory.connect("media-configure", frames.attach)
    server.get_mount_points().add_factory("/video", factory)
    server.attach(None)
    sys.stdout.write(f"ready {server.get_bound_port()}\n")
    sys.stdout.flush()
    threading.Thread(target=frames.pump, args=(loop,), daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
