"""`measure_iris`: everything that is measured of a sample of an iris, one number each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from biocapil.iris_segmentation import CONTOUR_ANGLES, IrisContour, IrisSegmentation, UnwrappedIris
from biocapil.quality.iris.direction import detail_by_direction
from biocapil.quality.iris.edges import measure_edge
from biocapil.quality.iris.geometry import inside_share, off_centre, ovalness
from biocapil.quality.iris.glare import glare_share
from biocapil.quality.iris.interlace import combing
from biocapil.quality.iris.texture import fine_detail, strength

MEASURES = (
    "confidence",
    "radius",
    "inside",
    "opening",
    "visible",
    "pupil_contrast",
    "pupil_width",
    "pupil_unevenness",
    "limbus_contrast",
    "limbus_width",
    "limbus_unevenness",
    "detail",
    "strength",
    "combing",
    "fineness",
    "one_sidedness",
    "glare",
    "dilation",
    "off_centre",
    "pupil_oval",
    "limbus_oval",
)
"""Names, in the order in which a fit reads them."""

AROUND = 1.25
"""Half the side of the square around the eye, in radii."""


def measure_iris(
    pixels: NDArray[np.uint8], segmentation: IrisSegmentation, unwrapped: UnwrappedIris
) -> Mapping[str, float]:
    """Measure a sample whose iris was found.

    Args:
        pixels: Grey values of the sample. Shape (rows, columns), uint8.
        segmentation: Where the iris lies.
        unwrapped: The iris laid flat.

    Returns:
        One number for each of `MEASURES`.
    """
    grey = pixels.astype(np.float32)
    radius = segmentation.limbus.radius_px
    pupil, limbus = (
        measure_edge(grey, contour, _clear(segmentation, contour), iris_radius_px=radius)
        for contour in (segmentation.pupil, segmentation.limbus)
    )
    around = _around(pixels.shape, segmentation)
    window = grey[around]
    detail = detail_by_direction(window, _inside(around, segmentation), radius_px=radius)
    return {
        "confidence": segmentation.confidence,
        "radius": float(np.log(radius)),
        "inside": inside_share(segmentation, pixels.shape),
        "opening": _share(segmentation.opening, segmentation),
        "visible": unwrapped.visible_share,
        "pupil_contrast": pupil.contrast,
        "pupil_width": pupil.width,
        "pupil_unevenness": pupil.unevenness,
        "limbus_contrast": limbus.contrast,
        "limbus_width": limbus.width,
        "limbus_unevenness": limbus.unevenness,
        "detail": fine_detail(unwrapped),
        "strength": strength(unwrapped),
        "combing": combing(window),
        "fineness": detail.fineness,
        "one_sidedness": detail.one_sidedness,
        "glare": glare_share(grey, segmentation),
        "dilation": segmentation.dilation,
        "off_centre": off_centre(segmentation),
        "pupil_oval": ovalness(segmentation.pupil),
        "limbus_oval": ovalness(segmentation.limbus),
    }


def _clear(segmentation: IrisSegmentation, contour: IrisContour) -> NDArray[np.bool_]:
    """Angles at which the border lies between the lids."""
    places = (contour.points() + 0.5) / segmentation.px_per_cell - 0.5
    rows, columns = segmentation.opening.shape
    x, y = np.round(places[:, 0]).astype(int), np.round(places[:, 1]).astype(int)
    inside = (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
    clear = np.zeros(CONTOUR_ANGLES, np.bool_)
    clear[inside] = segmentation.opening[y[inside], x[inside]] > 0.5
    return clear


def _share(cells: NDArray[np.float32], segmentation: IrisSegmentation) -> float:
    """Mean of a map over the ring of the iris, 0 outside the picture."""
    angles = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    inner, outer = segmentation.pupil.points(angles), segmentation.limbus.points(angles)
    places = inner + (outer - inner) * np.linspace(0.05, 0.95, 12)[:, None, None]
    places = np.round((places + 0.5) / segmentation.px_per_cell - 0.5).astype(int)
    x, y = places[..., 0], places[..., 1]
    inside = (x >= 0) & (y >= 0) & (x < cells.shape[1]) & (y < cells.shape[0])
    return float(cells[y[inside], x[inside]].sum() / x.size)


def _around(shape: tuple[int, ...], segmentation: IrisSegmentation) -> tuple[slice, slice]:
    """Rows and columns of the square around the iris; its centre lies in the picture."""
    reach = AROUND * segmentation.limbus.radius_px
    centers = (segmentation.limbus.center_y_px, segmentation.limbus.center_x_px)
    rows, columns = (
        slice(max(0, int(center - reach)), min(side, int(center + reach) + 1))
        for center, side in zip(centers, shape, strict=True)
    )
    return rows, columns


def _inside(around: tuple[slice, slice], segmentation: IrisSegmentation) -> NDArray[np.bool_]:
    """Pixels of the square that lie on the iris or the pupil, between the lids."""
    y, x = np.ogrid[around]
    limbus, scale = segmentation.limbus, segmentation.px_per_cell
    disc = np.hypot(x - limbus.center_x_px, y - limbus.center_y_px) < limbus.radius_px
    rows = np.clip(
        (np.arange(around[0].start, around[0].stop) / scale).astype(int), 0, segmentation.opening.shape[0] - 1
    )
    columns = np.clip(
        (np.arange(around[1].start, around[1].stop) / scale).astype(int), 0, segmentation.opening.shape[1] - 1
    )
    opened: NDArray[np.bool_] = segmentation.opening[np.ix_(rows, columns)] > 0.5
    return disc & opened
