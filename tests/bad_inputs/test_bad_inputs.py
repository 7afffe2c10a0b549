"""Every folder here holds one bad input and the diagnostics that it must give, exactly."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_inputs.sample_specs import Portfolio

from stresstest.errors import InputError, ProblemList
from stresstest.io.document import read_document
from stresstest.io.tables import read_table
from stresstest.io.validation import validate

CORPUS = Path(__file__).parent
THROUGH_THE_COMMAND_LINE = ("run_", "hedge_", "network_")
"""How the names of cases begin that other tests hand to the command line."""

CASES = sorted(
    path.parent
    for path in CORPUS.glob("*/expected.txt")
    if not path.parent.name.startswith(THROUGH_THE_COMMAND_LINE)
)


def diagnostics(case: Path) -> list[str]:
    """Return the problems of a case, one a line, with the input called by its file name."""
    (source,) = case.glob("input.*")
    problems = ProblemList()
    try:
        if source.suffix == ".yaml":
            document = read_document(source, file=source.name)
            if case.name.startswith("field_"):
                validate(Portfolio, document.data, document.location, problems)
        else:
            table = read_table(source, file=source.name)
            table.require(("id",), problems)
            table.numbers("quantity", problems)
        problems.raise_if_any()
    except InputError as error:
        return [problem.format() for problem in error.problems]
    return []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_gives_its_diagnostics(case: Path) -> None:
    expected = (case / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert expected, "a case that expects nothing tests nothing"
    assert diagnostics(case) == expected


def test_every_case_is_complete() -> None:
    folders = {path for path in CORPUS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {path for path in folders if not path.name.startswith(THROUGH_THE_COMMAND_LINE)} == set(CASES)
    assert all((path / "expected.txt").is_file() for path in folders)
    assert len(CASES) >= 60
