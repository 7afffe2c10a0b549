from __future__ import annotations

from tests.measures.judgements.books import mixed

from stresstest.measures.judgements.register import register
from stresstest.measures.judgements.rewriting import with_lines, with_replaced
from stresstest.measures.judgements.variants import variants
from stresstest.scenarios.drivers import ChoiceDriver
from stresstest.scenarios.event import Default, Downgrade, Event
from stresstest.scenarios.scenario import Include, Scenario, Shock, Step
from stresstest.scenarios.selectors import Selector

SELECT = Selector.from_mapping({"issuer": "ACME"})


def labels(scenario: Scenario, kind: str) -> list[str]:
    entries = [entry for entry in register([scenario]) if entry.kind == kind]
    return [variant.label for entry in entries for variant in variants(scenario, entry, 0.1)]


def test_an_event_does_not_happen_and_its_terms_move() -> None:
    event = Event(SELECT, Default({"secured": 0.95, "subordinated": 0.1}))
    down = Event(SELECT, Downgrade(1))
    assert labels(Scenario("s", (), "1m", events=(event, down)), "event") == [
        "does not happen",
        "default (recovery secured 100%, subordinated 11%)",
        "default (recovery secured 85.5%, subordinated 9%)",
        "does not happen",
        "downgrade by 2 notches",
    ]


def test_a_choice_goes_to_each_other_choice() -> None:
    driver = ChoiceDriver("cause", "a", ("a", "b", "c"))
    assert labels(Scenario("s", (), "1m", drivers=(driver,)), "driver") == ["to b", "to c"]


def test_lines_that_go_take_their_drivers_along_and_parts_without_a_change_stay_the_same_object() -> None:
    scenario = mixed()
    firm = with_lines(
        scenario, lambda line: line.basis is not None and line.basis.basis_class == "documented"
    )
    assert (len(firm.shocks), firm.drivers) == (1, ())
    shock, later = Shock.of("spot", "-10%", issuer="ACME"), Shock.of("spot", "-5%", issuer="BOLT")
    path = Scenario("path", (), "6m", timing="path", steps=(Step.of("3m", shock), Step.of("6m", later)))
    whole = Scenario("whole", (), "6m", timing="path", include=(Include(path), Include(scenario)))
    twice = Shock.of("spot", "-20%", issuer="ACME")
    changed = with_replaced(whole, {id(shock): twice})
    assert changed.include[0].scenario.steps[0].shocks == (twice,)
    assert changed.include[0].scenario.steps[1] is path.steps[1]
    assert changed.include[1].scenario is scenario
    assert with_replaced(whole, {id(twice): shock}) is whole
