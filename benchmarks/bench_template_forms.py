"""What smaller templates lose: packed rows left out, the compact packing, records and cards.

    python benchmarks/bench_template_forms.py [--data FOLDER] [--store FILE] [--people N]

Each form takes the place of the full template on both sides of every comparison: all pairs of synthetic
people of two fingers and four impressions, and of the lent FVC sets, which only test and chose nothing;
without gates. Then the cost of a gated search. Figures go to benchmarks/results/template_forms.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import model_calibration, reliability
from biocapil.comparison import (
    PackedTemplates,
    compact,
    pack,
    prepare_probe,
    search,
    search_compact,
    similarity_matrix,
)
from biocapil.evaluation.pairing import PairProtocol, pair_samples
from biocapil.evaluation.rates import det_curve, equal_error_rate, operating_point
from biocapil.extraction import ExtractedSample, load_extractor
from biocapil.formats import (
    CardFormat,
    CardOrder,
    RecordStandard,
    read_card_minutiae,
    read_manifest,
    read_minutiae_record,
    record_to_templates,
    shorten_record,
    templates_to_record,
    write_card_minutiae,
    write_minutiae_record,
)
from biocapil.intake import extract_images
from biocapil.synthesis import read_truth, write_population
from biocapil.template import FingerprintTemplate
from kernel_race import figures, race, setting, too_busy, write_results
from lent_sets import DATA, fvc_samples, scores_of

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "template_forms.json"
OUT = HERE.parent / "out" / "bench"
SEED = 1301
TWO_FINGERS_BYTES = 1024
GALLERY = 20_000
PREDICTED = (0.01, 0.001)
Form = Callable[[Sequence[FingerprintTemplate]], PackedTemplates]


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    synthetic = synthetic_samples(arguments.store, people=arguments.people)
    sets = {"synthetic": synthetic}
    if (arguments.data / "manifest.csv").exists():
        sets.update(fvc_samples(arguments.data, arguments.store))
    rates = {
        form: {name: loss(samples, make) for name, samples in sets.items()} for form, make in FORMS.items()
    }
    for form, found in rates.items():
        cells = (f"{name[-10:]} {each['eer']:.2%} {each['fnmr']:.2%}" for name, each in found.items())
        print(f"{form:26}" + "  ".join(cells))
    templates = templates_of(synthetic)[0]
    result = {
        "setting": setting(templates[0].model_id),
        "bytes": bytes_of(templates),
        "rates": rates,
        "mean_of_lent_sets": {form: mean_of_lent(found) for form, found in rates.items() if len(found) > 1},
        "calibration_of_the_full_form": {
            form: {name: predicted(samples, FORMS[form]) for name, samples in sets.items()}
            for form in ("full", "compact")
        },
        "search": search_cost(templates),
    }
    print(result["calibration_of_the_full_form"])
    print(result["bytes"], result["mean_of_lent_sets"], result["search"])
    write_results(RESULTS, result)


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the lent data")
    parser.add_argument(
        "--store", type=Path, default=OUT / "templates.db", help="finished templates, encrypted"
    )
    parser.add_argument("--people", type=int, default=60, help="synthetic people")
    return parser.parse_args()


def synthetic_samples(store: Path, *, people: int) -> Sequence[ExtractedSample]:
    """Templates of synthetic people by the shipped extractor."""
    place = OUT / f"forms-{SEED}-{people}"
    truth = (
        read_truth(place)
        if place.exists()
        else write_population(place, people=people, impressions=4, seed=SEED, duplicates=0, lookalikes=0)
    )
    return extract_images(read_manifest(truth.manifest), load_extractor(), store=store)


def templates_of(
    samples: Sequence[ExtractedSample],
) -> tuple[list[FingerprintTemplate], NDArray[np.int64]]:
    """Templates, and a number for the finger that each is of."""
    made = [(one.fingerprint, one.entry.source) for one in samples if one.fingerprint is not None]
    numbers: dict[object, int] = {}
    owners = np.array([numbers.setdefault(source, len(numbers)) for _, source in made])
    return [template for template, _ in made], owners


def loss(samples: Sequence[ExtractedSample], form: Form) -> dict[str, float]:
    """Error rates of a set in one form."""
    templates, owners = templates_of(samples)
    packed = form(templates)
    matrix = similarity_matrix(packed, packed)
    first, second = np.triu_indices(len(owners), 1)
    mated = owners[first] == owners[second]
    curve = det_curve(matrix[first, second][mated], matrix[first, second][~mated])
    return {
        "eer": equal_error_rate(curve),
        "fnmr": operating_point(curve, max_fmr=0.001).fnmr,
        "fnmr_at_no_false_match": operating_point(curve, max_fmr=0.0).fnmr,
        "mated": int(mated.sum()),
        "nonmated": int((~mated).sum()),
    }


def predicted(samples: Sequence[ExtractedSample], form: Form) -> list[dict[str, float]]:
    """False matches at thresholds for which the calibration of the full form predicts rates."""
    made = [sample for sample in samples if sample.template is not None]
    templates, _ = templates_of(made)
    packed = form(templates)
    matrix = similarity_matrix(packed, packed)
    chosen = pair_samples(
        [each.entry for each in made], [each.content_sha256 for each in made], protocol=PairProtocol.ALL
    )
    pairs = np.concatenate([chosen.mated, chosen.nonmated])
    scores = scores_of(made)
    if len(scores.similarities) != len(pairs):
        raise ValueError(f"{len(pairs)} pairs were chosen, {len(scores.similarities)} scored")
    scores = replace(scores, similarities=matrix[pairs[:, 0], pairs[:, 1]])
    return [
        {
            "predicted_fmr": point.predicted,
            "false_matches": point.measured.errors,
            "comparisons": point.measured.trials,
            "low": point.measured.interval.low,
            "high": point.measured.interval.high,
        }
        for point in reliability(model_calibration(), scores, targets=PREDICTED)
    ]


def mean_of_lent(found: dict[str, dict[str, float]]) -> dict[str, float]:
    """Means over the lent sets, each counting the same."""
    lent = [each for name, each in found.items() if name != "synthetic"]
    return {
        rate: float(np.mean([each[rate] for each in lent]))
        for rate in ("eer", "fnmr", "fnmr_at_no_false_match")
    }


def rows_only(templates: Sequence[FingerprintTemplate], *, rows: int) -> PackedTemplates:
    """The best packed rows alone."""
    packed = pack(templates)
    sizes = np.minimum(np.diff(packed.offsets), rows)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
    within = np.arange(int(offsets[-1])) - np.repeat(offsets[:-1], sizes)
    kept: NDArray[np.int64] = np.repeat(packed.offsets[:-1], sizes) + within
    return PackedTemplates(words=packed.words[kept], offsets=offsets, model_id=packed.model_id)


def by_record(templates: Sequence[FingerprintTemplate]) -> PackedTemplates:
    """By way of an ISO record in which two such fingers take at most a kilobyte."""
    return pack([_as_record(template)[0] for template in templates])


def by_card(
    templates: Sequence[FingerprintTemplate], *, card_format: CardFormat, best_first: bool, limit: int = 80
) -> PackedTemplates:
    """By way of card data."""
    order = CardOrder.BEST_FIRST if best_first else CardOrder.Y_ASCENDING
    return pack(
        [
            read_card_minutiae(
                write_card_minutiae(template, card_format=card_format, limit=limit, order=order),
                card_format=card_format,
                best_first=best_first,
            )
            for template in templates
        ]
    )


def _as_record(template: FingerprintTemplate) -> tuple[FingerprintTemplate, int]:
    record = templates_to_record([template, template], standard=RecordStandard.ISO_19794_2_2005)
    data = write_minutiae_record(shorten_record(record, max_bytes=TWO_FINGERS_BYTES))
    return record_to_templates(read_minutiae_record(data).record)[0], len(data)


FORMS: dict[str, Form] = {
    "full": pack,
    "compact": lambda templates: compact(pack(templates)).expanded(),
    "24 rows": partial(rows_only, rows=24),
    "18 rows": partial(rows_only, rows=18),
    "ISO record": by_record,
    "card normal, best first": partial(by_card, card_format=CardFormat.NORMAL, best_first=True),
    "card compact, best first": partial(by_card, card_format=CardFormat.COMPACT, best_first=True),
    "card compact, by y": partial(by_card, card_format=CardFormat.COMPACT, best_first=False),
    "card compact, 45 by y": partial(by_card, card_format=CardFormat.COMPACT, best_first=False, limit=45),
}


def bytes_of(templates: Sequence[FingerprintTemplate]) -> dict[str, float]:
    """Mean bytes of a finger, and of two in a record."""
    packed = pack(templates)
    compacted = compact(packed)
    minutiae = float(np.mean([len(template) for template in templates]))
    return {
        "minutiae": minutiae,
        "full": float(packed.template_bytes().mean()),
        "compact": float(compacted.template_bytes().mean()),
        "compact_largest": int(compacted.template_bytes().max()),
        "two_fingers_in_a_record": float(np.mean([_as_record(template)[1] for template in templates])),
        "card_normal": 5 * minutiae,
        "card_compact": 3 * minutiae,
    }


def search_cost(templates: Sequence[FingerprintTemplate]) -> dict[str, Any]:
    """A gated search for somebody who is not there, in both packings, turn about."""
    packed = pack(templates[1:])
    rows = np.random.default_rng(SEED).integers(0, len(packed), GALLERY)
    mates = np.flatnonzero(similarity_matrix(pack(templates[:1]), packed)[0] > 16)
    gallery = packed.take(rows[~np.isin(rows, mates)])
    small, probe = compact(gallery), prepare_probe(templates[0])
    entrants: dict[str, Callable[[], object]] = {
        "full": lambda: search(probe, gallery, workers=1),
        "compact": lambda: search_compact(templates[0], small, workers=1),
    }
    times = race(entrants)
    return {"references": len(gallery), "busy": too_busy(), **figures(times, work=len(gallery))}


if __name__ == "__main__":
    main()
