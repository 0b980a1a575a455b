"""Kills a writer of a gallery again and again, and looks what is left; a script, so that it may fork.

    python crash_rounds.py FOLDER --rounds 500 --seed 1

Each round forks a writer that adds, updates, deletes and compacts, and says on a pipe what it begins and
what has returned. It is killed with SIGKILL, either at its n-th write (half of which is done), fsync, rename
or unlink, or from outside after some microseconds. What the gallery then holds must be what had returned,
with or without the whole of what had begun. The last line on standard output is the count, as JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import select
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Self

import numpy as np

from biocapil.comparison import EmbeddingPrecision, PackedTemplates
from biocapil.embedding import Embedding
from biocapil.errors import BiocapilError
from biocapil.gallery import (
    FaceModel,
    Gallery,
    GalleryModels,
    IrisModel,
    PersonRecord,
    durable,
    verify_gallery,
    writing,
)
from biocapil.gallery.record_codec import encode_record
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.vocabulary import EyePosition, FingerPosition, ModelId, SubjectId

MODEL = ModelId("made@1")
MODELS = GalleryModels(
    finger=MODEL,
    iris=IrisModel(model_id=MODEL, geometry=CodeGeometry(columns=8, column_bits=16), turns=2, every=2),
    face=FaceModel(model_id=MODEL, dimensions=12, precision=EmbeddingPrecision.FLOAT32),
)
PEOPLE = 40
CHANGES = 30
LONGEST_S = 0.03

State = dict[int, int]
"""Version of each person who is there."""


class Doom:
    """Kills the process at its n-th step that touches the disk."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def strike(self, unfinished: Any = None) -> None:
        self.left -= 1
        if self.left == 0:
            if unfinished is not None:
                unfinished()
            os.kill(os.getpid(), signal.SIGKILL)

    def arm(self) -> None:
        """Put the steps of `durable` under the doom."""
        fsync, replace, unlink, opened = os.fsync, Path.replace, Path.unlink, durable._opened

        def doomed_fsync(descriptor: int) -> None:
            self.strike()
            fsync(descriptor)

        def doomed_replace(path: Path, target: Path) -> Path:
            self.strike()
            done = replace(path, target)
            self.strike()
            return done

        def doomed_unlink(path: Path, **options: bool) -> None:
            self.strike()
            unlink(path, **options)

        def doomed_opened(path: Path, flags: int = 0) -> io.BufferedWriter:
            self.strike()
            return Half(opened(path, flags), self)  # type: ignore[return-value] # what `durable` uses of it

        os.fsync, Path.replace, Path.unlink = doomed_fsync, doomed_replace, doomed_unlink  # type: ignore[method-assign,assignment]
        durable._opened = doomed_opened


