"""`Parameter`: a setting of a device that describes itself: type, range, unit and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

ParameterValue = bool | int | float | str


class ParameterKind(Enum):
    """Type of a setting's value."""

    SWITCH = "switch"
    INTEGER = "integer"
    REAL = "real"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One setting.

    Attributes:
        name: Its name in `configure`, lower case with underscores.
        meaning: One sentence for a person.
        kind: Type of its value.
        default: Value after the device was opened.
        least: Smallest number; None for a switch or a choice.
        most: Greatest number; None for a switch or a choice.
        unit: Unit of a number; empty for none.
        choices: Values of a choice.
    """

    name: str
    meaning: str
    kind: ParameterKind
    default: ParameterValue
    least: float | None = None
    most: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.check(self.default)

    def check(self, value: ParameterValue) -> ParameterValue:
        """The value, if the setting can have it.

        Raises:
            ValueError: It cannot; the message says what it can have.
        """
        if not self._holds(value):
            raise ValueError(f"{self.name} must be {self.wanted}, got {value!r}")
        return value

    def parse(self, text: str) -> ParameterValue:
        """Read a value as people write it: ``on``, ``57600``, ``red``.

        Raises:
            ValueError: The setting cannot have such a value.
        """
        value: ParameterValue = text
        if self.kind is ParameterKind.SWITCH:
            words = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
            value = words.get(text.strip().lower(), text)
        elif self.kind is not ParameterKind.CHOICE:
            convert = int if self.kind is ParameterKind.INTEGER else float
            try:
                value = convert(text)
            except ValueError:
                raise ValueError(f"{self.name} must be {self.wanted}, got {text!r}") from None
        return self.check(value)

    @property
    def wanted(self) -> str:
        """What a value has to be, in words."""
        if self.kind is ParameterKind.SWITCH:
            return "on or off"
        if self.kind is ParameterKind.CHOICE:
            return f"one of {', '.join(self.choices)}"
        unit = f" {self.unit}" if self.unit else ""
        article = "a whole number" if self.kind is ParameterKind.INTEGER else "a number"
        return f"{article} from {self.least} to {self.most}{unit}"

    def _holds(self, value: ParameterValue) -> bool:
        if self.kind is ParameterKind.SWITCH:
            return isinstance(value, bool)
        if self.kind is ParameterKind.CHOICE:
            return isinstance(value, str) and value in self.choices
        if isinstance(value, bool | str) or (self.kind is ParameterKind.INTEGER and isinstance(value, float)):
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def check_settings(
    settings: Mapping[str, ParameterValue], parameters: Iterable[Parameter]
) -> dict[str, ParameterValue]:
    """Settings, if the parameters allow them; what `Device.configure` does first.

    Raises:
        ValueError: A name is unknown, or a value is out of range; nothing is to be set then.
    """
    known = {parameter.name: parameter for parameter in parameters}
    unknown = sorted(set(settings) - set(known))
    if unknown:
        raise ValueError(f"no setting {', '.join(unknown)}; there are: {', '.join(sorted(known)) or 'none'}")
    return {name: known[name].check(value) for name, value in settings.items()}
