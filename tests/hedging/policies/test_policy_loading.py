"""Hedge policies from text: every field arrives where the program looks for it."""

from __future__ import annotations

import pytest
from tests.hedging.small_policies import policy, with_rule

from stresstest.errors import InputError
from stresstest.hedging.policies.measure_keys import MEASURES, Sense, Unit
from stresstest.hedging.policies.policy import BUILT_IN_RULES, Glide
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.policies.rule_spec import RuleSpec
from stresstest.hedging.policies.selection import Selection, Traits
from stresstest.io.resources import names

# For each measure a rule that states it as fully as it may be, and the amount that must arrive.
RULES = {
    "max_weight": ("max_weight: 8%, by: group, new: 6%, except: {alphabet: 10%}", 0.08),
    "min_weight": ("min_weight: 50%, select: {asset_class: equity}, of: cash_and_listed", 0.5),
    "max_cash": ("max_cash: 35%, of: cash_and_listed, within: 6m", 0.35),
    "min_cash": ("min_cash: 20%, within: 12m", 0.2),
    "max_exposure": ("max_exposure: 35%, theme: ai_exposure, glide: {to: 20%, over: 9m}", 0.35),
    "max_maturity": ("max_maturity: 18m, select: {rating: [BB, B]}", 1.5),
    "min_score": ("min_score: 60, score: moat_score", 60.0),
    "min_effective_names": ("min_effective_names: 15, select: {kind: equity}", 15.0),
    "min_effective_bets": ("min_effective_bets: 2.5, regime: calm", 2.5),
    "max_tracking_error": ("max_tracking_error: 8%, benchmark: {SPY: 70%, SHV: 30%}, regime: calm", 0.08),
    "min_participation": ("min_participation: 45%, scenario: boom_continues", 0.45),
    "max_loss": ("max_loss: 15%, scenario: any, severities: [100%, 120%]", 0.15),
    "min_reverse_distance": (
        "min_reverse_distance: 1.5, loss: 25%, horizon: 3m, regime: calm, factors: [spot, zero_rate/USD]",
        1.5,
    ),
    "max_premium": ("max_premium: 1%", 0.01),
    "min_index_share": ("min_index_share: 70%", 0.7),
    "max_expiry_share": ("max_expiry_share: 50%", 0.5),
    "min_carry": ("min_carry: -0.75%", -0.0075),
    "max_turnover": ("max_turnover: 55%", 0.55),
    "max_cost": ("max_cost: 2%", 0.02),
    "max_adv_days": ("max_adv_days: 10, share: 20%", 10.0),
    "min_trade": ("min_trade: 0.25%, select: {type: equity}", 0.0025),
    "max_trades": ("max_trades: 25", 25.0),
    "max_protection_share": ("max_protection_share: 25%, by: seller, scenario: worst", 0.25),
    "keep_with": ("keep_with: 60%, scenario: time_bomb, with: [haven_failure_gold]", 0.6),
    "not_from": ("not_from: 20%, unless_cleared: false", 0.2),
}


def test_the_table_of_rules_is_whole() -> None:
    assert set(RULES) == set(MEASURES)
    stated = {field.alias or name for name, field in RuleSpec.model_fields.items()}
    fields = {name for measure in MEASURES.values() for name in (measure.key, *measure.fields)}
    assert stated - {"name", "reason"} == fields


@pytest.mark.parametrize("key", MEASURES)
def test_every_measure_can_be_a_rule(key: str) -> None:
    text, amount = RULES[key]
    (rule,) = with_rule(text).rules
    assert (rule.measure, rule.amount, rule.reason) == (key, amount, "x")
    assert rule.sense is (Sense.AT_MOST if key.startswith(("max_", "not_")) else Sense.AT_LEAST)
    assert rule.places[key].line == rule.location.line == 9


def test_terms_arrive() -> None:
    terms = {key: with_rule(text).rules[0].terms for key, (text, _) in RULES.items()}
    cap = terms["max_weight"]
    assert (cap.by, cap.new, dict(cap.exceptions)) == ("group", 0.06, {"alphabet": 0.1})
    assert (cap.regime, cap.correlation, cap.of) == ("stressed", 0.7, "base")
    assert terms["min_weight"].select == Selection((("asset_class", ("equity",)),))
    assert terms["min_weight"].of == "cash_and_listed"
    assert (terms["max_cash"].within_years, terms["min_cash"].within_years) == (0.5, 1.0)
    assert (terms["max_exposure"].theme, terms["max_exposure"].glide) == ("ai_exposure", Glide(0.2, "9m"))
    assert terms["max_tracking_error"].benchmark == {"SPY": 0.7, "SHV": 0.3}
    assert (terms["max_loss"].scenario, terms["max_loss"].severities) == ("any", (1.0, 1.2))
    assert (terms["max_adv_days"].share, terms["min_score"].score) == (0.2, "moat_score")
    assert terms["keep_with"].with_scenarios == ("haven_failure_gold",)
    assert (terms["not_from"].unless_cleared, terms["max_premium"].unless_cleared) == (False, True)


def test_amounts_are_written_as_they_are_read() -> None:
    for key, (text, _) in RULES.items():
        (rule,) = with_rule(text).rules
        assert f"{key}: {rule.amount_text()}" in text


