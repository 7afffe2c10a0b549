"""Variants of scenarios: named apart, only where they differ, left out where they cannot be had."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.scenarios.markets import small_market

from stresstest.api import load_scenarios
from stresstest.batch.governance import variants
from stresstest.batch.governance.variants import (
    compile_with_variants,
    is_variant,
    layers_of,
    variants_of,
)
from stresstest.batch.jobs.job import Job
from stresstest.errors import InputError, Problem
from stresstest.scenarios.basis import Basis
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SeverityRange
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

JUDGED, DOCUMENTED = Basis("judgement"), Basis("documented")


def line(shift: str, basis: Basis) -> Shock:
    return replace(Shock.of("spot", shift, issuer="NVDA"), basis=basis)


def fall(*lines: Shock) -> Scenario:
    return Scenario("fall", lines, "1m")


def test_layers_share_the_columns_of_what_is_the_same() -> None:
    wholly = fall(line("-10%", JUDGED))
    assert [name for name, _ in layers_of(wholly)] == [*["fall~time"] * 4, "fall", "fall"]
    firm = fall(line("-10%", DOCUMENTED))
    assert [name for name, _ in layers_of(firm)] == ["fall~time", *["fall"] * 5]
    job = Job("job", ("fund",), judgement=True, challenger="factor_model")
    assert [one.name for one in variants_of(wholly, job)] == ["fall~time"]


def test_a_network_has_its_lines_alone_and_a_challenger() -> None:
    (scenario,) = load_scenarios("openai_funding_stop")
    job = Job("job", ("fund",), challenger="factor_model")
    lines, challenger = variants_of(scenario, job)
    assert (lines.name, challenger.name) == ("openai_funding_stop~lines", "openai_funding_stop~factor_model")
    assert (lines.propagate, lines.network, challenger.network) == (None, None, None)
    assert challenger.propagate is not None
    assert is_variant(lines.name)
    assert not is_variant(scenario.name)


def test_variants_have_the_severity_of_their_scenario() -> None:
    judged = replace(Shock.of("spot", "-20%", issuer="AMD"), basis=JUDGED)
    members = MemberSet(
        (fall(line("-10%", DOCUMENTED), judged),), severities={"fall": SeverityRange.fixed(0.5)}
    )
    compiled, reasons = compile_with_variants(members, Job("job", (), judgement=True), small_market())
    assert reasons == {}
    assert compiled.columns.table.scenarios == ("fall", "fall~time", "fall~documented")
    moved = {(one.scenario, str(one.factor)): one.level / one.base - 1.0 for one in compiled.effects}
    assert (
        moved["fall~documented", "spot/NVDA"] == moved["fall", "spot/NVDA"] == pytest.approx(0.9**0.5 - 1.0)
    )
    assert ("fall~documented", "spot/AMD") not in moved


def test_a_scenario_without_variants_says_why_and_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variants of one scenario are refused; it and all of the other stay."""
    plain = variants.compile_scenarios

    def refuses(scenarios: ScenarioSet, *rest: object) -> object:
        if any(name.startswith("fall~") for name in scenarios.names):
            raise InputError([Problem("ST319", "no such variant", "another")])
        return plain(scenarios, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(variants, "compile_scenarios", refuses)
    other = replace(fall(line("-20%", JUDGED)), name="other")
    both = ScenarioSet((fall(line("-10%", JUDGED)), other))
    compiled, reasons = compile_with_variants(both, Job("job", (), judgement=True), small_market())
    assert reasons == {"fall": "no such variant"}
    assert compiled.columns.table.scenarios == ("fall", "other", "other~time")
