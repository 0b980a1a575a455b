import io

from rich.console import Console

from biocapil.cli.progress import people_console, step_bars


def drawn_on(stream: io.StringIO) -> Console:
    return Console(file=stream, width=120, force_terminal=False)


def test_a_log_file_sees_how_each_step_ended() -> None:
    stream = io.StringIO()
    with step_bars(drawn_on(stream)) as step:
        first, second = step("Extracting"), step("Comparing")
        first(1, 3)
        first(3, 3, reused=2, note="7 a second")
        second(10, 10)
    text = stream.getvalue()
    assert "Extracting" in text
    assert "3/3" in text
    assert "2 reused, 7 a second" in text
    assert text.index("Extracting") < text.index("Comparing")


def test_a_step_that_never_began_is_not_drawn() -> None:
    stream = io.StringIO()
    with step_bars(drawn_on(stream)) as step:
        step("Extracting")
    assert "Extracting" not in stream.getvalue()


def test_people_read_standard_error() -> None:
    assert people_console().stderr
