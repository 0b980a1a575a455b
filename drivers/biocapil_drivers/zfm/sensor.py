"""`ZfmSensor`: everything that a sensor of the family can be asked, with typed answers."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.capture import CancelToken, Deadline
from biocapil.errors import DeviceError, DeviceTimeout, ProtocolError
from biocapil_drivers.zfm.link import Link, OnBytes
from biocapil_drivers.zfm.messages import (
    INDEX_SLOTS,
    PACKET_SIZES,
    SPEED_STEP,
    AuraColour,
    AuraEffect,
    Command,
    Confirmation,
    ProductInformation,
    Register,
    SystemParameters,
    parse_index,
    parse_number,
    parse_parameters,
    parse_product,
)

SPEEDS = (115_200, 57_600, 38_400, 19_200, 9_600)
"""Speeds that a sensor can be set to, the fastest first."""

SLOW_ANSWER_S = 3.0
"""Writing flash and searching a full library take this long at most."""

SPARE_S = 2.0
"""On top of what the line needs for a transfer."""

HELLO_S = 0.3
NOT_THERE = frozenset({Confirmation.UNSUPPORTED, Confirmation.UNDEFINED, Confirmation.COMMAND_FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search in the sensor's own library found.

    Attributes:
        slot: Where the template is.
        similarity: The sensor's own score; scores of different models do not compare.
    """

    slot: int
    similarity: int


