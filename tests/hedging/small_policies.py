"""A small hedge policy as text, for tests that change one line of it."""

from __future__ import annotations

from stresstest.hedging.policies.policy import Policy
from stresstest.hedging.policies.policy_loading import parse_policy

SMALL = """\
version: 1
name: small
horizon: 12m
universe:
  - {name: shares, type: equity, issuer: [KO, MSFT], reason: to buy}
objective:
  - {minimise: worst_loss, scenarios: [time_bomb], weight: 2}
rules:
  - {name: cap, max_weight: 8%, by: group, reason: a cap}
"""


def policy(old: str = "", new: str = "") -> Policy:
    """Return the small policy with `old` replaced by `new`."""
    assert not old or old in SMALL
    return parse_policy(SMALL.replace(old, new) if old else SMALL)


def with_rule(text: str) -> Policy:
    """Return the small policy with another rule instead of its own."""
    return policy(
        "  - {name: cap, max_weight: 8%, by: group, reason: a cap}", f"  - {{name: r, reason: x, {text}}}"
    )
