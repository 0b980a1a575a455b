"""dlib's own file format: convolutions, their scales and shifts, and the last layer, in their order.

A whole number is one byte (its length in the low four bits, its sign in the highest) and that many bytes,
least first. A tensor is the number 2, four sides, and single precision numbers, least byte first. A layer
starts with the length and the text of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError

CONVOLUTION = b"\x01\x05con_4"
AFFINE = b"\x01\x07affine_"
LAST = b"\x01\x04fc_2"
TENSOR_VERSION = 2
SIDES = 4
LENGTH_BITS = 0x0F
SIGN_BIT = 0x80
NUMBERS_OF_CONVOLUTION = 7
"""Filters, rows, columns, stride of rows and columns, border of rows and columns."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Convolution:
    """One convolution with the scale and shift that follow it multiplied in.

    Attributes:
        weights: Shape (filters, channels, rows, columns), float32.
        bias: Shape (filters,), float32.
        stride: Step along rows and columns.
        border: Zeros added on each side along rows and columns.
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    stride: tuple[int, int]
    border: tuple[int, int]


class _Bytes:
    """A place in the file that moves on as numbers are read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def whole(self) -> int:
        first = self._data[self.place]
        length = first & LENGTH_BITS
        start = self.place + 1
        self.place = start + length
        value = int.from_bytes(self._data[start : self.place], "little")
        return -value if first & SIGN_BIT else value

    def tensor(self) -> tuple[NDArray[np.float32], tuple[int, ...]]:
        version = self.whole()
        if version != TENSOR_VERSION:
            raise ModelError(f"a tensor of version {version} at byte {self.place}, 2 was expected")
        sides = tuple(self.whole() for _ in range(SIDES))
        count = int(np.prod(sides))
        values = np.frombuffer(self._data, "<f4", count, self.place)
        self.place += values.nbytes
        return values, sides

    def next_layer(self) -> bytes:
        """Kind of the next layer that holds numbers; empty at the end."""
        kinds = (CONVOLUTION, AFFINE, LAST)
        found = [(at, kind) for kind in kinds if (at := self._data.find(kind, self.place)) >= 0]
        if not found:
            return b""
        at, kind = min(found)
        self.place = at + len(kind)
        return kind


def read_weights(data: bytes) -> tuple[list[Convolution], NDArray[np.float32]]:
    """Read the network.

    Args:
        data: Contents of dlib_face_recognition_resnet_model_v1.dat.

    Returns:
        Convolutions from the picture to the embedding, and the last layer, shape (features, dimensions).

    Raises:
        ModelError: The file does not hold what the format asks for.
    """
    file = _Bytes(data)
    plain: list[Convolution] = []
    affines: list[NDArray[np.float32]] = []
    last = np.empty((0, 0), np.float32)
    while kind := file.next_layer():
        if kind == LAST:
            file.whole()  # dimensions and features, which the tensor says again
            file.whole()
        values, sides = file.tensor()
        if kind == CONVOLUTION:
            plain.append(_convolution(values, [file.whole() for _ in range(NUMBERS_OF_CONVOLUTION)]))
        elif kind == AFFINE:
            affines.append(values)
        else:
            last = values.reshape(sides[0], -1)
    if len(plain) != len(affines) or not last.size:
        raise ModelError(
            f"{len(plain)} convolutions, {len(affines)} affine layers and a last layer of {last.size} numbers"
        )
    return [_with_affine(each, affine) for each, affine in zip(plain, affines, strict=True)], last


def parameter_count(convolutions: list[Convolution], last: NDArray[np.float32]) -> int:
    """Numbers that the network holds."""
    return sum(map(np.size, chain(*((each.weights, each.bias) for each in convolutions), [last])))


def _convolution(values: NDArray[np.float32], numbers: list[int]) -> Convolution:
    filters, rows, columns, stride_rows, stride_columns, border_rows, border_columns = numbers
    return Convolution(
        weights=values[:-filters].reshape(filters, -1, rows, columns),
        bias=values[-filters:],
        stride=(stride_rows, stride_columns),
        border=(border_rows, border_columns),
    )


def _with_affine(convolution: Convolution, affine: NDArray[np.float32]) -> Convolution:
    scale, shift = np.split(affine, 2)
    return Convolution(
        weights=convolution.weights * scale[:, None, None, None],
        bias=convolution.bias * scale + shift,
        stride=convolution.stride,
        border=convolution.border,
    )
