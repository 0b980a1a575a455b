"""What `gallery create` asks about the models of a gallery: of fingers, irises and faces."""

from __future__ import annotations

from typing import Annotated

import typer

from biocapil.comparison import EmbeddingPrecision
from biocapil.gallery import FaceModel, IrisModel
from biocapil.iris_code import CodeGeometry
from biocapil.vocabulary import ModelId

FingersOption = Annotated[
    bool, typer.Option("--fingers/--no-fingers", help="Whether it holds fingerprint templates.")
]
IrisOption = Annotated[str | None, typer.Option("--iris", help="Model or encoder of iris codes; else none.")]
ColumnsOption = Annotated[int, typer.Option(help="Angles at which an iris code has bits.")]
ColumnBitsOption = Annotated[int, typer.Option(help="Bits at each angle: 8, 16, 32 or 64.")]
TurnsOption = Annotated[int, typer.Option(help="Columns that an eye may be turned either way.")]
EveryOption = Annotated[
    int | None,
    typer.Option(help="Keep one column in so many beside the codes, for searches in two stages; else none."),
]
FaceOption = Annotated[str | None, typer.Option("--face", help="Model of embeddings of faces; else none.")]
DimensionsOption = Annotated[int | None, typer.Option(help="Dimensions of an embedding.")]
PrecisionOption = Annotated[
    EmbeddingPrecision, typer.Option(help="What is kept of faces; int8 keeps quantised values alone.")
]


def iris_model(
    name: str | None, *, columns: int, column_bits: int, turns: int, every: int | None
) -> IrisModel | None:
    """Model of irises; None where it has no name.

    Raises:
        ValueError: A number is outside its range.
    """
    if name is None:
        return None
    geometry = CodeGeometry(columns=columns, column_bits=column_bits)
    return IrisModel(model_id=ModelId(name), geometry=geometry, turns=turns, every=every)


def face_model(
    name: str | None, *, dimensions: int | None, precision: EmbeddingPrecision
) -> FaceModel | None:
    """Model of faces; None where it has no name.

    Raises:
        ValueError: There are no dimensions, or they are outside their range.
    """
    if name is None:
        return None
    if dimensions is None:
        raise ValueError("--face needs --face-dimensions, the length of the model's embeddings")
    return FaceModel(model_id=ModelId(name), dimensions=dimensions, precision=precision)
