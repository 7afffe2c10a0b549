"""JSON Schemas of everything that people write and that verbs print, from the models that check them."""

from __future__ import annotations

from importlib import import_module

from stresstest.io.schemas import json_schema_text

_MODELS = {
    "scenario": ("scenarios.spec", "ScenarioSpec"),
    "scenario_set": ("scenarios.set_spec", "ScenarioSetSpec"),
    "network": ("networks.spec", "NetworkSpec"),
    "market": ("market.spec", "MarketSpec"),
    "job": ("batch.jobs.spec", "JobSpec"),
    "hedge_policy": ("hedging.policies.policy_spec", "PolicySpec"),
    "result": ("cli.run.spec", "ResultSpec"),
    "hedge": ("cli.hedge.spec", "HedgeSpec"),
    "network_show": ("cli.network.spec", "NetworkShownSpec"),
    "reverse": ("cli.reverse.spec", "ReverseSpec"),
    "sweep": ("cli.sweep.spec", "SweepSpec"),
    "query": ("cli.batch.query_spec", "QuerySpec"),
    "diff": ("cli.batch.diff_spec", "DiffSpec"),
    "replay": ("cli.batch.replay_spec", "ReplaySpec"),
    "origin": ("cli.batch.replay_spec", "OriginSpec"),
}


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a kind of file, or of a document that a verb prints, as indented text."""
    title = f"stresstest {kind.replace('_', ' ')}"
    if kind == "portfolio":
        from stresstest.cli.files.portfolio_spec import portfolio_model

        return json_schema_text(portfolio_model(), title)
    module, name = _MODELS[kind]
    return json_schema_text(getattr(import_module(f"stresstest.{module}"), name), title)
