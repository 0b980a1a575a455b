"""Cards over the real PC/SC service with its virtual reader: one round trip, and a whole travel document.

    python benchmarks/bench_cards.py [--commands N] [--documents N]

Needs pcscd, vsmartcard-vpcd, pyscard and root. Times are wall-clock times through driver, pyscard, pcscd,
virtual reader and our card. Figures go to benchmarks/results/cards.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from biocapil.capture import CancelToken, Deadline, DeviceAddress, Opening, SystemClock
from biocapil.capture.cards import Authenticity, CardContents, CardRequest, VirtualCard
from biocapil_drivers.emrtd import APPLICATION
from biocapil_drivers.emrtd.emulator import EmulatedDocument
from biocapil_drivers.emrtd.invented import ACCESS, invented_document
from biocapil_drivers.emulation.pcsc_service import READER, PcscService
from biocapil_drivers.emulation.virtual_reader import InsertedCard
from biocapil_drivers.iso7816.file_card import FileCard
from biocapil_drivers.pcsc import DRIVER
from biocapil_drivers.pcsc.reader import PcscCard

RESULTS = Path(__file__).resolve().parent / "results" / "cards.json"
CLOCK = SystemClock()
ADDRESS = DeviceAddress.parse(f"pcsc:///{quote(READER)}%2000%2000")
SELECT = bytes.fromhex("00a4000002 0101")
MOST_MS = 1.0
"""Bar for the median round trip."""


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--commands", type=int, default=5_000, help="round trips")
    parser.add_argument("--documents", type=int, default=20, help="documents that are read whole")
    arguments = parser.parse_args()
    document = invented_document()
    request = CardRequest(
        personal=True,
        portrait=True,
        secrets={"mrz": ACCESS},
        authorities=(document.authority,),
        now=datetime.now(UTC),
    )

    def one_command(card: PcscCard) -> None:
        assert card.transmit(SELECT, Deadline.after(CLOCK, 5.0)) == b"\x90\x00"

    def whole_document(card: PcscCard) -> None:
        found = APPLICATION.read(card, request, Deadline.after(CLOCK, 60.0))
        assert isinstance(found, CardContents), found
        assert found.authenticity is Authenticity.VERIFIED

    service = PcscService()
    try:
        plain = FileCard({(b"\x01\x01",): b"\x61\x03abc"})
        round_trip = times_ms(service, plain, one_command, arguments.commands)
        result = {
            "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
            "round_trip": round_trip,
            "document": times_ms(service, EmulatedDocument(document), whole_document, arguments.documents),
            "document_bytes": sum(map(len, document.files.values())),
        }
    finally:
        service.close()
    print(json.dumps(result, indent=1))
    assert round_trip["median_ms"] <= MOST_MS, result
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def times_ms(
    service: PcscService, card: VirtualCard, use: Callable[[PcscCard], None], count: int
) -> dict[str, float]:
    """Median and 99th percentile of so many uses of a card in the virtual reader, in milliseconds."""
    reader = DRIVER.open(ADDRESS, Opening())
    while reader.card_present(Deadline.after(CLOCK, 5.0)):
        time.sleep(0.05)  # the service has not noticed yet that the card before is gone
    inserted = InsertedCard(card, port=service.port)
    held = reader.connect(CancelToken(), Deadline.after(CLOCK, 10.0))
    assert held is not None
    times: list[float] = []
    for _ in range(count):
        begun = time.perf_counter()
        use(held)
        times.append(1000 * (time.perf_counter() - begun))
    reader.close()
    inserted.remove()
    times.sort()
    return {
        "count": count,
        "median_ms": round(statistics.median(times), 3),
        "p99_ms": round(times[min(count - 1, int(0.99 * count))], 3),
    }


if __name__ == "__main__":
    main()
