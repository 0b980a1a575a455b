"""Entry of the command line: find the noun, run it, and turn every error into one line and an exit code."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches

from biocapil import __version__
from biocapil.cli.exit_codes import ExitCode, exit_code_of
from biocapil.cli.nouns import NOUNS, Noun, load_application

DEBUG_OPTION = "--debug"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words after ``biocapil``; those of the process where None.

    Returns:
        Exit code, see :class:`biocapil.cli.exit_codes.ExitCode`.
    """
    words, debug = take_debug(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    try:
        code = run(words)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the process edge: nothing gets past it
        if debug:
            traceback.print_exception(error, file=sys.stderr)
        return tell(error)
    return code


def take_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """Take ``--debug`` out of the arguments, wherever it stands before a lone ``--``."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    words = [word for word in arguments[:end] if word != DEBUG_OPTION]
    return [*words, *arguments[end:]], DEBUG_OPTION in arguments[:end]


def run(words: Sequence[str]) -> int:
    """Run the noun that the first word names; errors pass through to the caller."""
    if not words:
        print(overview(), file=sys.stderr)
        return ExitCode.USAGE
    name, *rest = words
    if name in {"--help", "-h", "help"}:
        print(overview())
        return ExitCode.DONE
    if name == "--version":
        print(f"biocapil {__version__}")
        return ExitCode.DONE
    noun = next((noun for noun in NOUNS if noun.name == name), None)
    if noun is None:
        print(f"biocapil: {unknown(name)}", file=sys.stderr)
        return ExitCode.USAGE
    return run_noun(noun, rest)


def run_noun(noun: Noun, rest: Sequence[str]) -> int:
    """Run one noun's typer application with the words after it; its context's `obj` holds them as typed."""
    application = load_application(noun)

    import typer  # noqa: PLC0415 - the list of commands is shown without it
    from typer.main import get_command  # noqa: PLC0415 - the same

    command = get_command(application)
    try:
        with command.make_context(f"biocapil {noun.name}", list(rest), obj=tuple(rest)) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return ExitCode.INTERRUPTED
    except typer.TyperException as error:
        message = error.format_message()
        several_lines = "\n" in message  # a whole help text: the verb was left out
        said = message or "a verb is missing."  # typer shows the help itself where rich is installed
        hint = f"biocapil: {said} See: biocapil {noun.name} --help"
        print(message if several_lines else hint, file=sys.stderr)
        return ExitCode.USAGE
    return ExitCode.DONE


def overview() -> str:
    """The list of commands."""
    width = max(len(noun.name) for noun in NOUNS)
    return "\n".join(
        (
            "Usage: biocapil [--debug] COMMAND ...",
            "",
            "One person, one identity: from fingerprint samples to duplicate decisions.",
            "",
            "Commands:",
            *(f"  {noun.name:<{width}}  {noun.summary}" for noun in NOUNS),
            "",
            "Options:",
            "  --help     Show this text; biocapil COMMAND --help shows a command's own",
            "  --version  Show the version",
            "  --debug    Show tracebacks and log messages",
            "",
            "Exit codes: 0 done, 1 no, 2 usage, 3 device, 4 data, 70 a defect of this program.",
        )
    )


def unknown(name: str) -> str:
    """One line about a word that is no command."""
    names = [noun.name for noun in NOUNS]
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(names)}"
    return f"no command {name!r}; {hint}"


def tell(error: BaseException) -> ExitCode:
    """Say in one line on standard error what ended the command, and return its exit code."""
    code = exit_code_of(error)
    if code is ExitCode.BROKEN_PIPE:
        # whoever read our output has gone; the flush at exit must not complain about it again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    elif code is ExitCode.INTERRUPTED:
        print("biocapil: interrupted; what was finished is kept, the same command goes on", file=sys.stderr)
    elif code is ExitCode.DEFECT:
        print(
            f"biocapil: {type(error).__name__}: {one_line(error)} - this is a defect; "
            f"run again with {DEBUG_OPTION} to see where",
            file=sys.stderr,
        )
    else:
        print(f"biocapil: {one_line(error)}", file=sys.stderr)
    return code


def one_line(error: BaseException) -> str:
    """An error's text and its notes as one line."""
    text = str(error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        text = f"{error.strerror}: {error.filename}"
    notes: list[str] = getattr(error, "__notes__", [])
    return " ".join("; ".join((text, *notes)).split())
