"""Scores whose law is known: exponential roots of non-mated pairs, log-normal ones of mated pairs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.calibration import Calibration, CalibrationTable, fit_calibration
from biocapil.calibration.record_file import identify
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import Modality, ModelId

MODEL = ModelId("model@0123456789ab")
COMPARATOR = "test/1"
SCALE = 0.35
"""Mean root of similarity of non-mated pairs."""
MATED_MIDDLE = 4.0
MATED_SPREAD = 0.4


def upper_share(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of a standard normal variable beyond each point."""
    chances = [0.5 * math.erfc(point / math.sqrt(2)) for point in points.ravel().tolist()]
    return np.array(chances).reshape(points.shape)


def alike(rng: np.random.Generator, rows: int, columns: int, correlation: float) -> NDArray[np.float64]:
    """Standard normal variables, those of a row with this correlation."""
    shared, own = rng.standard_normal((rows, 1)), rng.standard_normal((rows, columns))
    return math.sqrt(correlation) * shared + math.sqrt(1 - correlation) * own


def _scores(
    seed: int,
    *,
    persons: int = 60,
    fingers: int = 1,
    mated: int = 400,
    scale: float = SCALE,
    correlation: float = 0.0,
    name: str = "known",
) -> LabelledScores:
    rng = np.random.default_rng(seed)
    left, right = np.triu_indices(persons, 1)
    nonmated = -np.log(upper_share(alike(rng, len(left), fingers, correlation))) * scale
    same = np.exp(rng.normal(math.log(MATED_MIDDLE), MATED_SPREAD, mated))
    owner, finger = rng.integers(0, persons, mated), np.tile(np.arange(fingers), len(left))
    roots = np.concatenate([nonmated.ravel(), same])
    instance = np.concatenate([finger, np.zeros(mated)]).astype(np.int16)
    return LabelledScores(
        dataset=name,
        model_id=MODEL,
        similarities=(roots**2).astype(np.float32),
        mated=np.arange(len(roots)) >= nonmated.size,
        first_subject=np.concatenate([np.repeat(left, fingers), owner]).astype(np.int32),
        second_subject=np.concatenate([np.repeat(right, fingers), owner]).astype(np.int32),
        sizes=np.full(len(roots), 40, dtype=np.int16),
        first_instance=instance,
        second_instance=instance,
    )


def true_llr(roots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-likelihood ratio of the known law."""
    logs = (np.log(roots) - math.log(MATED_MIDDLE)) / MATED_SPREAD
    mated = -0.5 * logs**2 - np.log(roots * MATED_SPREAD * math.sqrt(2 * math.pi))
    return mated + roots / SCALE + math.log(SCALE)


def _exact(*, dependence: float = 0.1, measured_to: float = 3.0, mean: float | None = None) -> Calibration:
    """Calibration without a doubt: evidence of different persons is exponential or, with a mean, normal."""
    if mean is None:
        roots = np.linspace(0.0, 40.0, 801)
        fmr, fnmr = np.exp(-roots), 1 - np.exp(-0.1 * roots)
        llr = math.log(0.1) + 0.9 * roots
    else:
        points = np.linspace(-4.0, 9.0, 401)
        roots, spread = points + 4.0, math.sqrt(2 * mean)
        fmr, fnmr = upper_share(points), upper_share(-(points - spread))
        fmr[0], llr = 1.0, -mean + spread * points
    table = CalibrationTable(
        roots=roots, fmr=fmr, fmr_low=fmr, fmr_high=fmr, fnmr=fnmr, llr=llr, measured_to=measured_to
    )
    return identify(
        model_id=MODEL,
        comparator=COMPARATOR,
        modality=Modality.FINGER,
        units=(1.0, 1.0, 1.0, 1.0),
        table=table,
        dependence=dependence,
        fitted_on=(),
    )


@pytest.fixture(scope="session")
def make_scores() -> Callable[..., LabelledScores]:
    return _scores


@pytest.fixture(scope="session")
def make_exact() -> Callable[..., Calibration]:
    return _exact


@pytest.fixture(scope="session")
def make_alike() -> Callable[[np.random.Generator, int, int, float], NDArray[np.float64]]:
    return alike


@pytest.fixture(scope="session")
def known_llr() -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    return true_llr


@pytest.fixture(scope="session")
def many() -> LabelledScores:
    """Enough pairs to count rates down to one in ten thousand."""
    return _scores(1, persons=300, mated=3000, name="many")


@pytest.fixture(scope="session")
def fitted(many: LabelledScores) -> Calibration:
    return fit_calibration([many], comparator=COMPARATOR)


@pytest.fixture(scope="session")
def few() -> LabelledScores:
    return _scores(2, persons=30, name="few")


@pytest.fixture(scope="session")
def few_but_of_all_sizes(few: LabelledScores) -> LabelledScores:
    sizes = np.resize(np.array([12, 25, 33, 50], dtype=np.int16), len(few.sizes))
    return replace(few, sizes=sizes)
