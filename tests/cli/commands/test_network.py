from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from tests.cli.runner import ROOT, run, start

from stresstest.io.resources import names

NETWORK = """\
version: 1
name: sample
title: A maker, its customer and their lenders
as_of: 2025-10-03
currency: USD
nodes:
  - {id: MAKER, title: Maker, equity: 100bn USD, revenue: 20bn USD, source: a test}
  - {id: USER, title: User, kind: private, equity: 40bn USD, debt: 10bn USD, revenue: 2bn USD, burn: 3bn USD,
     source: a test}
  - {id: BANK, title: Bank, equity: 30bn USD, tier: financier, source: a test}
  - {id: FUND, title: Fund, equity: 30bn USD, tier: financier, source: a test}
edges:
  - {from: MAKER, to: USER, type: equity_stake, share: 25%, status: funded, class: documented, source: a test}
  - {from: USER, to: MAKER, type: revenue_dependence, per_year: 3bn USD, status: funded, class: judgement,
     source: a test}
  - {from: USER, to: MAKER, type: purchase_commitment, amount: 50bn USD, start: 2026-01-01, end: 2030-12-31,
     status: letter_of_intent, class: documented, source: a test}
  - {from: BANK, to: USER, type: term_loan, amount: 6bn USD, status: funded, class: documented,
     source: a test}
  - {from: FUND, to: USER, type: term_loan, amount: 3bn USD, status: funded, class: documented,
     source: a test, valid_from: 2025-12-01}
  - {from: BANK, to: USER, type: collateral, amount: 4bn USD, asset: H100, quantity: 100_000, status: funded,
     class: documented, source: a test}
  - {from: FUND, to: USER, type: collateral, amount: 3bn USD, asset: H100, quantity: 80_000, status: funded,
     class: documented, source: a test}
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "sample.yaml"
    file.write_text(NETWORK, encoding="utf-8")
    return file


def show(*arguments: str | Path) -> str:
    code, out, err = run("network", "show", *arguments)
    assert code == 0, err
    return out


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_firms_edges_circles_dependence_and_pledges_are_shown(sample: Path) -> None:
    out = show(sample)
    found = lines(out)
    assert found[0] == "sample A maker, its customer and their lenders"
    assert "As of 2025-10-03, amounts in USD, 4 firms, 6 edges (5 documented, 1 judgement)" in found
    assert "User lab 40.0bn 10.0bn - 2.00bn - 3.00bn" in found
    assert "Maker User 10.0bn funded documented" in found, "25 % of 40bn"
    assert "User Maker 50.0bn letter_of_intent documented" in found
    # 10bn of 40bn and 10bn; the way back is 3bn of 20bn and 10bn on top of these, together more.
    assert re.search(r"^ 1 +20\.0 %  Maker → User → Maker  letter_of_intent$", out, re.MULTILINE)
    assert "Bank 60.0 %" in out
    assert "User H100 1.8 times 4.00bn 6.00bn Bank, Fund" in found
    assert max(map(len, out.splitlines())) <= 80


def test_only_types_statuses_and_days_that_are_asked_for(sample: Path) -> None:
    funded = show(sample, "--status", "funded")
    assert "purchase_commitment" not in funded
    assert re.search(r"^ 1 +15\.0 %  Maker → User → Maker  funded$", funded, re.MULTILINE)
    assert "None." in show(sample, "--type", "equity_stake", "--type", "term_loan")
    later = show(sample, "--as-of", "2025-12-01")
    assert "Edges valid on 2025-12-01; amounts of firms are of 2025-10-03." in later
    assert "Fund 30.0 %" in later
    assert "User H100 1.8 times 4.00bn 9.00bn Bank, Fund" in lines(later)


def test_the_number_of_circles_is_what_is_asked_for() -> None:
    out = show("ai_circular_financing", "--circles", "2")
    assert len(re.findall(r"^ ?\d+ +[\d.]+ %  ", out, re.MULTILINE)) == 2
    assert "There are more: --circles 10" in out


def test_the_document_holds_what_the_tables_say(sample: Path) -> None:
    document = json.loads(show(sample, "--json", "--status", "funded"))
    assert document["schema"] == "stresstest/network/1"
    assert [firm["role"] for firm in document["firms"]] == ["supplier", "lab", "financier", "financier"]
    stake = document["edges"][0]
    assert (stake["from"], stake["to"], stake["share"], stake["amount"]) == ("MAKER", "USER", 0.25, None)
    assert stake["dependence"] == pytest.approx(0.2)
    (circle,) = document["circles"]
    assert circle["firms"] == ["MAKER", "USER"]
    assert circle["strength"] == pytest.approx(0.15)
    assert [[document["edges"][n]["type"] for n in link["edges"]] for link in circle["links"]] == [
        ["equity_stake"],
        ["revenue_dependence"],
    ]
    assert document["circle_groups"] == [["MAKER", "USER"]]
    debt = next(one for one in document["concentration"] if one["of"] == "debt")
    assert (debt["firm"], debt["largest"], debt["herfindahl"]) == ("USER", 0.6, pytest.approx(0.36))
    assert document["pledges"][0]["creditors"] == ["BANK", "FUND"]
    assert document["pledges"][0]["twice"] is True


@pytest.mark.parametrize("name", [name for name, _ in names("networks")])
def test_every_shipped_network_is_shown_and_its_document_keeps_to_its_schema(name: str) -> None:
    from stresstest.cli.network.spec import NetworkShownSpec

    assert show(name).startswith(name)
    text = show(name, "--json")
    shown = NetworkShownSpec.model_validate_json(text)
    assert shown.name == name
    assert set(json.loads(text)) == {
        field.alias or key for key, field in NetworkShownSpec.model_fields.items()
    }
    assert len(shown.firms) >= 5
    assert shown.circles or name != "ai_circular_financing"


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(NETWORK.encode())))
    assert show("-").startswith("sample  A maker")
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO(NETWORK.replace("MAKER, to", "M, to").encode()))
    )
    code, out, err = run("network", "show", "-")
    assert (code, out) == (2, "")
    assert err.startswith("-:13:12: error[ST501] firm 'M'"), err


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".SVG"])
def test_a_drawing_is_written_and_never_over_another_without_leave(sample: Path, suffix: str) -> None:
    target = sample.parent / f"drawn{suffix}"
    code, out, err = run("network", "show", sample, "-o", target, "--json")
    assert code == 0
    assert json.loads(out)["name"] == "sample"
    assert err == f"stresstest: drawn to {target}\n"
    first = target.read_bytes()
    code, out, err = run("network", "show", sample, "-o", target)
    assert (code, out) == (2, "")
    assert "ST145" in err
    assert run("network", "show", sample, "-o", target, "--force").code == 0
    assert target.read_bytes() == first


def test_bytes_do_not_depend_on_the_process(sample: Path) -> None:
    digests = set()
    for seed in ("1", "2"):
        target = sample.parent / f"drawn{seed}.svg"
        process = start(["network", "show", "ai_circular_financing", "-o", target], PYTHONHASHSEED=seed)
        process.communicate()
        assert process.returncode == 0
        digests.add(hashlib.sha256(target.read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["ai_circular_finance"],
            "error[ST500] network 'ai_circular_finance'; expected a network of the library",
        ),
        (["ai_circular_finance"], "did you mean 'ai_circular_financing'?"),
        (["portfolios/ai_growth_fund.yaml"], "error[ST406] a portfolio; expected a network"),
        (["shocks/ai_capex_collapse.yaml"], "error[ST406] a scenario; expected a network"),
        (["shocks"], "error[ST406] a scenario; expected a network"),
        (["no_such_file.yaml"], "error[ST100] no such file"),
        (["prices.csv"], "error[ST406] a table; expected a network"),
        (
            ["ai_circular_financing", "-o", "x.gif"],
            "error[ST147] drawing format '.gif'; expected one of .svg, .png, .pdf",
        ),
        (["ai_circular_financing", "-o", "x"], "error[ST147] drawing format ''"),
        (["ai_circular_financing", "-o", "nowhere/x.svg"], "error[ST146] no folder 'nowhere'"),
        (["ai_circular_financing", "--status", "fundet"], "'fundet' is not one of 'funded'"),
        (["ai_circular_financing", "--as-of", "3.10.2025"], "does not match the format '%Y-%m-%d'"),
        (["ai_circular_financing", "--circles", "-1"], "-1 is not in the range"),
        ([], "Missing argument 'NAME|FILE'"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(
    arguments: list[str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = ("portfolios", "shocks")
    paths = [str(ROOT / word) if word.startswith(shipped) else word for word in arguments]
    monkeypatch.chdir(tmp_path)
    code, out, err = run("network", "show", *paths)
    assert (code, out) == (2, "")
    assert expected in err
    assert list(tmp_path.iterdir()) == []


def test_help_says_what_strength_is() -> None:
    code, out, _ = run("network", "show", "--help")
    assert code == 0
    assert "Its strength is the smallest share along it" in " ".join(out.split())