class Half:
    """A file whose doomed write is done by half."""

    def __init__(self, file: io.BufferedWriter, doom: Doom) -> None:
        self.file = file
        self.doom = doom

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def write(self, data: Any) -> int:
        def half() -> None:
            self.file.write(memoryview(data)[: len(data) // 2])
            self.file.flush()

        self.doom.strike(half)
        return self.file.write(data)


def person(number: int, version: int) -> PersonRecord:
    """Noise, of some without an iris or a face: what is kept is not looked at, only that it is kept."""
    rng = np.random.default_rng([number, version])
    sizes = rng.integers(1, 8, 2)
    return PersonRecord(
        person_id=SubjectId(f"p{number}"),
        fingers=PackedTemplates(
            words=rng.integers(0, 2**63, (int(sizes.sum()), 8)).astype(np.uint64),
            offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            model_id=MODEL,
        ),
        finger_positions=(FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB),
        irises=(code(rng), code(rng)) if number % 4 else (),
        eyes=(EyePosition.RIGHT, EyePosition.LEFT) if number % 4 else (),
        faces=(face(rng),) if number % 5 else (),
        region="abc"[number % 3],
    )


def code(rng: np.random.Generator) -> IrisCode:
    return IrisCode.from_bits(rng.random((8, 16)) < 0.5, rng.random((8, 16)) < 0.9, model_id=MODEL)


def face(rng: np.random.Generator) -> Embedding:
    values = rng.normal(size=12).astype(np.float32)
    return Embedding(values=values / np.linalg.norm(values), model_id=MODEL)


def changed(state: State, change: list[Any]) -> State:
    """State after one change."""
    verb, people = change
    if verb in {"add", "update"}:
        return {**state, **dict(people)}
    gone = {number for number, _ in people} if verb == "delete" else set()
    return {number: version for number, version in state.items() if number not in gone}


def drawn(rng: np.random.Generator, state: State) -> list[Any]:
    """A change that the gallery accepts."""
    verb = rng.choice(["add", "update", "delete", "delete", "compact"], p=[0.45, 0.15, 0.15, 0.15, 0.1])
    some = rng.choice(PEOPLE, int(rng.integers(1, 4)), replace=False).tolist()
    if verb == "add":
        return ["add", [[number, int(rng.integers(1000))] for number in some if number not in state]]
    if verb == "update":
        return ["update", [[number, int(rng.integers(1000))] for number in some]]
    if verb == "delete":
        return ["delete", [[number, 0] for number in some]]
    return ["compact", []]


def write_until_killed(folder: Path, state: State, rng: np.random.Generator, pipe: int, doom: int) -> None:
    """The writer: says ``begin`` and ``done`` of each change."""
    writing.LOG_BYTES, writing.SMALL_SEGMENTS = 6000, 3
    if doom:
        Doom(doom).arm()
    gallery = Gallery(folder, writable=True)
    for _ in range(CHANGES):
        change = drawn(rng, state)
        os.write(pipe, (json.dumps(["begin", change]) + "\n").encode())
        verb, people = change
        if verb in {"add", "update"}:
            getattr(gallery, verb)([person(number, version) for number, version in people])
        elif verb == "delete":
            gallery.delete(f"p{number}" for number, _ in people)
        else:
            gallery.compact(segment_bytes=4000)
        os.write(pipe, b'["done"]\n')
        state = changed(state, change)


def run_round(folder: Path, state: State, rng: np.random.Generator) -> tuple[list[State], bool]:
    """Fork a writer and kill it.

    Returns:
        States that the gallery may be in, what had returned first; and whether it was killed.
    """
    doom = int(rng.integers(1, 150)) if rng.random() < 0.7 else 0
    wait_s = 10.0 if doom else float(rng.uniform(0, LONGEST_S))
    reading, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write_until_killed(folder, state, rng, pipe, doom)
        finally:
            os._exit(0)
    os.close(pipe)
    said = said_until_killed(reading, child, wait_s, at_random=not doom)
    _, status = os.waitpid(child, 0)
    os.close(reading)
    allowed = [state]
    for line in said.decode().splitlines():
        word, *rest = json.loads(line)
        allowed = [allowed[0], changed(allowed[0], rest[0])] if word == "begin" else [allowed[-1]]
    return allowed, os.WIFSIGNALED(status)


def said_until_killed(reading: int, child: int, wait_s: float, *, at_random: bool) -> bytes:
    """Everything that the writer says; killed from outside after its first word and some time more."""
    said = os.read(reading, 1 << 16) if at_random else b""
    while select.select([reading], [], [], wait_s)[0]:
        part = os.read(reading, 1 << 16)
        if not part:
            return said
        said += part
        wait_s *= 0.7 if at_random else 1
    os.kill(child, signal.SIGKILL)
    while part := os.read(reading, 1 << 16):
        said += part
    return said


def found(folder: Path) -> dict[str, bytes]:
    """What a gallery holds."""
    return {each.person_id: encode_record(each) for each in Gallery(folder).snapshot().records()}


def wanted(state: State) -> dict[str, bytes]:
    """What a gallery in this state holds."""
    return {f"p{number}": encode_record(person(number, version)) for number, version in state.items()}


def judge(folder: Path, allowed: list[State], counts: Counter[str]) -> State:
    """Compare what is left with what may be; the state that it is."""
    try:
        content = found(folder)
        with Gallery(folder, writable=True) as gallery:
            counts["unsound"] += not verify_gallery(gallery).sound
    except BiocapilError as error:
        sys.stdout.write(f"{error}\n")
        counts["unreadable"] += 1
        raise SystemExit(json.dumps(counts)) from error
    for state in allowed:
        if content == wanted(state):
            counts["committed_unsaid"] += state is not allowed[0]
            return state
    certain = set(wanted(allowed[0])) & set(wanted(allowed[-1]))
    counts["lost"] += len(certain - set(content))
    counts["returned"] += len(set(content) - set(wanted(allowed[0])) - set(wanted(allowed[-1])))
    counts["wrong"] += 1
    raise SystemExit(json.dumps(counts))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    Gallery.create(words.folder, models=MODELS).close()
    state: State = {}
    counts: Counter[str] = Counter(
        kills=0, rounds=0, lost=0, returned=0, wrong=0, unreadable=0, unsound=0, committed_unsaid=0
    )
    while counts["kills"] < words.rounds:
        rng = np.random.default_rng([words.seed, counts["rounds"]])
        allowed, killed = run_round(words.folder, state, rng)
        counts["rounds"] += 1
        counts["kills"] += killed
        state = judge(words.folder, allowed, counts)
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()
