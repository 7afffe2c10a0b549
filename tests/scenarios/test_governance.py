from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.scenarios.markets import small_market

from stresstest.errors import InputError
from stresstest.hedging.policies.policy_loading import load_policy, parse_policy
from stresstest.io.resources import library_path, names
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.governance import Governance
from stresstest.scenarios.governance_notes import left_out_notes, past_notes, status_counts
from stresstest.scenarios.loading import load_scenarios, parse_scenario
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import ScenarioSet

TEXT = """\
version: 1
name: {name}
horizon: 1m
{governance}
shocks: [{{select: {{issuer: NVDA}}, factor: spot, shift: -10%}}]
"""
APPROVED = "status: approved\nowner: Market risk\napprover: Risk committee\napproved_on: 2025-09-01"
RETIRED = f"{APPROVED}\nvalid_until: 2025-09-30".replace("approved\nowner", "retired\nowner")


def text(governance: str, name: str = "fall") -> str:
    return TEXT.format(name=name, governance=governance)


def problems(governance: str) -> list[str]:
    with pytest.raises(InputError) as error:
        parse_scenario(text(governance), "fall.yaml")
    return [problem.format() for problem in error.value.problems]


def test_every_field_is_read_and_said_in_words() -> None:
    found = parse_scenario(text(f"{APPROVED}\nvalid_until: 2026-08-31")).governance
    day = date(2025, 9, 1)
    assert found == Governance("approved", "Market risk", "Risk committee", day, date(2026, 8, 31))
    assert found.words() == (
        "approved by Risk committee on 2025-09-01",
        "owner Market risk",
        "valid until 2026-08-31",
    )
    assert (found.is_past(date(2026, 8, 31)), found.is_past(date(2026, 9, 1))) == (False, True)
    assert parse_scenario(text("")).governance == Governance()


@pytest.mark.parametrize(
    ("governance", "expected"),
    [
        ("status: approved", "fall.yaml:4:9: error[ST730] approved without approver and approved_on"),
        ("status: approved\napprover: A", "fall.yaml:4:9: error[ST730] approved without approved_on"),
        (
            APPROVED.replace("Risk committee", "market  RISK"),
            "fall.yaml:6:11: error[ST731] approved by its owner, 'market  RISK'",
        ),
        (
            f"{APPROVED}\nvalid_until: 2025-08-31",
            "fall.yaml:8:14: error[ST732] valid until 2025-08-31, approved on 2025-09-01",
        ),
        ("status: draft\napprover: A", "fall.yaml:5:11: error[ST733] approver with status draft"),
        ("approved_on: 2025-09-01", "fall.yaml:4:14: error[ST733] approved_on with status unstated"),
    ],
)
def test_contradictions_are_told_where_they_stand(governance: str, expected: str) -> None:
    (told,) = problems(governance)
    assert told.startswith(expected)


def test_sets_and_policies_are_held_to_the_same(tmp_path: Path) -> None:
    policy = (library_path("hedges") / "buffett.yaml").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="ST730"):
        parse_policy(policy.replace("status: draft", "status: approved"))
    (tmp_path / "fall.yaml").write_text(text(""), encoding="utf-8")
    file = tmp_path / "set.yaml"
    file.write_text(
        f"version: 1\nname: some\n{APPROVED}\nmembers: [{{scenario: fall.yaml}}]\n", encoding="utf-8"
    )
    found = load_scenarios([file])
    assert isinstance(found, MemberSet)
    assert found.governance.approver == "Risk committee"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Risk committee", "Market risk"), encoding="utf-8"
    )
    with pytest.raises(InputError, match="ST731"):
        load_scenarios([file])


def test_a_retired_scenario_runs_by_name_with_a_warning_and_is_left_out_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(text(RETIRED, "old"), encoding="utf-8")
    (tmp_path / "new.yaml").write_text(text("status: draft", "new"), encoding="utf-8")
    folder = load_scenarios([tmp_path])
    assert (folder.names, [one.name for one in folder.left_out]) == (("new",), ["old"])
    assert list(left_out_notes(folder)) == ["retired and left out: old; asked for by name, they run"]
    named = load_scenarios([tmp_path / "old.yaml"])
    assert (named.names, named.left_out) == (("old",), ())
    told = [warning.message for warning in compile_scenarios(named, small_market()).warnings]
    assert "is retired: not to be used any more" in told
    (tmp_path / "new.yaml").unlink()
    with pytest.raises(InputError, match=r"ST734.*only retired scenarios: old"):
        load_scenarios([tmp_path])


def test_a_retired_part_or_member_is_refused_unless_the_whole_is_retired(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(text(RETIRED, "old"), encoding="utf-8")
    whole = tmp_path / "whole.yaml"
    for body in ("horizon: 1m\ninclude: [old.yaml]", "members: [{scenario: old.yaml}]"):
        whole.write_text(f"version: 1\nname: whole\n{body}\n", encoding="utf-8")
        with pytest.raises(InputError, match="ST734"):
            load_scenarios([whole])
        whole.write_text(f"version: 1\nname: whole\nstatus: retired\n{body}\n", encoding="utf-8")
        assert load_scenarios([whole]).names


def test_what_is_past_is_told_by_the_market_and_by_the_day_of_the_run() -> None:
    early = parse_scenario(text("valid_until: 2025-06-30", "early"))
    late = parse_scenario(text("valid_until: 2025-12-31", "late"))
    both = ScenarioSet((early, late))
    as_of = small_market().as_of
    assert date(2025, 6, 30) < as_of < date(2025, 12, 31)
    told = [str(warning) for warning in compile_scenarios(both, small_market()).warnings]
    assert told == [f"<text>:4:14: early: was valid until 2025-06-30, on a market of {as_of}"]
    assert list(past_notes(both, as_of, as_of)) == []
    assert list(past_notes(both, as_of, date(2026, 1, 1))) == [
        "late: was valid until 2025-12-31, and it is 2026-01-01"
    ]
    drawn = MemberSet((late,), name="drawn", governance=Governance(valid_until=date(2025, 6, 30)))
    assert list(past_notes(drawn, as_of, as_of)) == [
        f"set drawn: was valid until 2025-06-30, and it is {as_of}"
    ]


def test_shipped_files_say_truthfully_that_they_are_drafts_of_the_library() -> None:
    shipped = load_scenarios()
    expected = Governance("draft", "stresstest library")
    assert {scenario.governance for scenario in shipped} == {expected}
    assert status_counts(shipped) == {"draft": len(shipped)}
    assert {load_policy(name).governance for name, _ in names("hedges")} == {expected}
    for name, _ in names("sets"):
        found = load_scenarios([name])
        assert isinstance(found, MemberSet)
        assert found.governance == expected
