"""What emulators of devices stand on: a serial line with real time, faults on demand, a plug to pull."""

from biocapil_drivers.emulation.emulated_line import EmulatedLine
from biocapil_drivers.emulation.faults import Fault, Faults
from biocapil_drivers.emulation.served import Served

__all__ = ["EmulatedLine", "Fault", "Faults", "Served"]
