"""What a rule of a hedge policy may measure: one key a rule, from this closed list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Sense(Enum):
    """Side of the amount on which the measured value must lie."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


class Unit(Enum):
    """What the amount of a rule counts; shares are decimals, so that 8 % is 0.08."""

    SHARE = "%"
    NUMBER = ""
    COUNT = "count"
    DAYS = "days"
    YEARS = "years"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that a rule can bound.

    Attributes
    ----------
    key
        Field of the rule that states the amount.
    meaning
        What is measured, in one sentence.
    needs, takes
        Further fields of the rule: those that must be stated and those that may be.
    any_of
        Fields of which at least one must be stated; empty where there is no such choice.
    groups
        What `by` may name; empty where the measure has no `by`.
    low, high
        Bounds of the amount.
    """

    key: str
    sense: Sense
    unit: Unit
    meaning: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0

    @property
    def fields(self) -> tuple[str, ...]:
        """Return every field that a rule with this key may have beside name, reason and the key itself."""
        return (*self.needs, *self.any_of, *self.takes)

    @property
    def step(self) -> float:
        """Return what people call one more: a point of a share, a tenth of a distance, else one."""
        return {Unit.SHARE: 0.01, Unit.DISTANCE: 0.1}.get(self.unit, 1.0)

    def text(self, amount: float) -> str:
        """Return an amount as the policy writes it.

        Examples
        --------
        >>> MEASURES["max_weight"].text(0.08), MEASURES["min_effective_names"].text(15.0)
        ('8%', '15')
        """
        if self.unit is Unit.SHARE:
            return f"{100.0 * amount:.6g}%"
        if self.unit is Unit.YEARS:
            months = round(12.0 * amount)
            return f"{months // 12}y" if months % 12 == 0 else f"{months}m"
        return f"{amount:.6g}"


HOLDING_GROUPS = (
    "issuer", "group", "instrument", "sector", "industry", "region", "theme", "type", "asset_class",
    "cluster",
)  # fmt: skip
"""What weights may be added up by; `cluster` is an issuer and all that move with it."""

PROTECTION_GROUPS = ("instrument", "expiry", "seller", "source")
"""What protection may be added up by."""

_MOST, _LEAST = Sense.AT_MOST, Sense.AT_LEAST
_MANY = 1e6

_ALL = (
    Measure(
        "max_weight", _MOST, Unit.SHARE,
        "market value of each group, or of what is selected, in per cent of the base value",
        takes=("of", "new", "except", "correlation", "regime"), any_of=("by", "select"),
        groups=HOLDING_GROUPS, high=10.0,
    ),
    Measure(
        "min_weight", _LEAST, Unit.SHARE,
        "market value of what is selected, in per cent of the base value",
        needs=("select",), takes=("of",), high=10.0,
    ),
    Measure(
        "max_cash", _MOST, Unit.SHARE,
        "cash and government bills that fall due within `within`",
        takes=("of", "within"),
    ),
    Measure(
        "min_cash", _LEAST, Unit.SHARE,
        "cash and government bills that fall due within `within`",
        takes=("of", "within"),
    ),
    Measure(
        "max_exposure", _MOST, Unit.SHARE,
        "look-through exposure to a theme: value × exposure, funds by their constituents, options by delta",
        needs=("theme",), takes=("of", "glide"), high=10.0,
    ),
    Measure(
        "max_maturity", _MOST, Unit.YEARS,
        "time to maturity of every bond that the hedged book holds",
        takes=("select",), high=200.0,
    ),
    Measure(
        "min_score", _LEAST, Unit.NUMBER,
        "score of the issuer of every share that is bought, from 0 to 100",
        needs=("score",), takes=("select",), high=100.0,
    ),
    Measure(
        "min_effective_names", _LEAST, Unit.NUMBER,
        "effective number of issuers among what is selected: 1 ÷ the sum of squared shares",
        takes=("select",), low=1.0, high=_MANY,
    ),
    Measure(
        "min_effective_bets", _LEAST, Unit.NUMBER,
        "effective number of independent factors that the variance of the book comes from",
        takes=("regime",), low=1.0, high=1000.0,
    ),
    Measure(
        "max_tracking_error", _MOST, Unit.SHARE,
        "standard deviation a year of the return less that of the benchmark",
        needs=("benchmark",), takes=("regime",), high=10.0,
    ),
    Measure(
        "min_participation", _LEAST, Unit.SHARE,
        "gain in a scenario, in per cent of what the unhedged book gains there",
        needs=("scenario",), high=10.0,
    ),
    Measure(
        "max_loss", _MOST, Unit.SHARE,
        "loss in a scenario (`any`: in each of the horizon), in per cent of the base value",
        needs=("scenario",), takes=("severities",), low=-10.0, high=10.0,
    ),
    Measure(
        "min_reverse_distance", _LEAST, Unit.DISTANCE,
        "Mahalanobis distance of the most plausible move of the risk factors that costs `loss` of the base "
        "value",
        needs=("loss",), takes=("horizon", "regime", "factors"), high=40.0,
    ),
    Measure(
        "max_premium", _MOST, Unit.SHARE,
        "premium of bought options and protection a year at the ask, rolls included, in per cent of the "
        "base value",
    ),
    Measure(
        "min_index_share", _LEAST, Unit.SHARE,
        "share of the premium that is spent on options on broad funds and indices",
    ),
    Measure(
        "max_expiry_share", _MOST, Unit.SHARE,
        "share of the premium that is spent on any one expiry",
    ),
    Measure(
        "min_carry", _LEAST, Unit.SHARE,
        "change of the expected income a year if nothing moves, in per cent of the base value",
        low=-1.0,
    ),
    Measure(
        "max_turnover", _MOST, Unit.SHARE,
        "one-way turnover: the larger of purchases (shorts bought back included) and sales, in per cent of "
        "the base value",
        high=10.0,
    ),
    Measure(
        "max_cost", _MOST, Unit.SHARE,
        "spread, impact, tax and fees of the plan's trades, in per cent of the base value",
    ),
    Measure(
        "max_adv_days", _MOST, Unit.DAYS,
        "days that any one trade takes at `share` of the usual daily volume",
        needs=("share",), high=1000.0,
    ),
    Measure(
        "min_trade", _LEAST, Unit.SHARE,
        "value of each trade, in per cent of the base value", takes=("select",),
    ),
    Measure(
        "max_trades", _MOST, Unit.COUNT,
        "number of instruments that are traded", high=_MANY,
    ),
    Measure(
        "max_protection_share", _MOST, Unit.SHARE,
        "share of the loss saved in a scenario that one instrument, expiry, seller or source gives",
        needs=("by", "scenario"), groups=PROTECTION_GROUPS,
    ),
    Measure(
        "keep_with", _LEAST, Unit.SHARE,
        "saving in a scenario with each of `with` on top, in per cent of the saving without it",
        needs=("scenario", "with"),
    ),
    Measure(
        "not_from", _MOST, Unit.SHARE,
        "loss, inside any scenario of the horizon, of the seller of each protection that is bought",
        takes=("unless_cleared",),
    ),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in _ALL}
"""By key, in the order of the documentation."""
