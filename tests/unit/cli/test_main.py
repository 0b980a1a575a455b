"""The entry of the command line: words in, one line and an exit code out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import typer

from biocapil import __version__
from biocapil.cli import main as entry
from biocapil.cli.main import main, take_debug, tell
from biocapil.cli.nouns import NOUNS, Noun
from biocapil.errors import FormatError


class Script:
    """Commands for these tests: `act` does what the test says, `verbs` has two verbs."""

    def __init__(self) -> None:
        self.action: Callable[[], None] = lambda: None
        self.verbs = typer.Typer(add_completion=False, no_args_is_help=True)

        @self.verbs.command()
        def say(text: str, times: int = 1) -> None:
            typer.echo(text * times)

        @self.verbs.command()
        def stop(code: int) -> None:
            raise typer.Exit(code)

    def act(self) -> None:
        self.action()


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    made = Script()
    module = ModuleType("probe_script")
    module.act, module.verbs = made.act, made.verbs  # type: ignore[attr-defined] # made for this test
    monkeypatch.setitem(sys.modules, "probe_script", module)
    nouns = tuple(
        Noun(name=name, module="probe_script", attribute=name, summary=f"Try {name}")
        for name in ("act", "verbs")
    )
    monkeypatch.setattr(entry, "NOUNS", nouns)
    return made


def raising(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def test_help_lists_every_command_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr()
    assert all(f"  {noun.name}" in shown.out and noun.summary in shown.out for noun in NOUNS)
    assert not shown.err


def test_no_words_are_a_usage_error_that_shows_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    shown = capsys.readouterr()
    assert "Commands:" in shown.err
    assert not shown.out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"biocapil {__version__}\n"


@pytest.mark.parametrize(
    ("word", "hint"), [("evaluat", "did you mean 'evaluate'?"), ("xyzzy", "there are: demo, dedup")]
)
def test_an_unknown_command_is_told_what_there_is(
    word: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word]) == 2
    assert capsys.readouterr().err.startswith(f"biocapil: no command {word!r}; {hint}")


def test_a_verb_runs_with_its_arguments(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.verbs.registered_commands
    assert main(["verbs", "say", "ab", "--times", "2"]) == 0
    assert capsys.readouterr() == ("abab\n", "")


@pytest.mark.parametrize("code", [0, 1, 4])
@pytest.mark.usefixtures("script")
def test_a_command_chooses_its_own_exit_code(code: int) -> None:
    assert main(["verbs", "stop", str(code)]) == code


@pytest.mark.usefixtures("script")
@pytest.mark.parametrize(
    "words", [["say", "a", "--times", "x"], ["say"], ["say", "a", "--no-such"], ["sing"]]
)
def test_wrong_arguments_are_one_line_and_exit_code_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verbs", *words]) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("biocapil: ")
    assert shown.err.endswith("See: biocapil verbs --help\n")
    assert shown.err.count("\n") == 1
    assert not shown.out


@pytest.mark.usefixtures("script")
def test_a_noun_without_its_verb_shows_the_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verbs"]) == 2
    shown = capsys.readouterr()
    assert "say" in shown.out + shown.err
    assert "biocapil:  See" not in shown.err


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("", "biocapil: a verb is missing. See: biocapil act --help\n"),
        ("Usage: act\n  say", "Usage: act\n  say\n"),
        ("No such verb.", "biocapil: No such verb. See: biocapil act --help\n"),
    ],
)
def test_a_missing_verb_is_told_with_the_help_or_in_words(
    script: Script, told: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script.action = raising(typer.BadParameter(told))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.BadParameter, "format_message", lambda self: self.message)
        assert main(["act"]) == 2
    assert capsys.readouterr().err == line


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (FormatError("9 fields", record="FMR", offset=3), 4, "biocapil: FMR, byte 3: 9 fields\n"),
        (ValueError("ppi must be\n  positive"), 2, "biocapil: ppi must be positive\n"),
        (FileNotFoundError(2, "No such file", "a.csv"), 4, "biocapil: No such file: a.csv\n"),
        (OSError("disk is gone"), 4, "biocapil: disk is gone\n"),
        (ValueError(), 2, "biocapil: ValueError\n"),
    ],
)
def test_an_error_is_one_line_on_standard_error(
    script: Script, error: Exception, code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script.action = raising(error)
    assert main(["act"]) == code
    assert capsys.readouterr() == ("", line)


def test_notes_stand_behind_the_error(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    error = FormatError("too short")
    error.add_note("while reading row 7")
    script.action = raising(error)
    assert main(["act"]) == 4
    assert capsys.readouterr().err == "biocapil: too short; while reading row 7\n"


def test_what_nobody_foresaw_is_called_a_defect(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    script.action = raising(KeyError("pixels"))
    assert main(["act"]) == 70
    shown = capsys.readouterr().err
    assert "KeyError: 'pixels' - this is a defect; run again with --debug" in shown
    assert "Traceback" not in shown


def test_debug_shows_the_traceback_and_the_line(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    script.action = raising(KeyError("pixels"))
    assert main(["act", "--debug"]) == 70
    shown = capsys.readouterr().err
    assert "Traceback (most recent call last)" in shown
    assert shown.splitlines()[-1].startswith("biocapil: KeyError")


def test_an_interrupt_says_what_is_kept(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    script.action = raising(KeyboardInterrupt())
    assert main(["act"]) == 130
    assert capsys.readouterr().err == (
        "biocapil: interrupted; what was finished is kept, the same command goes on\n"
    )


def test_an_abandoned_question_counts_as_an_interrupt(script: Script) -> None:
    script.action = raising(typer.Abort())
    assert main(["act"]) == 130


def test_arguments_of_the_process_are_the_default(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["biocapil", "--version"])
    assert main() == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        (["--debug", "a"], (["a"], True)),
        (["a", "--debug", "b"], (["a", "b"], True)),
        (["a", "--", "--debug"], (["a", "--", "--debug"], False)),
        (["a"], (["a"], False)),
    ],
)
def test_debug_is_understood_anywhere_before_a_lone_double_dash(
    words: list[str], taken: tuple[list[str], bool]
) -> None:
    assert take_debug(words) == taken


def test_a_reader_who_goes_away_ends_the_command_quietly(tmp_path: Path) -> None:
    (tmp_path / "probe_pipe.py").write_text(
        "import sys\n"
        "from biocapil.cli import main as entry\n"
        "from biocapil.cli.nouns import Noun\n"
        "def act() -> None:\n"
        "    for _ in range(100_000):\n"
        "        print('{}')\n"
        "sys.modules['probe_pipe'] = sys.modules['__main__']\n"
        "entry.NOUNS = (Noun(name='act', module='probe_pipe', attribute='act', summary=''),)\n"
        "sys.exit(entry.main(['act']))\n",
        encoding="utf-8",
    )
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, str(tmp_path / "probe_pipe.py")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert not running.stderr.read()
        assert running.wait(timeout=30) == 141


def test_after_a_broken_pipe_nothing_more_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert tell(BrokenPipeError()) == 141
        print("too late")  # noqa: T201 - what a command would do
    assert (tmp_path / "out").read_bytes() == b""
    assert not capsys.readouterr().err


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "biocapil", "--version"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == f"biocapil {__version__}\n"
