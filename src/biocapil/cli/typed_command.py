"""The command as it was typed, fit to stand in a report: what was asked, not where things lie."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path


def typed_command(noun: str, words: Sequence[str]) -> str:
    """The whole command, with every path shortened to its last name.

    Args:
        noun: Name of the command.
        words: Words after it, as typed.
    """
    return shlex.join(["biocapil", noun, *(_shortened(word) for word in words)])


def _shortened(word: str) -> str:
    """A word without folders, also behind ``--option=``."""
    option, sign, value = word.partition("=") if word.startswith("-") else ("", "", word)
    name = Path(value).name if os.sep in value else value
    return f"{option}{sign}{name}"
