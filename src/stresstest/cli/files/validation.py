"""Files checked as far as can be without pricing: by themselves, then against a market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from stresstest.api.verbs import market_of
from stresstest.cli.files.kinds import KnownFile, known_files
from stresstest.errors import InputError, ProblemList
from stresstest.io.resources import default_market
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.doubts import doubtful_terms
from stresstest.portfolio.loading import load_portfolio
from stresstest.portfolio.model import Portfolio
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import moved_factors
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.governance_notes import past_notes
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.numbering import numbered_lines


@dataclass(frozen=True, slots=True)
class ValidFile:
    """A file without problems, and in a few words what is in it."""

    file: str
    kind: str
    name: str
    content: str
    notes: tuple[str, ...] = ()


class Validator:
    """Checks files against one market, or against the one that each portfolio names.

    Parameters
    ----------
    markets
        Sources of the market; empty: the portfolio's own, or the newest shipped.
    """

    def __init__(self, markets: Sequence[str]) -> None:
        self._markets = tuple(markets)
        self._loaded: dict[tuple[str, ...], MarketSnapshot] = {}

    def check(self, texts: Sequence[str]) -> list[ValidFile]:
        """Return what every file is.

        Raises
        ------
        InputError
            With every problem of every file.
        """
        problems = ProblemList()
        valid = []
        for text in texts:
            try:
                valid += [self._check(file) for file in known_files(text)]
            except InputError as error:
                problems.extend(error.problems)
        problems.raise_if_any()
        return valid

    def _check(self, file: KnownFile) -> ValidFile:
        if file.kind == "portfolio":
            return self._portfolio(file)
        if file.kind == "scenario":
            return self._scenario(file)
        if file.kind == "hedge policy":
            return self._policy(file)
        if file.kind == "batch job":
            return self._job(file)
        if file.kind == "network":
            return self._network(file)
        layers = () if file.kind == "market" else self._markets or default_market()
        market = load_market([*layers, str(file.path)])
        content = f"{len(market.issuers):,} issuers, {len(market.levels):,} levels on {market.as_of}"
        model = market.factor_model
        if model is not None:
            content += f", joint moves of {len(model.keys):,}"
        return ValidFile(str(file.path), file.kind, market.name, content, market.notes)

    def _portfolio(self, file: KnownFile) -> ValidFile:
        portfolio = load_portfolio(file.path)
        market = self._market(portfolio)
        compile_book([portfolio], market)
        content = f"{len(portfolio.positions):,} positions, all found in market {market.name}"
        notes = doubtful_terms(portfolio, market.as_of)
        return ValidFile(str(file.path), file.kind, portfolio.name, content, notes)

    def _scenario(self, file: KnownFile) -> ValidFile:
        scenarios = load_scenarios([str(file.path)])
        market = self._market(None)
        compiled = compile_scenarios(scenarios, with_event_factors(market, scenarios))
        moved = len(moved_factors(compiled.effects))
        lines = sum(len(numbered_lines(scenario)) for scenario in scenarios)
        content = f"{lines} lines move {moved:,} factors of market {market.name}"
        notes = [str(warning) for warning in compiled.warnings]
        notes += [f"{line.text} reaches nothing in this market" for line in compiled.unmatched]
        notes += past_notes(scenarios, market.as_of, datetime.now(UTC).date())
        return ValidFile(str(file.path), file.kind, ", ".join(scenarios.names), content, tuple(notes))

    def _policy(self, file: KnownFile) -> ValidFile:
        from stresstest.cli.files.policies import explained_policy

        found = explained_policy(str(file.path), self._market(None))
        content = f"{len(found.policy.rules)} rules, {len(found.candidates)} instruments to buy"
        content += f", all found in market {found.market}"
        return ValidFile(str(file.path), file.kind, found.policy.name, content)

    def _job(self, file: KnownFile) -> ValidFile:
        from stresstest.cli.files.jobs import content_text, job_inputs, refusals

        found = job_inputs(file.path)
        return ValidFile(str(file.path), file.kind, found.job.name, content_text(found), refusals(found))

    def _network(self, file: KnownFile) -> ValidFile:
        from stresstest.cli.network.words import content_text, explained_network, notes_of

        found = explained_network(str(file.path), self._market(None))
        return ValidFile(str(file.path), file.kind, found.network.name, content_text(found), notes_of(found))

    def _market(self, portfolio: Portfolio | None) -> MarketSnapshot:
        own = (portfolio.market,) if portfolio is not None and portfolio.market else default_market()
        sources = self._markets or own
        if sources not in self._loaded:
            named = [portfolio] if portfolio is not None and not self._markets else []
            self._loaded[sources] = market_of(named) if named else load_market(sources)
        return self._loaded[sources]
