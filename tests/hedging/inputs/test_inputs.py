from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.hedging.tiny_books import POSITIONS, SCENARIOS, inputs, line, ruled

import stresstest as st
from stresstest.errors import InputError
from stresstest.hedging.inputs.input_building import build_inputs
from stresstest.hedging.inputs.lines import number_of_rolls
from stresstest.hedging.plans.resizing import resized
from stresstest.hedging.policies.scenario_names import composed

KEEP = "name: keep, keep_with: 50%, scenario: time_bomb, with: [haven_failure_gold]"


def test_effects_of_the_book_are_those_of_a_run() -> None:
    found = ruled()
    book = {"version": 1, "name": "tiny", "currency": "USD", "positions": POSITIONS}
    run = st.stress(st.build_portfolio(book), st.load_scenarios(*SCENARIOS), st.load_market("2025-10-03"))
    for name in SCENARIOS:
        place = found.scenarios.place(name)
        assert found.scenarios.before[place] == run.pnl.loc["tiny", name]
        lines = found.quantity[: found.n_held] @ found.scenarios.unit[: found.n_held, place]
        assert lines == pytest.approx(found.scenarios.before[place], rel=1e-12)
    assert found.base_value == pytest.approx(run.result.portfolios[0].base_value, rel=1e-15)
    assert found.cash_before == 100_000.0


def test_a_bought_option_is_carried_with_half_of_its_life_gone() -> None:
    found = ruled()
    place = line(found, "spy-put", held=False)
    bought = found.lines[place]
    spec = found.book.instruments[bought.legs[0].row].spec
    as_of = found.book.market.as_of
    later = as_of + timedelta(days=(spec.expiry - as_of).days // 2)
    terms = {"type": "european_option", "underlying": "SPY", "right": "put", "strike": spec.strike,
             "multiplier": spec.multiplier, "quantity": 1}  # fmt: skip
    pair = [
        {"id": "fresh", "expiry": str(spec.expiry), **terms},
        {"id": "aged", "expiry": str(later), **terms},
    ]
    both = st.build_portfolio({"version": 1, "name": "pair", "currency": "USD", "positions": pair})
    run = st.stress(both, st.load_scenarios("time_bomb"), st.load_market("2025-10-03"))
    value = run.result.portfolios[0].position_value
    assert found.scenarios.unit[place, found.scenarios.place("time_bomb")] == value[1, 1] - value[0, 0]
    assert found.unit_value[place] == value[0, 0]


def test_a_programme_rolls_once_a_half_life_within_the_horizon() -> None:
    assert [number_of_rolls(1.0, half) for half in (2.0, 1.0, 0.5, 0.3, 0.25)] == [0, 0, 1, 3, 3]


def test_rolls_cost_the_ask_less_the_bid_of_what_is_left() -> None:
    found = ruled()
    place = line(found, "spy-put", held=False)
    bought, candidate = found.lines[place], place - found.n_held
    rolls = number_of_rolls(1.0, bought.half_life_years(found.book.market.as_of))
    spread = found.costs.spread[place] * found.scale[place]
    roll = found.costs.roll_share[candidate] * found.scale[place] / rolls
    premium = found.costs.premium[candidate] * found.scale[place]
    assert rolls >= 1
    assert premium == pytest.approx(found.unit_value[place] + spread + rolls * roll, rel=1e-12)
    assert roll > spread > 0.0


def test_a_scenario_on_top_takes_no_loss_back() -> None:
    found = ruled(KEEP)
    alone, both = (found.scenarios.place(name) for name in ("time_bomb", "time_bomb+haven_failure_gold"))
    gold, nvda = line(found, "gld", held=False), line(found, "nvda", held=True)
    assert found.scenarios.unit[gold, alone] > 0.0 > found.scenarios.unit[gold, both]
    assert found.scenarios.unit[nvda, both] == found.scenarios.unit[nvda, alone]
    scenarios = st.load_scenarios("time_bomb", "haven_failure_gold")
    assert composed(*scenarios).name == "time_bomb+haven_failure_gold"


def test_roles_tell_what_the_optimisation_did_not_see() -> None:
    roles = {role.name: role for role in ruled(KEEP).roles}
    assert roles["time_bomb"].role == "objective"
    assert roles["time_bomb+haven_failure_gold"].role == "rule"
    assert roles["boom_continues"].held_out
    assert roles["haven_failure_bonds"].horizon == "9m"


def test_severities_are_scenarios_of_their_own() -> None:
    found = ruled("name: limit, max_loss: 90%, scenario: time_bomb, severities: [90%, 100%, 110%]")
    losses = [found.scenarios.before[found.scenarios.place(name)] for name in ("time_bomb@110%", "time_bomb")]
    assert losses[0] < losses[1] < found.scenarios.before[found.scenarios.place("time_bomb@90%")] < 0.0


def test_numbers_do_not_depend_on_threads_or_the_order_of_positions() -> None:
    one, other = inputs(threads=1), inputs(positions=POSITIONS[::-1], threads=2)
    assert [item.id for item in one.lines] == [item.id for item in other.lines]
    assert np.array_equal(one.scenarios.unit, other.scenarios.unit)
    assert np.array_equal(one.scenarios.before, other.scenarios.before)
    assert np.array_equal(one.costs.spread, other.costs.spread)


def test_a_book_without_value_is_refused() -> None:
    flat = [{"id": "a", "type": "cash", "currency": "USD", "quantity": 1}]
    flat.append({"id": "b", "type": "cash", "currency": "USD", "quantity": -1})
    with pytest.raises(InputError, match="base value of 0"):
        inputs(positions=flat)


def test_a_set_that_is_not_sampled_is_refused() -> None:
    found = ruled()
    term = replace(found.policy.objective[0], minimise="expected_shortfall", scenario_set="time_bomb")
    policy = replace(found.policy, objective=(term,))
    portfolio = found.book.portfolios[0].portfolio
    with pytest.raises(InputError, match="sampled"):
        build_inputs(portfolio, policy, st.load_market("2025-10-03"), st.load_scenarios("time_bomb"))


def test_inputs_under_other_sizes_are_those_worked_out_afresh() -> None:
    """Only effects are worked out again; nothing else depends on scenarios."""
    old = inputs(KEEP)
    halved = resized(st.load_scenarios(*SCENARIOS), 0.5, lambda one: one.horizon == "12m")
    found = old.under(halved)
    book = {"version": 1, "name": "tiny", "currency": "USD", "positions": POSITIONS}
    policy, market = old.policy, st.load_market("2025-10-03")
    fresh = build_inputs(st.build_portfolio(book), policy, market, halved)
    assert found.scenarios.names == fresh.scenarios.names
    assert found.scenarios.before.tolist() == fresh.scenarios.before.tolist()
    assert found.scenarios.unit.tolist() == fresh.scenarios.unit.tolist()
    assert (found.roles, found.worst, found.seller_loss) == (fresh.roles, fresh.worst, fresh.seller_loss)
    assert found.costs.spread.tolist() == fresh.costs.spread.tolist()
    assert found.scenarios.before.tolist() != old.scenarios.before.tolist()
    assert (found.book, found.samples) == (old.book, old.samples)
