"""Accuracy and cost over five FVC sets at their true resolution.

With the templates of each shipped extractor, and with third-party minutiae records of the same prints.

    python benchmarks/bench_fingerprint_accuracy.py [--data FOLDER] [--only KIND] [--gallery N]

Every mated pair against every non-mated pair of a set. Speed is measured on one thread over at least
10,000 references made of the set's own templates. Figures go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

from biocapil.evaluation import GALLERY_SIZE, evaluate, evaluation_json
from biocapil.extraction import DEFAULT_MODEL, ExtractedSample, load_extractor
from biocapil.formats import read_manifest
from biocapil.intake import extract_images, read_named_files, read_records

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "fingerprint_accuracy.json"
SETS_PPI = {
    "fvc2002_db1_b": 500.0,
    "fvc2002_db2_b": 569.0,
    "fvc2002_db3_b": 500.0,
    "fvc2004_db1_b": 500.0,
    "fvc2004_db3_b": 512.0,
}
MODELS = (DEFAULT_MODEL, "leader")
SamplesOf = Callable[[Path, str], Sequence[ExtractedSample]]
"""Templates of a set in the lent data."""
LONG_FIELDS = frozenset(
    {"det_band", "groups", "identification", "subject_errors", "suspect_samples", "worst"}
)
COLUMNS = ("EER", "FNMR@1%", "FNMR@0.1%", "FNMR@0", "lost", "ms", "bytes", "gated/s", "exact/s")


def main() -> None:
    """Measure, print, write."""
    arguments = parse_arguments()
    kinds: dict[str, SamplesOf] = {model: partial(from_images, model=model) for model in MODELS}
    kinds["records"] = from_records
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, samples_of in kinds.items():
        if arguments.only in {None, kind}:
            print(f"\n{kind}")
            print(f"{'set':16}" + "".join(f"{column:>11}" for column in COLUMNS))
            found[kind] = [
                measured(name, samples_of(arguments.data, name), gallery=arguments.gallery)
                for name in SETS_PPI
            ]
            print(summary_line(found[kind]))
    means = {kind: means_of(results) for kind, results in found.items()}
    if len(found) < len(kinds):
        return  # a part is for looking at; the committed figures are of the whole
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"means": means, "sets": found}, indent=1) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    default = os.environ.get("BIOCAPIL_DATA", HERE.parent.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default), help="folder of the lent data")
    parser.add_argument("--only", choices=(*MODELS, "records"))
    parser.add_argument("--gallery", type=int, default=GALLERY_SIZE, help="references when speed is measured")
    return parser.parse_args()


def from_images(data: Path, name: str, *, model: str) -> Sequence[ExtractedSample]:
    """Templates that a shipped extractor makes of a set's images."""
    entries = read_manifest(data / "manifest.csv", dataset=name)
    return extract_images(entries, load_extractor(model), resolution_ppi=SETS_PPI[name])


def from_records(data: Path, name: str) -> Sequence[ExtractedSample]:
    """Templates of the third-party records of a set."""
    return read_records(read_named_files(data / "vectors" / "fmr_secugen_fvc" / name, dataset=name))


def measured(name: str, samples: Sequence[ExtractedSample], *, gallery: int) -> dict[str, Any]:
    """Figures of one set, printed as one line."""
    result = evaluate(samples, dataset=name, gallery_size=gallery)
    fields: dict[str, Any] = json.loads(evaluation_json(result))
    fields = {name: value for name, value in fields.items() if name not in LONG_FIELDS}
    fnmr = fields["fnmr_at_fmr"]
    times = fields["extract_ms"]
    cells = (
        f"{fields['eer']:.2%}",
        *(f"{fnmr[limit]:.2%}" for limit in ("0.01", "0.001", "0")),
        f"{fields['gate_cost']['mated_lost']}/{fields['gate_cost']['mated_accepted']}",
        f"{times['median']:.0f}" if times else "-",
        f"{fields['template_bytes']:.0f}",
        *(
            f"{fields[rate]:,.0f}" if fields[rate] else "-"
            for rate in ("comparisons_per_s_per_core", "exact_comparisons_per_s_per_core")
        ),
    )
    print(f"{name:16}" + "".join(f"{cell:>11}" for cell in cells), flush=True)
    return fields


def means_of(results: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Means over the sets, each set counting the same."""
    return {
        "eer": mean(fields["eer"] for fields in results),
        **{
            f"fnmr_at_fmr_{limit}": mean(fields["fnmr_at_fmr"][limit] for fields in results)
            for limit in ("0.01", "0.001", "0")
        },
    }


def summary_line(results: Sequence[dict[str, Any]]) -> str:
    """Means, processor and versions."""
    first = results[0]
    cells = "".join(f"{value:>11.2%}" for value in means_of(results).values())
    return f"{'mean':16}{cells}\n{first['cpu']}, model {first['model_id']}, {first['versions']}"


if __name__ == "__main__":
    main()
