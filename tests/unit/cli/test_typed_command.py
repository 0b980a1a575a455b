import pytest

from biocapil.cli.typed_command import typed_command


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["/home/rina/set.csv", "--ppi", "500"], "biocapil evaluate set.csv --ppi 500"),
        (["set.csv", "--report=/home/rina/out/r.html"], "biocapil evaluate set.csv --report=r.html"),
        (["../a set.csv", "--json", "out/x.json"], "biocapil evaluate 'a set.csv' --json x.json"),
        (["--group-by", "sex=f"], "biocapil evaluate --group-by sex=f"),
        ([], "biocapil evaluate"),
    ],
)
def test_paths_are_shortened_to_names_and_the_rest_stays(words: list[str], command: str) -> None:
    assert typed_command("evaluate", words) == command
