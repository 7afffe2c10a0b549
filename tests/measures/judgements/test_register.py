from __future__ import annotations

from datetime import date

import pytest
from tests.measures.judgements.books import mixed

from stresstest.api import load_scenarios
from stresstest.measures.judgements.register import KINDS, register
from stresstest.scenarios.scenario import Include, Scenario


def test_every_line_and_driver_stands_with_its_class_author_date_analogue_and_place() -> None:
    entries = register([mixed()])
    assert [(entry.kind, entry.basis_class, entry.location.line) for entry in entries] == [
        ("line", "documented", 8),
        ("line", "computed", 9),
        ("line", "judgement", 10),
        ("line", "unstated", 12),
        ("driver", "judgement", 6),
    ]
    judged = entries[2]
    assert (judged.author, judged.dated, judged.analogue) == ("J. Doe", date(2025, 9, 1), "the fall of 2022")
    assert judged.text == "issuer EURO: spot -25% (cut 50%)"
    assert [entry.is_judged for entry in entries] == [False, False, True, True, True]
    assert (entries[0].source, entries[4].text, entries[4].author) == (("A1",), "cut 50%", "J. Doe")


def test_what_is_included_twice_stands_once_and_says_who_wrote_it() -> None:
    part = mixed()
    inner = Scenario("inner", (), "1m", include=(Include(part),))
    whole = Scenario("whole", (), "1m", include=(Include(part), Include(inner)), combine="override")
    entries = register([whole])
    assert [entry.written_in for entry in entries] == ["mixed"] * 5
    assert {entry.scenario for entry in entries} == {"whole"}


def test_networks_give_settings_edges_and_firms_with_the_evidence_of_their_file() -> None:
    (scenario,) = load_scenarios("openai_funding_stop")
    entries = register([scenario])
    order = [KINDS.index(entry.kind) for entry in entries]
    assert order == sorted(order)
    use = scenario.network
    assert use is not None
    settings = [entry for entry in entries if entry.kind == "network setting"]
    assert len(settings) == sum(len(one.mechanism.settings) for one in use.chosen)
    stated = next(entry for entry in settings if "backlog_multiple" in entry.text)
    assert (stated.text, stated.note) == ("funding_runway: backlog_multiple 50 %", "stated by the scenario")
    edges = {edge.location.line: edge for edge in use.network.edges}
    found = [entry for entry in entries if entry.kind == "network edge"]
    assert found
    assert all(edges[entry.location.line].evidence.basis_class == entry.basis_class for entry in found)
    cash = next(entry for entry in entries if entry.text.startswith("OPENAI: cash"))
    assert cash.basis_class == next(
        (node.evidence.get("cash") or node.evidence[""]).basis_class
        for node in use.network.nodes
        if node.id == "OPENAI"
    )


@pytest.mark.parametrize("name", ["ai_capex_collapse", "time_bomb", "recovery_path", "replay_covid_2020"])
def test_no_line_of_a_shipped_scenario_is_missing(name: str) -> None:
    (scenario,) = load_scenarios(name)

    def lines(part: Scenario) -> set[tuple[str, int]]:
        own = {(line.location.file, line.location.line) for line in (*part.all_shocks, *part.all_events)}
        return own.union(*(lines(item.scenario) for item in part.include))

    kinds = ("line", "event")
    found = {(e.location.file, e.location.line) for e in register([scenario]) if e.kind in kinds}
    assert found == lines(scenario)
