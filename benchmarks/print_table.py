"""Print the one table of all measured ratios, and draw them: what `make bench` ends with.

    python benchmarks/print_table.py

Reads benchmarks/results/*.json as `floors.py` says and writes benchmarks/results/ratios.svg. Exit code 1
where a floor is missed.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from bars import Bar, rate_words, ratio_words
from floors import RESULTS, measured_bars
from ratio_picture import ratios_svg


def main() -> int:
    """Print and draw."""
    bars = measured_bars()
    Console(width=180).print(_table(bars))
    (RESULTS / "ratios.svg").write_text(ratios_svg(bars), encoding="utf-8")
    missed = [each for each in bars if not each.held]
    print(f"{len(bars) - len(missed)} of {len(bars)} floors are reached.")
    return 1 if missed else 0


def _table(bars: list[Bar]) -> Table:
    table = Table(title="Measured ratios; every one in one run")
    for name in ("what", "rate", "of the limit", "peer", "ratio", "floor", "stretch", "", "beside it"):
        table.add_column(name, justify="left" if name in {"what", "peer", "beside it", ""} else "right")
    for each in bars:
        table.add_row(
            each.what,
            rate_words(each.rate, each.unit),
            "" if each.limit_share is None else f"{each.limit_share:.0%}",
            each.peer,
            ratio_words(each.ratio),
            f"{each.floor:,g}×",
            "" if each.stretch is None else f"{each.stretch:,g}×",
            "held" if each.held else "MISSED",
            each.beside,
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
