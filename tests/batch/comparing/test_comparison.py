"""Two real runs compared: each change shows in its own part, and in nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.batch.real_runs import FILES, make_run, record_again

from stresstest.batch.comparing.breaches import RunBreach
from stresstest.batch.comparing.changes import changes_by, largest_cells
from stresstest.batch.comparing.comparison import Comparison, Tools, compare
from stresstest.batch.comparing.positions import position_changes
from stresstest.batch.comparing.split import STEPS
from stresstest.batch.comparing.valuing import value_inputs
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.reading.cells import Cells, cells_of
from stresstest.batch.reading.originals import archived_inputs
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.errors import InputError, Problem

CHANGES = {
    "positions": {"accounts/growth.yaml": ("quantity: 100", "quantity: 120")},
    "market": {"prices.csv": ("180.5", "170.25")},
    "scenarios": {"fall.yaml": ("-50%", "-40%")},
}
ALL = {name: change for changed in CHANGES.values() for name, change in changed.items()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return make_run(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return make_run(tmp_path_factory.mktemp("changed"), ALL)


class Counted:
    """The real tools, counting what they are asked for."""

    def __init__(self) -> None:
        self.loads = self.values = 0

    def load(self, run: RunFolder) -> JobInputs:
        self.loads += 1
        return archived_inputs(run)

    def value(self, inputs: JobInputs) -> Cells:
        self.values += 1
        return value_inputs(inputs)

    def compare(self, before: RunFolder, after: RunFolder) -> Comparison:
        return compare(before, after, Tools(self.load, self.value))


def parts(found: Comparison, step: str) -> np.ndarray:
    return found.split.parts[STEPS.index(step)]


def test_a_run_against_itself_is_empty_and_values_nothing(first: RunFolder) -> None:
    tools = Counted()
    found = tools.compare(first, first)
    assert found.empty
    assert found.changed == ()
    assert not found.split.parts.any()
    assert (tools.loads, tools.values) == (0, 0)


@pytest.mark.parametrize("step", CHANGES)
def test_one_change_is_its_own_part_and_nothing_else(first: RunFolder, tmp_path: Path, step: str) -> None:
    tools = Counted()
    found = tools.compare(first, make_run(tmp_path, CHANGES[step]))
    assert found.changed == (step,)
    assert found.split.change.any()
    np.testing.assert_array_equal(parts(found, step), found.split.change)
    assert not any(parts(found, other).any() for other in STEPS if other != step)
    # Both ends are recorded, and no state lies between them.
    assert (tools.loads, tools.values) == (0, 0)
    touched = found.split.change[found.split.portfolios.index("income")]
    assert not touched.any()


def test_three_changes_are_split_by_the_states_between_them(
    first: RunFolder, changed: RunFolder, tmp_path: Path
) -> None:
    tools = Counted()
    found = tools.compare(first, changed)
    assert found.changed == ("positions", "market", "scenarios")
    assert tools.values == 2
    states = [first, make_run(tmp_path / "positions", CHANGES["positions"])]
    states.append(make_run(tmp_path / "market", {**CHANGES["positions"], **CHANGES["market"]}))
    pnl = [cells_of(run).part(found.split.portfolios, found.split.scenarios) for run in (*states, changed)]
    np.testing.assert_array_equal(parts(found, "positions"), pnl[1] - pnl[0])
    np.testing.assert_allclose(parts(found, "market"), pnl[2] - pnl[1], rtol=1e-12)
    np.testing.assert_allclose(parts(found, "scenarios"), pnl[3] - pnl[2], rtol=1e-12)
    total = parts(found, "positions") + parts(found, "market") + parts(found, "scenarios")
    np.testing.assert_array_equal(total, pnl[3] - pnl[0])
    assert not parts(found, "model").any()


def test_the_largest_changes_name_portfolio_scenario_and_position(
    first: RunFolder, changed: RunFolder
) -> None:
    found = Counted().compare(first, changed)
    cell = largest_cells(found, 1)[0]
    assert (cell["portfolio"], cell["scenario"]) == ("growth", "fall")
    positions = position_changes(found, (archived_inputs(first), archived_inputs(changed)), 1)
    assert [(item.position, item.scenario) for item in positions] == [("chips", "fall")]
    # −50 % of 100 × 180.5, then −40 % of 120 × 170.25.
    assert positions[0].before == pytest.approx(-9025.0, rel=1e-12)
    assert positions[0].after == pytest.approx(-8172.0, rel=1e-12)
    by_scenario = changes_by(found, "scenario")
    assert [row["scenario"] for row in by_scenario] == ["fall"]
    assert by_scenario[0]["change"] == cell["change"]


def test_another_program_with_the_same_numbers_has_a_model_part_of_0(
    first: RunFolder, tmp_path: Path
) -> None:
    second = open_run(_with_other_program(make_run(tmp_path)))
    tools = Counted()
    found = tools.compare(first, second)
    assert found.changed == ("model",)
    assert not parts(found, "model").any()
    assert tools.values == 0


def test_what_another_program_records_otherwise_is_the_model(first: RunFolder, tmp_path: Path) -> None:
    folder = _with_other_program(make_run(tmp_path))
    _record_otherwise(folder, "growth", "fall", 1.0)
    found = Counted().compare(first, open_run(folder))
    assert found.changed == ("model",)
    assert [(row["portfolio"], row["scenario"]) for row in largest_cells(found, 9)] == [("growth", "fall")]
    np.testing.assert_array_equal(parts(found, "model"), found.split.change)


def test_names_that_one_run_only_has_are_listed_and_not_split(first: RunFolder, tmp_path: Path) -> None:
    extra = FILES["accounts/growth.yaml"].replace("name: growth", "name: extra")
    changes = {"rise.yaml": ("name: rise", "name: climb"), "job.yaml": ("max_loss: 30%", "max_loss: 70%")}
    found = Counted().compare(first, make_run(tmp_path, changes, extra=extra))
    assert (found.portfolios_new, found.portfolios_gone) == (("extra",), ())
    assert (found.scenarios_new, found.scenarios_gone) == (("climb",), ("rise",))
    assert [_told(breach) for breach in found.breaches_gone] == [("growth", "committee", "hard", "fall")]
    assert [_told(breach) for breach in found.breaches_new] == [
        ("extra", "committee", "warning", "fall"),
        ("growth", "committee", "warning", "fall"),
    ]
    assert not found.empty
    assert not found.split.change.any()


def test_files_that_differ_are_named_with_what_they_are_for(first: RunFolder, tmp_path: Path) -> None:
    extra = FILES["accounts/growth.yaml"].replace("name: growth", "name: extra")
    found = Counted().compare(first, make_run(tmp_path, CHANGES["market"], extra=extra))
    folder = tmp_path / "job"
    # Another folder, the same names: files are told apart by what they are for and what they are called.
    assert [(item.role, item.path, item.how) for item in found.files] == [
        ("market", str(folder / "prices.csv"), "changed"),
        ("positions", str(folder / "accounts/extra.yaml"), "new"),
    ]
    assert found.versions == {}


def test_currencies_are_ranked_and_added_up_at_one_rate(first: RunFolder, tmp_path: Path) -> None:
    position = "{id: soft, type: equity, issuer: MSFT, quantity: 1}"
    yen = f"version: 1\nname: yen\ncurrency: JPY\npositions:\n  - {position}\n"
    before = make_run(tmp_path / "before", yen=yen)
    after = make_run(tmp_path / "after", {"fall.yaml": ("-10%", "-12%")}, yen=yen)
    found = Counted().compare(before, after)
    assert found.currency == "USD"
    rates = dict(zip(found.split.portfolios, found.rates.tolist(), strict=True))
    assert rates == {name: after.rates[found.currencies[name]] for name in found.split.portfolios}
    rows = largest_cells(found, 9)
    size = [abs(row["change"]) * rates[row["portfolio"]] for row in rows]
    assert [row["portfolio"] for row in rows] == ["income", "growth", "yen"]
    assert size == sorted(size, reverse=True)
    assert abs(rows[2]["change"]) > abs(rows[1]["change"])  # in yen
    (total,) = changes_by(found, "scenario")
    assert (total["scenario"], total["currency"]) == ("fall", "USD")
    # 40 − 10 + 1 shares of 510.25, 2 % more.
    assert total["change"] == pytest.approx(-31 * 510.25 * 0.02, rel=1e-9)
    own = changes_by(found, "currency")
    assert [row["currency"] for row in own] == ["EUR", "USD", "JPY"]
    assert own[2]["change"] == rows[2]["change"]


def test_inputs_that_today_cannot_be_valued_leave_all_to_the_model(first: RunFolder, tmp_path: Path) -> None:
    old = open_run(_with_other_program(make_run(tmp_path, CHANGES["market"])))
    tools = Counted()

    def load(run: RunFolder) -> JobInputs:
        if run.path == old.path:
            raise InputError([Problem("ST100", "a key of then", "a key of today")])
        return tools.load(run)

    for runs, which in (((old, first), "earlier"), ((first, old), "later")):
        found = compare(*runs, Tools(load, tools.value))
        assert found.changed == ("market", "model")
        assert found.split.change.any()
        np.testing.assert_array_equal(parts(found, "model"), found.split.change)
        assert not parts(found, "market").any()
        (note,) = found.notes
        assert f"inputs of the {which} run" in note
        assert "a key of then" in note


def test_an_unfinished_run_is_not_compared(first: RunFolder, tmp_path: Path) -> None:
    other = make_run(tmp_path)
    (other.path / "manifest.json").unlink()
    with pytest.raises(InputError, match="ST760"):
        Counted().compare(first, open_run(other.path))


def _with_other_program(run: RunFolder) -> Path:
    file = run.path / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["provenance"]["source_sha256"] = "0" * 64
    file.write_text(json.dumps(manifest))
    return run.path


def _record_otherwise(folder: Path, portfolio: str, scenario: str, by: float) -> None:
    file = open_run(folder).files("pnl")[0]
    table = pq.ParquetFile(file).read().to_pydict()
    table[scenario][table["portfolio"].index(portfolio)] += by
    pq.write_table(pa.table(table), file)
    record_again(folder)


def _told(breach: RunBreach) -> tuple[str, ...]:
    return breach.portfolio, breach.limit, breach.level, breach.scenario
