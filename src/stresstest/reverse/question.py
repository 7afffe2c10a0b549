"""What a reverse stress asks of a portfolio, checked against the portfolio and its market."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.factor_splits.groups import group_of
from stresstest.portfolio.book import Book
from stresstest.quantity import parse_horizon
from stresstest.reverse.answers import Target
from stresstest.reverse.losses import LossFunction
from stresstest.reverse.moves import MoveSpace
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.propagation import unknown_regime

MOST_ANSWERS = 20
_LARGEST_LOSS = 10.0
"""Of the base value: beyond it per cent were taken for a share."""

_LISTED = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: what would have to happen to lose `loss`.

    Attributes
    ----------
    loss
        As a share of the absolute base value, positive.
    horizon
        Time over which it happens, `12m`: moves grow with its square root. Values are those of today.
    regime
        State of the market that the covariance is of.
    factors
        Kinds (`spot`), factors (`spot/NVDA`) or groups (`hyperscaler shares`) that move; none: all.
    answers
        How many distinct answers are looked for.
    """

    loss: float
    horizon: str = "12m"
    regime: str = "stressed"
    factors: tuple[str, ...] = ()
    answers: int = 5


@dataclass(frozen=True, eq=False)
class Posed:
    """A question that can be looked into.

    Attributes
    ----------
    target
        The loss in the portfolio's currency, and the space of what moves.
    model
        Of the market.
    base_value
        Of the portfolio.
    unknown
        Factors that the portfolio depends on and the model knows nothing of: they stand still.
    """

    question: Question
    book: Book
    target: Target
    model: FactorModel
    base_value: float
    unknown: tuple[RiskFactorKey, ...]

    def percent(self, amount: float) -> float:
        """Return an amount in per cent of the absolute base value."""
        return 100.0 * amount / abs(self.base_value)


def pose(book: Book, question: Question) -> Posed:
    """Return the question posed to the first portfolio of `book`.

    Raises
    ------
    InputError
        ST520 for a loss that is not positive or has no base value to be a share of, ST521 for factors that
        name nothing that the portfolio depends on, ST522 for a number of answers out of range, ST326 and
        ST327 for a regime that the market's model does not have.
    """
    problems = ProblemList()
    problems.extend(_number_problems(question))
    model = _model(book, question.regime, problems)
    problems.raise_if_any()
    assert model is not None  # noqa: S101 - else a problem was raised
    read = _read(book)
    groups = {key: group_of(key, book.market) for key in model.keys if key in read}
    chosen = _chosen(groups, question.factors, problems)
    problems.raise_if_any()
    years = parse_horizon(question.horizon).years
    space = MoveSpace.of(model, question.regime, {key: groups[key] for key in chosen}, years)
    loss = LossFunction(book, tuple(chosen), 0, space.deviations)
    base_value = float(loss.positions([np.zeros(len(chosen))]).base_value)
    if base_value == 0.0:
        got = f"portfolio {book.portfolios[0].name!r} with a base value of 0"
        raise InputError([Problem("ST520", got, "one that a loss can be a share of")])
    linked = FactorDirectory(book.market).linked
    unknown = tuple(key for key in read if key not in model.rows and key not in linked)
    target = Target(loss, space, question.loss * abs(base_value), abs(base_value))
    return Posed(question, book, target, model, base_value, unknown)


def _model(book: Book, regime: str, problems: ProblemList) -> FactorModel | None:
    model = book.market.factor_model
    if model is None:
        problems.add(Problem("ST327", "a reverse stress without a factor model", "a market with one"))
    elif regime not in model.regimes:
        problems.add(unknown_regime(model, regime).at(Location(f"--regime {regime}")))
    return model


def _number_problems(question: Question) -> Iterable[Problem]:
    if not 0.0 < question.loss < _LARGEST_LOSS:
        where = Location(f"--loss {100.0 * question.loss:g}%")
        expected = f"a loss above 0% and below {100.0 * _LARGEST_LOSS:g}%; in Python 0.25 is 25%"
        yield Problem("ST520", f"a loss of {100.0 * question.loss:g}%", expected, where)
    if not 1 <= question.answers <= MOST_ANSWERS:
        where = Location(f"--answers {question.answers}")
        yield Problem("ST522", f"{question.answers} answers", f"1 to {MOST_ANSWERS}", where)


def _read(book: Book) -> dict[RiskFactorKey, None]:
    """Return the public factors that the book depends on, through links too, in the market's order."""
    needed = {key._replace(name=key.public_name) for key in book.factor_keys}
    for link in reversed(FactorDirectory(book.market).links):
        if link.target in needed:
            needed.update(source._replace(name=source.public_name) for source in link.sources())
    return {key: None for key in book.market.levels if key in needed}


def _chosen(
    groups: dict[RiskFactorKey, str], wanted: Sequence[str], problems: ProblemList
) -> Sequence[RiskFactorKey]:
    """Return the factors that some of `wanted` names, all of them where nothing is named."""
    if not wanted:
        if not groups:
            expected = "a portfolio that depends on factors of the market's model"
            problems.add(Problem("ST521", "a portfolio that nothing moves", expected))
        return list(groups)
    chosen: set[RiskFactorKey] = set()
    for word in wanted:
        found = {key for key, group in groups.items() if word in _words(key, group)}
        if not found:
            every = dict.fromkeys(name for key, group in groups.items() for name in _words(key, group))
            kinds = list(dict.fromkeys(key.kind for key in groups))
            expected = f"a kind, a factor or a group that the portfolio depends on: {', '.join(kinds)}, …"
            got, where = f"factors {word!r}", Location(f"--factors {word}")
            problems.add(Problem("ST521", got, expected, where, nearest(word, every)))
        chosen |= found
    return [key for key in groups if key in chosen]


def _words(key: RiskFactorKey, group: str) -> tuple[str, ...]:
    return key.kind, f"{key.kind}/{key.name}", str(key), group
