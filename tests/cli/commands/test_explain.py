from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.cli.samples import DRIVEN, FALL, write_samples

from stresstest.catalog import instrument_types
from stresstest.error_codes import ERROR_CODES
from stresstest.io.model_cards import SECTIONS

OVERLAP = FALL + "  - {select: {theme: ai_accelerators}, factor: spot, shift: -30%}\n"


def test_each_line_shows_its_factors_from_where_to_where(tmp_path: Path) -> None:
    sample = write_samples(tmp_path, fall=OVERLAP)
    code, out, err = run("explain", sample["fall"])
    assert code == 0, err
    assert re.search(
        r"^ 1  issuer NVDA: spot -50%  fall\.yaml:6\n    spot/NVDA +187\.62 to +93\.81 +-50\.0 %",
        out,
        re.MULTILINE,
    )
    assert re.search(r"spot/NVDA +187\.62 to +93\.81 +-50\.0 %  overruled by shock 1", out)
    assert "through links to the above" in out
    assert max(map(len, out.splitlines())) <= 80


def test_with_a_portfolio_only_what_it_holds_is_shown_with_the_positions(tmp_path: Path) -> None:
    sample = write_samples(tmp_path, fall=OVERLAP)
    code, out, _ = run("explain", sample["fall"], "--portfolio", sample["portfolio"], "--json")
    assert code == 0
    document = json.loads(out)
    factors = {factor["factor"] for line in document["lines"] for factor in line["factors"]}
    assert factors == {"spot/NVDA"}
    assert document["lines"][0]["factors"][0]["positions"] == ["chips"]


def test_levels_are_those_that_a_run_uses(tmp_path: Path) -> None:
    sample = write_samples(tmp_path)
    document = json.loads(run("explain", sample["fall"], "--severity", "200%", "--json").out)
    (factor,) = document["lines"][0]["factors"]
    assert factor["from"] == 187.62
    assert factor["to"] == pytest.approx(187.62 * 0.25, rel=1e-12)


@pytest.mark.parametrize("tag", instrument_types())
def test_every_instrument_type_is_explained_field_by_field(tag: str) -> None:
    code, out, _ = run("explain", tag)
    assert code == 0
    assert out.startswith(tag)
    for name, field in instrument_types()[tag].spec.model_fields.items():
        assert re.search(rf"^{name} +{'required' if field.is_required() else 'optional'} ", out, re.MULTILINE)


@pytest.mark.parametrize("tag", instrument_types())
def test_every_instrument_type_shows_its_model_card(tag: str) -> None:
    out = run("explain", tag).out
    headings = [line for line in out.splitlines() if line in SECTIONS]
    assert tuple(headings) == SECTIONS
    assert max(map(len, out.splitlines())) <= 80
    card = json.loads(run("explain", tag, "--json").out)["card"]
    assert list(card) == [heading.lower() for heading in SECTIONS]


def test_every_error_code_is_explained() -> None:
    for code, meaning in ERROR_CODES.items():
        assert run("explain", code).out == f"{code}: {meaning}\n"


def test_a_kind_before_the_name_settles_what_is_meant() -> None:
    assert run("explain", "code:ST100").code == 0
    assert run("explain", "instrument:cash").out.startswith("cash")
    code, _, err = run("explain", "scenario:cash")
    assert code == 2
    assert "ST322" in err


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("ai_capex_colapse", "ai_capex_collapse"), ("ST999", ""), ("instrument:equty", "equity")],
)
def test_unknown_names_are_refused(name: str, suggestion: str) -> None:
    code, out, err = run("explain", name)
    assert (code, out) == (2, "")
    assert suggestion in err


def test_a_line_says_which_driver_its_size_comes_from(tmp_path: Path) -> None:
    (tmp_path / "driven.yaml").write_text(DRIVEN, encoding="utf-8")
    code, out, err = run("explain", tmp_path / "driven.yaml", "--set", "driven.cut=25%")
    assert code == 0, err
    assert " 1  issuer NVDA: spot -25% (cut 25%)" in out


WHOLE = """\
version: 1
name: whole
horizon: 1m
combine: override
include:
  - {scenario: fall.yaml, severity: 50%}
shocks:
  - {select: {curve: USD}, factor: zero_rate, shift: +1%}
events:
  - {event: dividend, select: {issuer: AMZN}, cut: 50%}
"""


