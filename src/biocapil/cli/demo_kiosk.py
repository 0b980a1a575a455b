"""``biocapil demo --kiosk``: visits to a kiosk of emulated devices, from capture to the decision.

scanner, camera, card ─► samples ─► templates ─► search among earlier visitors ─► decision ─► gallery
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from biocapil.any_template import Template
from biocapil.calibration import joint_policy_for, model_calibration
from biocapil.capture import Judge
from biocapil.cli.demo_visits import Visit, capture_fingers, capture_irises, read_document, visits_of
from biocapil.cli.exit_codes import ExitCode
from biocapil.cli.policy_options import FPIR, REVIEW_FPIR
from biocapil.cli.progress import people_console
from biocapil.cli.set_models import iris_model
from biocapil.extraction import load_extractor
from biocapil.gallery import (
    Gallery,
    GalleryModels,
    PersonRecord,
    PersonSearch,
    person_record,
    probe_of_record,
    search_person,
)
from biocapil.intake import assessor_of
from biocapil.iris_code import IrisCode
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Decision, EyePosition, Modality

PEOPLE = 1_000_000
"""Registry that the thresholds are for; the gallery itself holds whoever was there before."""

COMPARED = (Modality.FINGER, Modality.IRIS)
"""Not the face: the picture in a document says whose document it is, not who stands there."""

NUMBER = "document_number"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Received:
    """What came of a visit.

    Attributes:
        document: Number in the chip of the document; visitors are registered under it.
        samples: How many of each modality, the picture of the document among them.
        templates: How many of each modality that is compared.
        search: Who of the earlier visitors it may be.
    """

    document: str
    samples: Mapping[Modality, int]
    templates: Mapping[Modality, int]
    search: PersonSearch


class Kiosk:
    """The models that ship, and a gallery of everybody who was there before."""

    def __init__(self, folder: Path) -> None:
        """Begin with nobody.

        Args:
            folder: Where the gallery is made; it need not be there.

        Raises:
            ModelError: A model or its calibration is missing.
            MissingPart: ONNX Runtime is not installed.
        """
        self._folder = folder
        self._extractors = {modality: load_extractor(modality=modality) for modality in COMPARED}
        self._calibrations = {modality: model_calibration(modality=modality) for modality in COMPARED}

    def receive(self, visit: Visit) -> Received:
        """Capture somebody, look whether they were here before, and register them.

        Raises:
            DeviceError: A device failed.
            Exit: Somebody was not captured.
        """
        card = read_document(visit)
        samples = (
            *capture_fingers(visit, self._judge(Modality.FINGER)),
            *capture_irises(visit, self._judge(Modality.IRIS)),
        )
        templates = [
            (sample, made)
            for sample in samples
            if not isinstance(made := self._extractors[sample.modality].extract(sample), FailureToExtract)
        ]
        document = next(each.value for each in card.fields if each.name == NUMBER)
        record = record_of(document, templates)
        search = self._search(record)
        with Gallery(self._folder, writable=True) as gallery:
            gallery.add([record])
        portraits = () if card.portrait is None else (card.portrait,)
        return Received(
            document=document,
            samples=Counter(sample.modality for sample in (*samples, *portraits)),
            templates=Counter(sample.modality for sample, _ in templates),
            search=search,
        )

    def _judge(self, modality: Modality) -> Judge:
        judge = assessor_of(self._extractors[modality])
        if judge is None:
            raise ValueError(f"the extractor of {modality.value} says too little to measure quality by")
        return judge

    def _search(self, record: PersonRecord) -> PersonSearch:
        if not self._folder.exists():
            Gallery.create(self._folder, models=self._models(record)).close()
        snapshot = Gallery(self._folder).snapshot()
        targets = snapshot.targets(fpir=FPIR, review_fpir=REVIEW_FPIR, people=PEOPLE)
        policy = joint_policy_for(targets, self._calibrations)
        return search_person(snapshot, probe_of_record(record), self._calibrations, policy)

    def _models(self, record: PersonRecord) -> GalleryModels:
        return GalleryModels(
            finger=self._extractors[Modality.FINGER].model_id, iris=iris_model(record.irises[0])
        )


def visit_kiosk(seed: int) -> None:
    """Let three visitors come, one after the other; each visit is a line of JSON.

    Args:
        seed: Same seed, same people.

    Raises:
        DeviceError: A device failed.
        Exit: Code 1 where somebody was not captured, or a decision is not the right one.
    """
    console, wrong, visits = people_console(), 0, visits_of(seed)
    with tempfile.TemporaryDirectory() as folder:
        kiosk = Kiosk(Path(folder) / "gallery")
        for visit in visits:
            received = kiosk.receive(visit)
            right = received.search.outcome is (Decision.DUPLICATE if visit.number else Decision.UNIQUE)
            wrong += not right
            print(json.dumps(visit_line(visit, received) | {"right": right}), flush=True)
    console.print(
        f"{len(visits) - wrong} of {len(visits)} decisions are right. Nobody here exists; nothing was kept."
    )
    if wrong:
        raise typer.Exit(ExitCode.NO)


def record_of(document: str, templates: Sequence[tuple[CapturedSample, Template]]) -> PersonRecord:
    """A person of the gallery.

    Args:
        document: Number of the document.
        templates: Samples and what was made of them.

    Raises:
        ValueError: There is no template.
    """
    return person_record(
        document,
        fingers=[made for _, made in templates if isinstance(made, FingerprintTemplate)],
        irises=[
            (EyePosition(sample.position), made) for sample, made in templates if isinstance(made, IrisCode)
        ],
    )


def visit_line(visit: Visit, received: Received) -> dict[str, object]:
    """A visit as an object of JSON; `candidate` is the document of whoever was found, None for nobody."""
    found = next(iter(received.search.candidates), None)
    named = found if found is not None and found.decision.outcome is not Decision.UNIQUE else None
    return {
        "type": "visit",
        "person": visit.person,
        "visit": visit.number,
        "document": received.document,
        "samples": {modality.value: count for modality, count in received.samples.items()},
        "templates": {modality.value: count for modality, count in received.templates.items()},
        "decision": received.search.outcome.value,
        "candidate": None if named is None else named.person_id,
        "compared": [] if named is None else [each.instance for each in named.decision.instances],
        "llr": None if found is None else round(found.decision.llr, 2),
    }
