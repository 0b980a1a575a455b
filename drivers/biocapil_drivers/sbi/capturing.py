"""`Capturing`: one acquisition through the interface, from the first RCAPTURE to the end.

request ─► RCAPTURE ─► signatures ─► same device, capture, time ─► hash chain ─► ISO records ─► samples
              │
           STREAM ─► Preview events meanwhile
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from biocapil.capture import (
    Cancelled,
    CancelToken,
    CaptureReason,
    CaptureResult,
    Clock,
    Deadline,
    Guidance,
    OnEvent,
    Preview,
)
from biocapil.errors import DeviceLost, DeviceTimeout, FormatError, ProtocolError
from biocapil.formats import decode_sample
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality, QualityReason
from biocapil_drivers.sbi.best_set import BestSet
from biocapil_drivers.sbi.capability import LARGEST_PX, Wanted
from biocapil_drivers.sbi.hash_chain import next_link
from biocapil_drivers.sbi.link import SbiLink, StreamWatch
from biocapil_drivers.sbi.messages import (
    CapturedRecord,
    SampleError,
    ServedDevice,
    capture_request,
    read_samples,
)
from biocapil_drivers.sbi.records import sample_of
from biocapil_drivers.sbi.trust import TrustAnchors
from biocapil_drivers.sbi.words import CAPTURE, ERROR_WORDS, GONE, NO_OBJECT, WAITING, mendable

ANSWER_S = 0.5
"""How long after the end of its time a service may still take to say so."""

TRIES = 3
"""How often an answer that makes no sense is asked for again."""

REST_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What stays the same from one acquisition to the next.

    Attributes:
        link: To the service.
        served: The device.
        anchors: Who is believed.
        address: Address of the device, for messages.
        now: The time of day.
        clock: Source of time for waiting.
        score: Score of the device's own from which it takes a sample at once.
    """

    link: SbiLink
    served: ServedDevice
    anchors: TrustAnchors
    address: str
    now: Callable[[], datetime]
    clock: Clock
    score: int


class Capturing:
    """One acquisition.

    Attributes:
        last_link: Link of the hash chain that the next sample follows.
        pictures: How many previews were told since the device was opened.
    """

    def __init__(
        self,
        situation: Situation,
        wanted: Wanted,
        stream: StreamWatch | None,
        *,
        on_event: OnEvent,
        cancel: CancelToken,
        deadline: Deadline,
        last_link: str,
        pictures: int,
    ) -> None:
        self.last_link = last_link
        self.pictures = pictures
        self._situation = situation
        self._wanted = wanted
        self._stream = stream
        self._on_event = on_event
        self._cancel = cancel
        self._deadline = deadline
        self._asked: CaptureReason | QualityReason | None = None
        self._damaged = 0

    def run(self, best: BestSet) -> CaptureResult:
        """Ask until a set of samples is good enough, or the time is up.

        Args:
            best: Judges the sets.

        Raises:
            DeviceError: No person can mend it.
            ReadCancelled: It was taken back.
        """
        self._ask(mendable(NO_OBJECT, self._modality))
        while not self._deadline.passed:
            if self._cancel.cancelled:
                return Cancelled(attempts=best.attempts)
            try:
                found = self._sound()
            except DeviceTimeout:
                if best.attempts:
                    break
                raise
            if found is None:
                self._cancel.wait(self._situation.clock, min(REST_S, self._deadline.remaining_s))
                continue
            end = best.offer(*found)
            if end is not None:
                return end
            self._ask(best.reason)
        return best.timed_out(self._asked)

    @property
    def _modality(self) -> Modality:
        return self._situation.served.digital_id.modality

    def _ask(self, reason: CaptureReason | QualityReason | None) -> None:
        """Tell the person, if it is something new."""
        if reason is not None and reason is not self._asked:
            self._asked = reason
            self._on_event(Guidance(reason=reason))

    def _sound(self) -> tuple[tuple[CapturedSample, ...], tuple[CapturedRecord, ...]] | None:
        """Samples of one RCAPTURE; None where it has to be asked again."""
        try:
            records, error = self._once()
            samples = tuple(self._sample(record) for record in records)
        except ProtocolError:
            self._damaged += 1
            if self._damaged >= TRIES:
                raise
            return None
        self._damaged = 0
        if not samples and error is not None:
            self._heed(error)
        return (samples, records) if samples else None

    def _once(self) -> tuple[tuple[CapturedRecord, ...], SampleError | None]:
        """One RCAPTURE; what it says holds only as a whole."""
        situation, wanted = self._situation, self._wanted
        transaction = secrets.token_hex(12)
        body = capture_request(
            situation.served,
            transaction=transaction,
            timeout_ms=max(1, round(1000 * self._deadline.remaining_s)),
            now=situation.now(),
            sub_id=wanted.sub_id,
            names=wanted.names,
            missing=wanted.missing,
            count=wanted.count,
            score=situation.score,
            previous=self.last_link,
        )
        answer_by = Deadline(clock=self._deadline.clock, at_s=self._deadline.at_s + ANSWER_S)
        answer = situation.link.ask(
            CAPTURE, "/capture", body, answer_by, self._cancel, meanwhile=self._show, private=True
        )
        records, error = read_samples(
            answer, situation.anchors, device=situation.served, transaction=transaction, now=situation.now()
        )
        self._follow(records)
        return records, error

    def _follow(self, records: tuple[CapturedRecord, ...]) -> None:
        """Follow the hash chain over all samples of a capture."""
        if len(records) > self._wanted.count:
            raise ProtocolError(f"{len(records)} samples came where {self._wanted.count} were asked for")
        link = self.last_link
        for record in records:
            link = next_link(link, record.record)
            if record.link != link:
                raise ProtocolError("a sample does not follow the one before it: the hash chain is broken")
        self.last_link = link

    def _sample(self, record: CapturedRecord) -> CapturedSample:
        sample = sample_of(record)
        width_px, height_px = LARGEST_PX[sample.modality]
        rows, columns = sample.pixels.shape[:2]
        if record.modality is not self._modality or rows > height_px or columns > width_px:
            raise ProtocolError(
                f"{columns} x {rows} pixels of a {record.modality.value} came from this device"
            )
        return sample

    def _heed(self, error: SampleError) -> None:
        """Tell the person what to do after an error, or wait where only that helps.

        Raises:
            DeviceError: No person can mend it.
        """
        asked = mendable(error.code, self._modality)
        if asked is None and error.code not in WAITING:
            words = ERROR_WORDS.get(error.code, error.words or "an error of its own")
            kind = DeviceLost if error.code in GONE else ProtocolError
            raise kind(words, address=self._situation.address, vendor_code=error.code)
        self._ask(asked)

    def _show(self) -> None:
        """Tell the newest picture of the stream."""
        pictures = [] if self._stream is None else self._stream.pictures()
        for picture in pictures[-1:]:
            try:
                pixels = decode_sample(picture, modality=Modality.FACE, name="stream of the device").pixels
            except FormatError:
                continue
            self.pictures += 1
            seen = Preview(pixels=pixels, at_s=self._situation.clock.now_s(), sequence=self.pictures)
            self._on_event(seen)