def test_an_included_part_is_shown_with_its_severity_and_every_line_with_its_place(tmp_path: Path) -> None:
    write_samples(tmp_path, whole=WHOLE)
    out = run("explain", tmp_path / "whole.yaml").out
    assert " 1  fall at 50%: issuer NVDA: spot -50%  fall.yaml:6\n" in out
    assert " 2  curve USD: zero_rate +1%  whole.yaml:8\n" in out
    (first, second, *_) = json.loads(run("explain", tmp_path / "whole.yaml", "--json").out)["lines"]
    assert (first["line"], Path(first["file"]).name, first["file_line"]) == (1, "fall.yaml", 6)
    assert (second["line"], Path(second["file"]).name, second["file_line"]) == (2, "whole.yaml", 8)


def test_what_may_be_a_slip_is_noted(tmp_path: Path) -> None:
    write_samples(tmp_path, whole=WHOLE)
    out = " ".join(run("explain", tmp_path / "whole.yaml").out.split())
    assert "shock 2 (whole.yaml:8): +1% of zero_rate is relative, as % always is: zero_rate/USD/20Y" in out
    assert "for points write +100bp, for a ratio x1.01" in out
    assert "issuer AMZN: dividend cut by 50%: AMZN pays no dividend, and nothing changes there" in out


PATH = """\
version: 1
name: later
horizon: 3m
timing: path
steps:
  - after: 1m
    title: the fall
    shocks:
      - {select: {issuer: NVDA}, factor: spot, shift: -20%}
  - after: 3m
    shocks:
      - {select: {issuer: NVDA}, factor: spot, shift: +10%}
"""


def test_moves_through_links_on_a_path_are_shown_by_step(tmp_path: Path) -> None:
    write_samples(tmp_path, later=PATH)
    out = run("explain", tmp_path / "later.yaml").out
    assert "after 1m (the fall), through links to the above" in out
    assert "after 3m, through links to the above" in out


def test_a_spread_part_is_shown_once_from_its_first_level_to_its_last(tmp_path: Path) -> None:
    head = "version: 1\nhorizon: 3m\nname: {}\ntiming: {}\n"
    line = "{{select: {{issuer: NVDA}}, factor: spot, shift: {}}}"
    (tmp_path / "slow.yaml").write_text(
        head.format("slow", "linear") + "shocks:\n  - " + line.format("-20%") + "\n"
    )
    (tmp_path / "whole.yaml").write_text(
        head.format("whole", "path") + "include: [slow.yaml]\nsteps:\n  - after: 3m\n    shocks:\n      - "
        "{select: {issuer: KO}, factor: spot, shift: -5%}\n    events:\n      - {event: halt, select: "
        "{issuer: KO}}\n"
    )
    document = json.loads(run("explain", str(tmp_path / "whole.yaml"), "--json")[1])
    spread, own, halt = document["lines"][:3]
    assert spread["text"] == "slow: issuer NVDA: spot -20%"
    (nvda,) = spread["factors"]
    assert nvda["to"] == pytest.approx(nvda["from"] * 0.8)
    assert own["text"] == "after 3m, issuer KO: spot -5%"
    assert halt["text"] == "after 3m, issuer KO: trading halt"
    linked = [line["text"] for line in document["lines"] if not line["line"]]
    assert linked
    assert all("through links to the above" in text for text in linked)
    assert any(text.startswith("after 3m, ") for text in linked)


def test_it_counts_the_factors_that_move_as_validate_does(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        "version: 1\nname: ours\nhorizon: 12m\nnetwork: ai_circular_financing\nshocks:\n"
        "  - {select: {issuer: MSFT}, factor: capex, shift: -50%}\n"
        "  - {select: {issuer: KO}, factor: spot, shift: +0%}\n",
        encoding="utf-8",
    )
    moved = json.loads(run("explain", file, "--json")[1])["factors_moved"]
    assert f"2 lines move {moved:,} factors" in run("validate", file)[1]
    assert f"{moved:,} factors of market 2025-10-03 move, 1 more are stated not to" in run("explain", file)[1]