def test_objectives_universe_and_sales_arrive() -> None:
    read = policy(
        "  - {minimise: worst_loss, scenarios: [time_bomb], weight: 2}",
        "  - {minimise: worst_loss, scenarios: [time_bomb], severities: [90%, 110%], weight: 2}\n"
        "  - {minimise: expected_shortfall, set: ai_burst_12m, confidence_level: 99%, columns: 500, seed: 7,"
        " ambiguity: 1%}\n"
        "sell: {select: {type: equity}, except: {issuer: MSFT}}",
    )
    worst, tail = read.objective
    assert (worst.weight, worst.scenarios, worst.severities) == (2.0, ("time_bomb",), (0.9, 1.1))
    assert (tail.scenario_set, tail.confidence_level, tail.columns, tail.seed) == (
        "ai_burst_12m",
        0.99,
        500,
        7,
    )
    assert (tail.ambiguity, tail.weight) == (0.01, 1.0)
    assert read.sell.select == Selection((("type", ("equity",)),))
    assert read.sell.excluded == Selection((("issuer", ("MSFT",)),))
    (entry,) = read.universe
    assert (entry.name, entry.type, entry.issuers, entry.source) == (
        "shares",
        "equity",
        ("KO", "MSFT"),
        "shares",
    )


def test_costs_arrive() -> None:
    read = policy(
        "rules:",
        "costs:\n"
        "  half_spread:\n"
        "    - {select: {type: european_option}, half_spread: 0.5vol, class: judgement, reason: x}\n"
        "    - {select: {type: swaption}, half_spread: 1bp of vol, class: judgement, reason: w}\n"
        "    - {select: {type: cds_index}, half_spread: 1.5bp of spread, class: judgement, reason: s}\n"
        "    - {half_spread: 3bp, class: computed, reason: y}\n"
        "  margin:\n"
        "    - {select: {type: cds_index}, share: 4%, class: judgement, reason: m}\n"
        "  volume:\n"
        "    - {share_of_market_cap: 0.35%, class: judgement, reason: z}\n"
        "  impact: {coefficient: 0.1, class: judgement, reason: i}\n"
        "  tax: {rate: 20%, class: documented, reason: t}\n"
        "  fee_per_contract: {amount: 0.65, class: judgement, reason: f}\n"
        "  lots: {equity: 100}\n"
        "rules:",
    ).costs
    assert [(line.amount, line.unit, line.reason) for line in read.half_spreads] == [
        (0.005, "vol", "x"),
        (0.0001, "normal_vol", "w"),
        (0.00015, "spread", "s"),
        (0.0003, "price", "y"),
    ]
    assert read.margin(Traits({"type": "cds_index"})) == 0.04
    assert read.margin(Traits({"type": "equity"})) == 0.0
    assert read.volumes[0].share_of_market_cap == 0.0035
    assert (read.impact_coefficient, read.tax_rate, read.fee_per_contract) == (0.1, 0.2, 0.65)
    assert (read.lot_size("equity"), read.lot_size("fund")) == (100.0, 1.0)
    assert read.bases == {"impact": "judgement: i", "tax": "documented: t", "fee": "judgement: f"}


@pytest.mark.parametrize("name", BUILT_IN_RULES)
def test_names_of_built_in_rules_are_taken(name: str) -> None:
    with pytest.raises(InputError, match="ST473"):
        policy("name: cap", f"name: {name}")


def test_rules_are_found_changed_added_and_dropped() -> None:
    read = policy()
    assert read.with_amount("cap", 0.05).rule("cap").amount == 0.05
    other = with_rule(RULES["max_premium"][0]).rules[0]
    assert [rule.name for rule in read.with_rule(other).rules] == ["cap", "r"]
    assert read.with_rule(other).without_rule("cap").rules == (other,)
    with pytest.raises(KeyError):
        read.without_rule("r")


@pytest.mark.parametrize("name", [name for name, _ in names("hedges")])
def test_shipped_policies_give_a_reason_for_every_number(name: str) -> None:
    read = load_policy(name)
    assert read.name == name
    assert read.narrative
    assert all(len(rule.reason) > 10 for rule in read.rules)
    assert all(term.reason for term in read.objective)
    assert all(line.reason and line.basis_class for line in (*read.costs.half_spreads, *read.costs.volumes))
    assert {"impact", "fee"} <= set(read.costs.bases)


def test_the_shipped_numbers_are_those_of_the_guidance() -> None:
    buffett, puts = load_policy("buffett"), load_policy("tail_puts")
    amounts = {rule.name: rule.amount for rule in buffett.rules}
    assert amounts["equity_floor"] == 0.5
    assert amounts["participation"] == 0.45
    assert (amounts["dry_powder"], amounts["not_a_money_fund"]) == (0.2, 0.35)
    assert buffett.rule("one_name").terms.new == 0.06
    assert (amounts["one_name"], buffett.rule("one_name").terms.exceptions["berkshire"]) == (0.08, 0.1)
    assert (amounts["one_sector"], amounts["one_cluster"], amounts["credit_cyclicals"]) == (0.2, 0.3, 0.08)
    assert (amounts["turnover"], amounts["trade_count"], amounts["small_trades"]) == (0.55, 25.0, 0.0025)
    assert (amounts["no_premium"], amounts["carry"], amounts["no_long_bonds"]) == (0.0, -0.0075, 3.0)
    assert (puts.rule("premium").amount, puts.rule("one_expiry").amount) == (0.01, 0.5)
    assert (puts.rule("on_indices").amount, puts.rule("participation").amount) == (0.7, 0.85)


def test_amount_texts() -> None:
    assert MEASURES["max_maturity"].text(3.0) == "3y"
    assert MEASURES["max_maturity"].text(1.5) == "18m"
    assert MEASURES["min_carry"].text(-0.0075) == "-0.75%"
    assert MEASURES["max_adv_days"].unit is Unit.DAYS
