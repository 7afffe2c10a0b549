"""Portfolio files: everything wrong is said at once, with its place."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

import stresstest as st
from stresstest.errors import InputError
from stresstest.portfolio.loading import load_portfolio, load_portfolios

GOOD = """\
version: 1
name: fund
currency: USD
nav: {value: 1_000.5, date: 2025-10-02, source: administrator}
positions:
  - {id: a, type: equity, issuer: NVDA, quantity: 40_000, tags: {desk: one}, name: shares}
  - {id: b, type: equity, issuer: NVDA, quantity: -1, tags: {book: x}}
  - {id: c, type: european_option, underlying: NVDA, right: put, strike: 160, expiry: 2026-01-16, quantity: 2}
limits:
  - {scenario: any, max_loss: 25%}
"""


def write(folder: Path, text: str, name: str = "p.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_portfolio(path)
    return [problem.format().replace(f"{path}:", "") for problem in caught.value.problems]


def test_a_document_becomes_columns(tmp_path):
    read = load_portfolio(write(tmp_path, GOOD))
    assert (read.name, read.currency, read.positions.ids) == ("fund", "USD", ("a", "b", "c"))
    assert read.positions.instrument.tolist() == [0, 0, 1]
    assert read.positions.quantity.tolist() == [40_000.0, -1.0, 2.0]
    assert all(map(math.isnan, read.positions.weight))
    assert read.positions.tags == {"book": ("", "x", ""), "desk": ("one", "", "")}
    assert read.instruments[1].spec.expiry == date(2026, 1, 16)
    assert read.nav is not None
    assert (read.nav.value, read.nav.date) == (1000.5, date(2025, 10, 2))
    assert (read.limits[0].scenario, read.limits[0].max_loss, read.limits[0].of) == ("any", 0.25, "base")
    assert read.positions.locate(2, "strike").line == 8


def test_everything_wrong_is_said_at_once(tmp_path):
    text = (
        GOOD.replace("40_000", "'40'")
        .replace("right: put", "right: putt")
        .replace("issuer: NVDA, quantity: -1", "isuer: NVDA, quantity: -1")
    )
    found = problems_of(write(tmp_path, text))
    assert [line.split(" ", 1)[0] for line in found] == ["6:51:", "7:5:", "7:27:", "8:61:"]
    assert "text '40'; expected a number without quotes" in found[0]
    assert "unknown field 'isuer'" in found[2]
    assert "did you mean 'issuer'?" in found[2]
    assert "did you mean 'put'?" in found[3]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: b", "id: a", "7:10: error[ST250] position id 'a' stands twice; expected a unique id"),
        ("type: european_option", "type: european_opton", "did you mean 'european_option'?"),
        (", quantity: 2}", "}", "a position has either a quantity or a weight"),
        ("quantity: 2}", "quantity: 2, weight: 3%}", "a position has either a quantity or a weight"),
        ("quantity: 2}", "weight: 100%}", "ST257] weights without a total"),
        ("quantity: 2}", "quantity: 2, stated_value: 3}", "stated_value and stated_date belong together"),
        ("max_loss: 25%", "max_loss: 25", "did you mean '25%'?"),
        ("max_loss: 25%", "max_loss: -25%", "a loss limit is written as a positive percentage"),
        ("currency: USD", "currency: usd", "did you mean 'USD'?"),
        ("positions:", "position:", "missing field 'positions'"),
        (GOOD[GOOD.index("positions:") : GOOD.index("limits:")], "positions: []\n", "ST268] no position"),
    ],
)
def test_each_slip_has_its_message(tmp_path, old, new, expected):
    found = "\n".join(problems_of(write(tmp_path, GOOD.replace(old, new, 1))))
    assert expected in found


WEIGHTS = """\
version: 1
name: weights
currency: USD
total: {value: 100, currency: USD}
positions:
  - {id: a, type: equity, issuer: NVDA, weight: 60%}
  - {id: b, type: equity, issuer: MSFT, weight: 30%}
"""


def test_the_remainder_is_cash(tmp_path):
    read = load_portfolio(write(tmp_path, WEIGHTS + "remainder: cash\n"))
    assert read.positions.ids == ("a", "b", "remainder")
    assert read.positions.weight.tolist() == pytest.approx([0.6, 0.3, 0.1])
    assert read.instruments[2].tag == "cash"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WEIGHTS, "ST259] weights add to 90.000000%; expected 100%, or less with remainder: cash"),
        (WEIGHTS.replace("30%", "70%") + "remainder: cash\n", "ST259] weights add to 130.000000%"),
        (
            WEIGHTS.replace("30%", "40%").replace("100, currency: USD", "100, currency: EUR"),
            "ST258] total in EUR",
        ),
    ],
)
def test_weights_that_do_not_add_up_are_refused(tmp_path, text, expected):
    assert expected in "\n".join(problems_of(write(tmp_path, text)))


def test_weights_within_the_tolerance_need_no_remainder(tmp_path):
    exact = WEIGHTS.replace("30%", "39.9999999999%")
    assert load_portfolio(write(tmp_path, exact)).positions.ids == ("a", "b")


def test_a_document_may_name_a_table_of_positions(tmp_path):
    write(tmp_path, "id,type,issuer,quantity\nx,equity,NVDA,3\n", "rows.csv")
    head = "version: 1\nname: big\ncurrency: EUR\npositions: rows.csv\n"
    read = load_portfolio(write(tmp_path, head))
    assert (read.currency, read.positions.ids, read.positions.quantity.tolist()) == ("EUR", ("x",), [3.0])


def test_names_are_looked_up_and_suggested():
    assert load_portfolio("ai_growth_fund").name == "ai_growth_fund"
    with pytest.raises(InputError, match=r"ST267.*did you mean 'ai_growth_fund'"):
        load_portfolio("ai_growth_found")


def test_portfolios_of_one_run_have_different_names(tmp_path):
    path = write(tmp_path, GOOD)
    with pytest.raises(InputError, match=r"ST266.*'fund' stands twice"):
        load_portfolios(path, path)


def test_a_portfolio_and_a_scenario_are_built_without_files():
    shares = {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 100}
    built = st.build_portfolio({"version": 1, "name": "mine", "currency": "USD", "positions": [shares]})
    crash = st.Scenario("crash", (st.Shock.of("spot", "-50%", issuer="NVDA"),), horizon="1m")
    result = st.stress(built, st.ScenarioSet((crash,)), st.load_market("2025-10-03"))
    assert result.to_numpy().tolist() == [[-9381.0]]


def test_what_is_wrong_in_python_is_told_as_in_files():
    shares = {"id": "nvda", "type": "equty", "issuer": "NVDA", "quantity": "100"}
    with pytest.raises(InputError) as caught:
        st.build_portfolio({"version": 1, "name": "mine", "currency": "USD", "positions": [shares]})
    assert {problem.code for problem in caught.value.problems} == {"ST152", "ST350"}
