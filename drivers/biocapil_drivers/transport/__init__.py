"""Ways to a device: a serial line, and a trace that stands in for one; each may be recorded."""

from biocapil_drivers.transport.recorded import RecordedTransport
from biocapil_drivers.transport.replayed import ReplayedTransport
from biocapil_drivers.transport.seam import ReadCancelled, Transport
from biocapil_drivers.transport.serial_line import SerialLine, find_serial_ports
from biocapil_drivers.transport.tcp_line import TcpLine

__all__ = [
    "ReadCancelled",
    "RecordedTransport",
    "ReplayedTransport",
    "SerialLine",
    "TcpLine",
    "Transport",
    "find_serial_ports",
]
