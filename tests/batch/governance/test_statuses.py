"""Manifest and summary say who answers for scenarios, and what no longer holds on the market's date."""

from __future__ import annotations

from pathlib import Path

from tests.batch.governance.governed_job import write_governed

from stresstest.batch.governance.statuses import scenario_governance, status_texts
from stresstest.batch.inputs.loading import load_inputs
from stresstest.batch.jobs.job import load_job


def test_who_answers_is_told_of_every_scenario_and_set(tmp_path: Path) -> None:
    job = write_governed(tmp_path, ("slow_grind]", "{sample: ai_burst_12m, columns: 10}]"))
    inputs = load_inputs(load_job(job))
    found = scenario_governance(inputs)
    assert list(found["scenarios"]) == ["cut", "old", "openai_funding_stop"]
    assert found["scenarios"]["cut"] == {
        "status": "approved",
        "owner": "Market risk",
        "approver": "Risk committee",
        "approved_on": "2025-09-15",
        "valid_until": "2025-12-31",
    }
    assert found["sets"]["ai_burst_12m"]["status"] == "draft"
    assert list(status_texts(inputs)) == [
        "Status of the scenarios: 2 draft, 1 approved",
        "Without an owner: old",
        "Set ai_burst_12m: draft, owner stresstest library",
        "old: was valid until 2025-06-30, and it is 2025-10-03",
    ]


def test_retired_scenarios_of_a_folder_are_left_out_and_named(tmp_path: Path) -> None:
    job = write_governed(
        tmp_path / "job", ("[cut.yaml, old.yaml, openai_funding_stop, slow_grind]", "[some/]")
    )
    some = tmp_path / "job" / "some"
    some.mkdir()
    for name, status in (("one", "draft"), ("two", "retired")):
        text = (tmp_path / "job" / "old.yaml").read_text(encoding="utf-8")
        text = text.replace("name: old", f"name: {name}").replace("draft", status)
        (some / f"{name}.yaml").write_text(text, encoding="utf-8")
    inputs = load_inputs(load_job(job))
    assert scenario_governance(inputs)["left_out"] == ["two"]
    assert "retired and left out: two; asked for by name, they run" in list(status_texts(inputs))
