"""Draw the sheet of synthetic prints that the documentation shows.

    python benchmarks/synthetic_sheet.py docs/images/synthetic.jpg

Two rows of sensor styles, then three rows of degradations on one touch, in the order of their enumerations.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from biocapil.synthesis import Degradation, Pattern, SensorStyle, make_impression, make_master
from print_sheet import write_sheet

COLUMNS = 5
SEED = 71
STYLE_DIFFICULTY = 0.35
DEGRADED_DIFFICULTY = 0.15
SEVERITY = 0.8


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path, help="picture to write")
    fingers = [make_master((SEED, number)) for number in range(len(SensorStyle))]
    pictures = [
        make_impression(finger, (SEED, 1, number), style=style, difficulty=STYLE_DIFFICULTY).pixels
        for number, (finger, style) in enumerate(zip(fingers, SensorStyle, strict=True))
    ]
    one = make_master((SEED, 2), pattern=Pattern.WHORL)
    pictures += [
        make_impression(
            one,
            (SEED, 3),
            style=SensorStyle.OPTICAL_WHITE,
            difficulty=DEGRADED_DIFFICULTY,
            degradations={degradation: SEVERITY},
        ).pixels
        for degradation in Degradation
    ]
    rows = [pictures[start : start + COLUMNS] for start in range(0, len(pictures), COLUMNS)]
    write_sheet(parser.parse_args().file, rows)


if __name__ == "__main__":
    main()
