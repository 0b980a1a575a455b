"""Card readers over PC/SC, and a reader made of software; the README says what they were proven against."""

from biocapil_drivers.pcsc.driver import DRIVER, PcscDriver
from biocapil_drivers.pcsc.memory_service import MemoryService
from biocapil_drivers.pcsc.reader import PcscReader
from biocapil_drivers.pcsc.service import CardHandle, CardService, ReaderState

__all__ = ["DRIVER", "CardHandle", "CardService", "MemoryService", "PcscDriver", "PcscReader", "ReaderState"]
