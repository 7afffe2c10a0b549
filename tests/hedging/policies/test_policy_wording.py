"""Rules, objectives and costs on one line, as `explain` shows them."""

from __future__ import annotations

import pytest
from tests.hedging.small_policies import with_rule

from stresstest.hedging.policies.policy import Objective, SellTerms
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.policies.policy_wording import cost_texts, objective_text, rule_text, sell_text
from stresstest.hedging.policies.selection import Selection


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max_loss: 15%, scenario: any, severities: [100%, 110%]",
         "max_loss 15% in any scenario of the horizon, at 100% and 110% of the shocks"),
        ("keep_with: 60%, scenario: worst, with: [a, b]",
         "keep_with 60% in the worst scenario, with a or b on top"),
        ("max_adv_days: 10, share: 20%", "max_adv_days 10, at 20% of daily volume"),
        ("max_weight: 8%, by: group, select: {type: equity}, except: {alphabet: 9%}",
         "max_weight 8% by group of type equity, alphabet 9%"),
        ("max_weight: 30%, by: cluster, correlation: 0.8, regime: calm",
         "max_weight 30% by cluster, correlation above 0.8 in regime calm"),
        ("max_tracking_error: 8%, benchmark: {SPY: 70%, SHV: 30%}",
         "max_tracking_error 8%, against 70% SPY + 30% SHV in regime stressed"),
        ("max_exposure: 35%, theme: ai_exposure, glide: {to: 20%, over: 9m}",
         "max_exposure 35% of theme ai_exposure, to 20% over 9m"),
        ("min_cash: 20%, of: cash_and_listed, within: 6m",
         "min_cash 20%, of cash and listed securities, bills up to 6 months count"),
        ("min_score: 60, score: moat_score", "min_score 60 by moat_score"),
    ],
)  # fmt: skip
def test_rules_in_words(text: str, expected: str) -> None:
    assert rule_text(with_rule(text).rules[0]) == expected


def test_objectives_in_words() -> None:
    tail = Objective("expected_shortfall", 0.5, scenario_set="s", columns=2000, ambiguity=0.01)
    expected = "0.5 × expected shortfall at 95% over 2,000 draws of s, probabilities wrong by up to 1%"
    assert objective_text(tail) == expected
    assert objective_text(Objective("cost")) == "1 × cost of trading"


def test_every_cost_of_a_shipped_policy_has_its_basis() -> None:
    texts = cost_texts(load_policy("buffett").costs)
    assert ("fee 0.65 a contract", "judgement: What large brokers list for an option contract.") in texts
    assert all(basis for text, basis in texts if not text.startswith("lots of"))
    assert any(text.startswith("half spread 0.5 vol on type european_option") for text, _ in texts)


def test_sales_in_words() -> None:
    assert sell_text(SellTerms()) == "everything that is held"
    assert sell_text(SellTerms(all=False)) == "nothing"
    kept = SellTerms(excluded=Selection((("issuer", ("KO",)),)))
    assert sell_text(kept) == "everything that is held except issuer KO"
