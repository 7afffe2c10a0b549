"""`diff` on the command line: empty against itself, each change in its own column and by its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.batch.real_runs import FILES, make_run
from tests.cli.runner import run

from stresstest.cli.batch.diff_spec import DiffSpec

CHANGES = {
    "positions": ("accounts/growth.yaml", "quantity: 100", "quantity: 120"),
    "market": ("prices.csv", "180.5", "170.25"),
    "scenarios": ("fall.yaml", "-50%", "-40%"),
}


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("monday")).path


def words(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_run_and_itself_have_no_difference(monday: Path) -> None:
    done = run("diff", monday, monday)
    assert done.code == 0
    assert words(done.out)[-2:] == [
        "No difference: the same results to the last bit.",
        "The same, so exactly 0: positions, market, scenarios, model",
    ]
    document = json.loads(run("diff", monday, monday, "--json").out)
    assert document["empty"]
    assert not any(
        document[name] for name in ("changed", "files", "changes", "largest", "positions", "notes")
    )


@pytest.mark.parametrize("step", CHANGES)
def test_one_change_has_one_column_and_the_name_of_its_file(monday: Path, tmp_path: Path, step: str) -> None:
    file, *texts = CHANGES[step]
    tuesday = make_run(tmp_path, {file: (texts[0], texts[1])}).path
    done = run("diff", monday, tuesday)
    assert done.code == 0
    assert f"Different {step}: {tmp_path}/job/{file}" in done.out.replace("\n", "")
    # Two currencies are added up in the market's; one portfolio alone changed.
    assert f"scenario before after change {step}" in words(done.out)
    assert f"portfolio scenario before after change {step}" in words(done.out)
    assert max(map(len, done.out.splitlines()[2:])) <= 80
    document = json.loads(run("diff", monday, tuesday, "--json").out)
    DiffSpec.model_validate(document)
    assert document["changed"] == [step]
    (largest,) = document["largest"]
    assert (largest["portfolio"], largest["scenario"]) == ("growth", "fall")
    assert largest[step] == largest["change"] == largest["after"] - largest["before"]
    assert [item["position"] for item in document["positions"]] == ["chips"]
    assert document["positions"][0]["type"] == "equity"


def test_new_names_and_breaches_are_listed(monday: Path, tmp_path: Path) -> None:
    extra = FILES["accounts/growth.yaml"].replace("name: growth", "name: extra")
    found = words(run("diff", monday, make_run(tmp_path, extra=extra).path).out)
    assert found[found.index("Portfolios new: 1") + 1] == "extra"
    # −50 % of 18,050 and +10 % of a short 5,102.5 on 13,947.5.
    assert found[found.index("Breaches new: 1") + 1] == "extra: committee, 61.0% in fall, hard from 30.0%"


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        (
            "nowhere",
            "error[ST760] no such folder; expected a folder that `stresstest batch JOB -o DIR` wrote",
        ),
        ("job", "error[ST760] a folder that is no run"),
    ],
)
def test_what_is_no_run_is_refused(monday: Path, folder: str, message: str) -> None:
    done = run("diff", monday, monday.parent / folder)
    assert done.code == 2
    assert message in done.err
