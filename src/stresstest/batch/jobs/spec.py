"""Batch job files as strict models."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from stresstest.io.fields import Items, Name, Percentage, Spec
from stresstest.portfolio.spec import LimitSpec
from stresstest.scenarios.sample_terms import MOST_COLUMNS

Text = Annotated[str, Field(min_length=1, max_length=400)]
"""A name, a path or a pattern."""


def _plain_day(value: object) -> object:
    """Return a date as its ISO text: the name of a market, which YAML reads as a day."""
    return value.isoformat() if isinstance(value, date) else value


MarketName = Annotated[Text, BeforeValidator(_plain_day)]
"""A market: a name of the library, a path, a date."""

Measure = Literal["pnl", "value_at_risk", "expected_shortfall", "worst_loss"]
"""What is measured over the draws of a sampled set; `pnl` is always there."""


class SampledSpec(Spec):
    """A sampled scenario set, with another number of draws or another seed than its file states."""

    sample: Text
    """Scenario set that says how it is sampled: a name of the library, or a path from the job's folder."""
    columns: Annotated[int, Field(ge=1, le=MOST_COLUMNS)] | None = None
    """Number of draws; the set's own where it is not given."""
    seed: Annotated[int, Field(ge=0)] | None = None
    """Seed of the draws; the set's own where it is not given."""


class ReconcileSpec(Spec):
    """Comparison of base values with the net asset values that portfolios state."""

    tolerance: Percentage = 0.01
    """Difference from which a portfolio is listed, in per cent of its net asset value: `1%`."""


class HedgeSpec(Spec):
    """Hedge plans for some portfolios, after the run."""

    policy: Text
    """Hedge policy: a name of the library, or a path from the job's folder."""
    portfolios: Annotated[Items[Text], Field(min_length=1)] | Literal["breaching"] = "breaching"
    """Names of portfolios of the job, or `breaching`: those that breach a limit, warnings aside."""


class OutputSpec(Spec):
    """How results are laid out."""

    layout: Literal["wide", "long"] = "wide"
    """`wide`: a column a scenario; `long`: a row a portfolio and scenario."""
    group_size: Annotated[int, Field(ge=1, le=1_000_000)] = 500
    """Portfolios of one group: one file a table and group."""


class JobSpec(Spec):
    """A batch job: portfolios under scenarios, with what to measure and how to lay out the results."""

    version: Literal[1]
    """Version of the format."""
    name: Name
    """Name of the job, snake_case."""
    title: Annotated[str, Field(max_length=200)] = ""
    """One line on the job."""
    portfolios: Annotated[Items[Text], Field(min_length=1)]
    """Portfolios: names of the library, files, patterns (`accounts/*.yaml`), folders (`accounts/`), tables
    of positions with a column `portfolio`; paths count from the job's folder."""
    market: MarketName | Items[MarketName] = ()
    """Market, or several layered; the one that the portfolios name, else the newest shipped, where it is not
    given."""
    scenarios: Annotated[Items[Text | SampledSpec], Field(min_length=1)] = ("library",)
    """Scenarios: `library` for all shipped ones, names, files, folders, and sampled sets."""
    severity: Percentage = 1.0
    """Scale of every scenario: `100%` as written."""
    measures: Items[Measure] = ()
    """Measures over the draws of each sampled set."""
    confidence_level: Annotated[Percentage, Field(gt=0.0, lt=1.0)] = 0.95
    """Confidence level of value at risk and expected shortfall: `95%`."""
    contributions: Items[Annotated[str, Field(min_length=1, max_length=64)]] = ()
    """Attributes by which the P&L of each named scenario is split: `type`, `theme`, `sector`, a tag, …."""
    limits: Items[LimitSpec] = ()
    """Loss limits of every portfolio, beside its own."""
    reconcile: ReconcileSpec | None = None
    """Comparison of base values with stated net asset values."""
    previous: Text | Items[Text] = ()
    """Folder of the run before, or of several the oldest first: breaches get their age from them."""
    judgement: bool = False
    """Register of every number that the scenarios rest on, and the judged share of every loss."""
    challenger: Literal["factor_model"] | None = None
    """`factor_model`: scenarios with a network once more without it, by lines, links and factor model."""
    hedge: HedgeSpec | None = None
    """Hedge plans after the run."""
    output: OutputSpec = OutputSpec()
    """Layout of the results."""

    other_words: ClassVar[dict[str, str]] = {
        "accounts": "portfolios",
        "shocks": "scenarios",
        "markets": "market",
        "by": "contributions",
        "confidence": "confidence_level",
    }
