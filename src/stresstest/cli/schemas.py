"""JSON Schemas of everything that people write and of the result, made from the models that check them."""

from __future__ import annotations

from stresstest.io.schemas import json_schema_text


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a kind of file as indented text; every other kind is the result of a run."""
    if kind == "portfolio":
        from stresstest.cli.portfolio_spec import portfolio_model

        return json_schema_text(portfolio_model(), "stresstest portfolio")
    if kind == "scenario":
        from stresstest.scenarios.spec import ScenarioSpec

        return json_schema_text(ScenarioSpec, "stresstest scenario")
    if kind == "scenario_set":
        from stresstest.scenarios.set_spec import ScenarioSetSpec

        return json_schema_text(ScenarioSetSpec, "stresstest scenario set")
    if kind == "market":
        from stresstest.market.spec import MarketSpec

        return json_schema_text(MarketSpec, "stresstest market")
    if kind == "hedge_policy":
        from stresstest.hedging.policy_spec import PolicySpec

        return json_schema_text(PolicySpec, "stresstest hedge policy")
    from stresstest.cli.result_spec import ResultSpec

    return json_schema_text(ResultSpec, "stresstest result")