class ZfmSensor:
    """One sensor that is open."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.packet_bytes = 128

    def greet(self, deadline: Deadline, *, speeds: tuple[int, ...]) -> None:
        """Find the speed at which the sensor answers, and show it the password.

        Args:
            deadline: When to give up.
            speeds: Speeds to try, in this order.

        Raises:
            DeviceTimeout: It answers at none.
            ProtocolError: The password is wrong.
        """
        trouble: DeviceError | None = None
        self.link.settle(deadline)  # somebody may have left in the middle of a transfer
        for speed in speeds:
            self.link.set_speed(speed)
            for _ in range(2):  # a module that wakes up misses the first command
                try:
                    self.link.show_password(deadline.within(HELLO_S))
                except DeviceTimeout as error:
                    trouble = error
                else:
                    return
                if deadline.passed:
                    break
        tried = ", ".join(f"{speed:,}" for speed in speeds)
        raise DeviceTimeout(f"no sensor answers at {tried} bit/s") from trouble

    def parameters(self, deadline: Deadline) -> SystemParameters:
        """How it is set; packets are cut accordingly from then on."""
        found = parse_parameters(self.link.expect_ok(Command.READ_PARAMETERS, deadline=deadline))
        self.packet_bytes = found.packet_bytes
        return found

    def product(self, deadline: Deadline) -> ProductInformation | None:
        """What it says about itself; None for a model that does not."""
        try:
            answer = self.link.command(
                Command.READ_PRODUCT, deadline=deadline.within(HELLO_S), answer_s=HELLO_S, tries=1
            )
        except DeviceTimeout:
            return None
        return parse_product(answer.data) if answer.code == Confirmation.OK else None

    def take_image(self, deadline: Deadline, cancel: CancelToken | None = None) -> Confirmation:
        """Look once; OK, NO_FINGER or IMAGE_FAILED."""
        answer = self.link.command(Command.GET_IMAGE, deadline=deadline, cancel=cancel)
        if answer.code in {Confirmation.NO_FINGER, Confirmation.IMAGE_FAILED}:
            return Confirmation(answer.code)
        self.link.require_ok(Command.GET_IMAGE, answer)
        return Confirmation.OK

    def extract(self, buffer: int, deadline: Deadline, cancel: CancelToken | None = None) -> Confirmation:
        """Make features of the image; OK, TOO_MESSY or TOO_FEW_FEATURES."""
        answer = self.link.command(
            Command.EXTRACT, bytes([buffer]), deadline=deadline, cancel=cancel, answer_s=SLOW_ANSWER_S
        )
        if answer.code in {Confirmation.TOO_MESSY, Confirmation.TOO_FEW_FEATURES}:
            return Confirmation(answer.code)
        self.link.require_ok(Command.EXTRACT, answer)
        return Confirmation.OK

    def image(
        self,
        lengths: frozenset[int],
        deadline: Deadline,
        cancel: CancelToken | None = None,
        on_bytes: OnBytes | None = None,
    ) -> bytes:
        """Fetch the image, once more where it came damaged, and then slower and slower.

        Args:
            lengths: How many bytes it may have.
            deadline: When to give up.
            cancel: Ends the transfer.
            on_bytes: Told how many bytes have come.

        Raises:
            DeviceError: It did not come whole, even at the lowest speed.
            ReadCancelled: The token was set.
        """
        tried_at = 0
        while True:
            try:
                return self._fetch((Command.UP_IMAGE, b""), lengths, deadline, cancel, on_bytes)
            except (ProtocolError, DeviceTimeout) as error:
                if deadline.passed:
                    raise
                self.link.settle(deadline, cancel)
                if tried_at == self.link.bits_per_s and not self._slow_down(deadline):
                    raise
                if isinstance(error, ProtocolError) and error.vendor_code is not None:
                    raise
                tried_at = self.link.bits_per_s

    def template(self, buffer: int, lengths: frozenset[int], deadline: Deadline) -> bytes:
        """Fetch the template of a buffer."""
        return self._fetch((Command.UP_TEMPLATE, bytes([buffer])), lengths, deadline)

    def put_template(self, buffer: int, template: bytes, deadline: Deadline) -> None:
        """Give the sensor a template of its own kind."""
        self.link.expect_ok(Command.DOWN_TEMPLATE, bytes([buffer]), deadline=deadline)
        self.link.send_data(template, packet_bytes=self.packet_bytes, deadline=deadline)

    def put_image(self, image: bytes, deadline: Deadline) -> None:
        """Give the sensor an image of its own size."""
        self.link.expect_ok(Command.DOWN_IMAGE, deadline=deadline)
        self.link.send_data(image, packet_bytes=self.packet_bytes, deadline=deadline)

    def combine(self, deadline: Deadline) -> bool:
        """Make one template of the buffers; False where they show different fingers."""
        answer = self.link.command(Command.COMBINE, deadline=deadline, answer_s=SLOW_ANSWER_S)
        if answer.code == Confirmation.COMBINE_FAILED:
            return False
        self.link.require_ok(Command.COMBINE, answer)
        return True

    def match(self, deadline: Deadline) -> int | None:
        """Compare the two buffers; the sensor's score, None where they do not match."""
        answer = self.link.command(Command.MATCH, deadline=deadline, answer_s=SLOW_ANSWER_S)
        if answer.code == Confirmation.NO_MATCH:
            return None
        return parse_number(self.link.require_ok(Command.MATCH, answer))

    def search(self, buffer: int, first: int, count: int, deadline: Deadline) -> Found | None:
        """Search the sensor's library for what is in a buffer; None where nothing matches."""
        arguments = bytes([buffer]) + first.to_bytes(2, "big") + count.to_bytes(2, "big")
        answer = self.link.command(Command.SEARCH, arguments, deadline=deadline, answer_s=SLOW_ANSWER_S)
        if answer.code == Confirmation.NOT_FOUND:
            return None
        data = self.link.require_ok(Command.SEARCH, answer)
        return Found(slot=parse_number(data), similarity=parse_number(data[2:]))

    def store(self, buffer: int, slot: int, deadline: Deadline) -> None:
        """Keep the template of a buffer."""
        self._slot(Command.STORE, buffer, slot, deadline)

    def load(self, buffer: int, slot: int, deadline: Deadline) -> None:
        """Bring a kept template into a buffer."""
        self._slot(Command.LOAD, buffer, slot, deadline)

    def delete(self, first: int, count: int, deadline: Deadline) -> None:
        """Forget kept templates."""
        arguments = first.to_bytes(2, "big") + count.to_bytes(2, "big")
        self.link.expect_ok(Command.DELETE, arguments, deadline=deadline, answer_s=SLOW_ANSWER_S)

    def empty(self, deadline: Deadline) -> None:
        """Forget all kept templates."""
        self.link.expect_ok(Command.EMPTY, deadline=deadline, answer_s=SLOW_ANSWER_S)

    def template_count(self, deadline: Deadline) -> int:
        """How many templates are kept."""
        return parse_number(self.link.expect_ok(Command.TEMPLATE_COUNT, deadline=deadline))

    def slots(self, capacity: int, deadline: Deadline) -> frozenset[int]:
        """Slots that hold a template."""
        pages = range(-(-capacity // INDEX_SLOTS))
        found = (
            parse_index(self.link.expect_ok(Command.READ_INDEX, bytes([page]), deadline=deadline), page)
            for page in pages
        )
        return frozenset[int]().union(*found)

    def random(self, deadline: Deadline) -> int:
        """A number of 32 bits of the sensor's own generator."""
        return parse_number(self.link.expect_ok(Command.RANDOM, deadline=deadline), 4)

    def set_security(self, level: int, deadline: Deadline) -> None:
        """How strictly the sensor itself compares, 1 to 5."""
        self._set(Register.SECURITY, level, deadline)

    def set_packet_bytes(self, count: int, deadline: Deadline) -> None:
        """How many bytes a data packet holds: 32, 64, 128 or 256."""
        self._set(Register.PACKET_SIZE, PACKET_SIZES.index(count), deadline)
        self.parameters(deadline)

    def set_speed(self, bits_per_s: int, deadline: Deadline) -> bool:
        """Change the speed of sensor and line.

        Returns:
            Whether both go on at the new speed; some models take it only at their next start, and then both
            go on as before.
        """
        before = self.link.bits_per_s
        self._set(Register.SPEED, bits_per_s // SPEED_STEP, deadline)
        self.greet(deadline, speeds=(bits_per_s, before))
        return self.link.bits_per_s == bits_per_s

    def set_password(self, password: int, deadline: Deadline) -> None:
        """Change the password that the sensor wants to be shown; it cannot be read back."""
        self.link.expect_ok(
            Command.SET_PASSWORD, password.to_bytes(4, "big"), deadline=deadline, answer_s=SLOW_ANSWER_S
        )
        self.link.password = password

    def aura(
        self, effect: AuraEffect, colour: AuraColour, deadline: Deadline, *, speed: int = 128, times: int = 0
    ) -> bool:
        """Light the ring; 0 times is for ever. False for a model that has none."""
        arguments = bytes([effect, speed, colour, times])
        answer = self.link.command(Command.AURA_LIGHT, arguments, deadline=deadline)
        if answer.code in NOT_THERE:
            return False
        self.link.require_ok(Command.AURA_LIGHT, answer)
        return True

    def _slow_down(self, deadline: Deadline) -> bool:
        slower = [speed for speed in SPEEDS if speed < self.link.bits_per_s]
        return bool(slower) and self.set_speed(slower[0], deadline)

    def _set(self, register: Register, value: int, deadline: Deadline) -> None:
        self.link.expect_ok(
            Command.SET_PARAMETER, bytes([register, value]), deadline=deadline, answer_s=SLOW_ANSWER_S
        )

    def _slot(self, command: Command, buffer: int, slot: int, deadline: Deadline) -> None:
        arguments = bytes([buffer]) + slot.to_bytes(2, "big")
        self.link.expect_ok(command, arguments, deadline=deadline, answer_s=SLOW_ANSWER_S)

    def _fetch(
        self,
        request: tuple[Command, bytes],
        lengths: frozenset[int],
        deadline: Deadline,
        cancel: CancelToken | None = None,
        on_bytes: OnBytes | None = None,
    ) -> bytes:
        command, arguments = request
        longest = max(lengths)
        self.link.expect_ok(command, arguments, deadline=deadline, cancel=cancel)
        limit = deadline.within(self.link.seconds_for(longest, self.packet_bytes) * 2 + SPARE_S)
        data = self.link.receive(lengths=lengths, deadline=limit, cancel=cancel, on_bytes=on_bytes)
        if len(data) not in lengths:
            wanted = " or ".join(f"{length:,}" for length in sorted(lengths))
            raise ProtocolError(
                f"{command.name} brought {len(data):,} bytes, expected {wanted}: a damaged transfer, "
                f"or another model of sensor"
            )
        return data
