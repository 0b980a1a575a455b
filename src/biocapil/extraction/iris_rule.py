"""`IrisRule`: table ``[iris]`` of a manifest, every number between the maps of a network and a code."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.extraction.manifest_table import ManifestTable
from biocapil.iris_code import CodeGeometry

BITS_PER_WAVE = 2
"""Signs of the real and of the imaginary part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IrisCodeRule:
    """One size of code.

    Attributes:
        columns: Angles at which bits are read.
        bands: Rings at which they are read.
        wavelengths: Wavelengths of the filters, in columns of the unwrapped iris.
        spread: Standard deviation of a filter's envelope, in wavelengths.
    """

    columns: int
    bands: int
    wavelengths: tuple[float, ...]
    spread: float

    @property
    def geometry(self) -> CodeGeometry:
        """How the bits stand."""
        return CodeGeometry(
            columns=self.columns, column_bits=self.bands * len(self.wavelengths) * BITS_PER_WAVE
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IrisRule:
    """From maps to a code.

    Attributes:
        longest_px: Longer side of what the network reads.
        pupil_waves: Waves around the pupil by which it may differ from a circle.
        limbus_waves: The same of the outer border.
        min_radius_px: Least radius of an iris in pixels of the sample.
        confidence: Weights of the confidence: constant, then one for each of `confidence.MEASURES`.
        min_confidence: Less is a failure to extract.
        unwrapped_rows: Rings of the unwrapped iris.
        unwrapped_columns: Its angles.
        inner: Where the first band begins, from pupil 0 to limbus 1.
        outer: Where the last band ends.
        dark: Deviations below a ring's median at which a place counts as a lash or a shadow.
        bright: Deviations above it at which it counts as a reflection.
        rough: Deviations of the local contrast over its median at which a place counts as covered.
        min_cover: Least visible share of what a filter sees for a valid bit.
        weakest: Share of the answers of each filter, the weakest ones, whose bits are not compared.
        min_valid_share: Least share of valid bits of a code.
        codes: Sizes of code by name; the first is the default.
    """

    longest_px: int
    pupil_waves: int
    limbus_waves: int
    min_radius_px: float
    confidence: tuple[float, ...]
    min_confidence: float
    unwrapped_rows: int
    unwrapped_columns: int
    inner: float
    outer: float
    dark: float
    bright: float
    rough: float
    min_cover: float
    weakest: float
    min_valid_share: float
    codes: tuple[tuple[str, IrisCodeRule], ...]


def read_iris_rule(table: ManifestTable) -> IrisRule:
    """Take the rule out of its table.

    Raises:
        FormatError: A field is missing, unknown or out of range.
    """
    value = IrisRule(
        longest_px=table.whole("longest_px", least=32),
        pupil_waves=table.whole("pupil_waves", least=0),
        limbus_waves=table.whole("limbus_waves", least=0),
        min_radius_px=table.number("min_radius_px", least=1, most=1000),
        confidence=table.numbers("confidence"),
        min_confidence=table.number("min_confidence", least=0, most=1),
        unwrapped_rows=table.whole("unwrapped_rows", least=8),
        unwrapped_columns=table.whole("unwrapped_columns", least=8),
        inner=table.number("inner", least=0, most=1),
        outer=table.number("outer", least=0, most=1),
        dark=table.number("dark", least=0, most=100),
        bright=table.number("bright", least=0, most=100),
        rough=table.number("rough", least=0, most=100),
        min_cover=table.number("min_cover", least=0, most=1),
        weakest=table.number("weakest", least=0, most=0.9),
        min_valid_share=table.number("min_valid_share", least=0, most=1),
        codes=tuple((name, _code(table.table(name))) for name in table.texts("codes")),
    )
    table.refuse_rest()
    return value


def _code(table: ManifestTable) -> IrisCodeRule:
    value = IrisCodeRule(
        columns=table.whole("columns", least=1),
        bands=table.whole("bands", least=1),
        wavelengths=table.numbers("wavelengths"),
        spread=table.number("spread", least=0.05, most=5),
    )
    table.refuse_rest()
    return value
