"""The verbs `reverse_stress` and `severities`, and the facades that hold their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from stresstest.api.verbs import compile_portfolios, load_scenarios, market_of
from stresstest.io.atomic_file import write_atomically
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.model import Portfolio
from stresstest.reverse.question import Question
from stresstest.reverse.result import ReverseStress
from stresstest.reverse.reversing import reverse_stress as _reverse_stress
from stresstest.reverse.severities import Severities, severities_needed
from stresstest.scenarios.scenario import ScenarioSet

if TYPE_CHECKING:
    from stresstest.frames import DataFrame

__all__ = ["Reverse", "ReverseAsked", "SeveritiesNeeded", "reverse_stress", "severities"]


class ReverseAsked(TypedDict, total=False):
    """What a reverse stress may be asked for beside the loss.

    Attributes
    ----------
    horizon
        Time over which the moves happen, default `12m`; they are valued today.
    regime
        State of the market whose covariance says what is plausible, default `stressed`.
    factors
        Kinds, factors or groups that may move; default: all that the portfolio depends on.
    answers
        How many are looked for, default 5.
    """

    horizon: str
    regime: str
    factors: str | Sequence[str]
    answers: int


def reverse_stress(
    portfolio: Portfolio, loss: float, market: MarketSnapshot | None = None, **asked: Unpack[ReverseAsked]
) -> Reverse:
    """Return the most plausible moves that cost a portfolio `loss`, each led by another driver.

    Parameters
    ----------
    loss
        Share of the absolute base value: 0.25 is a quarter.
    market
        Default: the market that the portfolio names, else the newest shipped.
    **asked
        `horizon`, `regime`, `factors`, `answers`: see `ReverseAsked`.

    Raises
    ------
    InputError
        With everything that is wrong with the question.

    Examples
    --------
    >>> import stresstest as st
    >>> found = st.reverse_stress(st.load_portfolio("ai_growth_fund"), 0.25, answers=1)
    >>> found.found.answers[0].lead
    'market'
    """
    book = compile_portfolios(portfolio, market or market_of([portfolio]))
    usual, factors = Question(loss), asked.get("factors", ())
    question = Question(
        loss,
        asked.get("horizon", usual.horizon),
        asked.get("regime", usual.regime),
        (factors,) if isinstance(factors, str) else tuple(factors),
        asked.get("answers", usual.answers),
    )
    return Reverse(_reverse_stress(book, question))


def severities(
    portfolio: Portfolio,
    loss: float,
    scenarios: ScenarioSet | None = None,
    market: MarketSnapshot | None = None,
) -> SeveritiesNeeded:
    """Return how severe each scenario must be to cost a portfolio `loss`, and the pair that needs least.

    Parameters
    ----------
    loss
        Share of the absolute base value.
    scenarios
        Default: the whole shipped library.

    Raises
    ------
    InputError
        With everything that is wrong between portfolio, scenarios and market.
    """
    known = scenarios if scenarios is not None else load_scenarios()
    book = compile_portfolios(portfolio, market or market_of([portfolio]), known)
    return SeveritiesNeeded(severities_needed(book, known, loss))


@dataclass(frozen=True)
class Reverse:
    """Answers of a reverse stress, and views of them.

    Attributes
    ----------
    found
        Numbers as frozen data.
    """

    found: ReverseStress

    @property
    def answers(self) -> DataFrame:
        """A row an answer: lead, distance, tail probability, loss, and what each driver costs of it."""
        from stresstest.frames import answers_frame

        return answers_frame(self.found)

    @property
    def moves(self) -> DataFrame:
        """A row an answer and factor: levels, change, standard deviations, cost, marginal cost."""
        from stresstest.frames import factor_moves_frame

        return factor_moves_frame(self.found)

    @property
    def positions(self) -> DataFrame:
        """A row a position, a column an answer: P&L."""
        from stresstest.frames import answer_positions_frame

        return answer_positions_frame(self.found)

    @property
    def scenarios(self) -> ScenarioSet:
        """The answers as scenarios, ready for `stress`."""
        return ScenarioSet(tuple(answer.scenario for answer in self.found.answers))

    def write(self, folder: str | PathLike[str], *, force: bool = False) -> tuple[Path, ...]:
        """Write each answer as a scenario file, and return the paths.

        Raises
        ------
        InputError
            For a place that cannot be written, or files that exist, unless `force`.
        """
        paths = []
        Path(folder).mkdir(parents=True, exist_ok=True)
        for answer in self.found.answers:
            path = Path(folder) / f"{answer.scenario.name}.yaml"
            write_atomically(path, answer.text.encode("utf-8"), force)
            paths.append(path)
        return tuple(paths)

    def _repr_html_(self) -> str:
        return self.answers.to_html(float_format=lambda value: f"{value:,.4g}")


@dataclass(frozen=True)
class SeveritiesNeeded:
    """How severe each scenario must be, and views of it.

    Attributes
    ----------
    found
        Numbers as frozen data.
    """

    found: Severities

    @property
    def needed(self) -> DataFrame:
        """A row a scenario, the least severe first: severity, loss there or the largest, horizon."""
        from stresstest.frames import severities_frame

        return severities_frame(self.found)

    def _repr_html_(self) -> str:
        return self.needed.to_html(float_format=lambda value: f"{value:,.4g}")
