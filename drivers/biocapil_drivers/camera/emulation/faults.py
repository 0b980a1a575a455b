"""`MjpegFault`: what an emulated network camera does wrong."""

from __future__ import annotations

from enum import Enum


class MjpegFault(Enum):
    """One fault; it begins when it is set, with the next picture."""

    NONE = "none"
    MUTE = "mute"
    """Takes a request and never answers."""
    NOT_FOUND = "not_found"
    """Answers 404."""
    FULL = "full"
    """Answers 503."""
    LOCKED = "locked"
    """Answers 401."""
    OTHER_TYPE = "other_type"
    """Answers with a page instead of a stream."""
    BABBLE = "babble"
    """Answers with bytes that are no HTTP."""
    SILENT = "silent"
    """Sends nothing more, and keeps the line."""
    DROPPED = "dropped"
    """Ends the connection in the middle of a picture."""
    TRUNCATED = "truncated"
    """Every second picture ends early, with the length that it should have had."""
    LENGTH_TOO_SMALL = "length_too_small"
    LENGTH_TOO_LARGE = "length_too_large"
    NO_LENGTH = "no_length"
    BARE_LINES = "bare_lines"
    """Ends lines with LF alone."""
    REPEATED = "repeated"
    """Sends the stream's first picture for ever."""
    GARBAGE = "garbage"
    """Sends bytes between parts that belong to none."""
    RESIZED = "resized"
    """Changes the size of its pictures."""
    ENDLESS = "endless"
    """Sends a part that never ends."""
