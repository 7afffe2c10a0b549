import numpy as np
import pytest
from tests.hedging.tiny_books import line, ruled

from stresstest.hedging.program.guided import Asked
from stresstest.hedging.program.lot_program import LotProgram
from stresstest.hedging.program.program import HedgeProgram

RULES = (
    "name: gold, max_weight: 1%, select: {asset_class: gold}",
    "name: premium, max_premium: 0%",
    "name: small, min_trade: 2%",
    "name: count, max_trades: 3",
)


def program() -> LotProgram:
    whole = HedgeProgram(ruled(*RULES))
    return whole._existence.lots(Asked(frozenset(), whole.amounts()))


def test_a_line_that_may_not_reach_its_least_trade_is_left_out() -> None:
    lots = program()
    assert lots.limits.most[line(lots.rows.inputs, "gld", held=False)] == 0.0
    assert lots.limits.most[line(lots.rows.inputs, "ko", held=False)] > 0.02


def test_lines_that_are_on_trade_at_least_the_least_and_others_nothing() -> None:
    lots = program()
    on: np.ndarray = np.zeros(len(lots.limits.most), np.bool_)
    ko = line(lots.rows.inputs, "ko", held=False)
    on[ko] = True
    limits = lots.sized(on)
    assert limits.least[ko] == pytest.approx(0.02)
    assert not limits.most[~on].any()


def test_a_neighbourhood_is_whole_lots_around_and_within_the_limits() -> None:
    lots = program()
    ko = line(lots.rows.inputs, "ko", held=False)
    share = lots.sizes.share[ko]
    sized = np.zeros(len(lots.limits.most))
    sized[ko] = 10.4 * share
    near = lots.around(sized, lots.limits, 2.0)
    assert near.least[ko] == pytest.approx(9.0 * share)
    assert near.most[ko] == pytest.approx(12.0 * share)
    assert (near.most <= lots.limits.most).all()
    anywhere = lots.around(sized, lots.limits, np.inf)
    assert np.array_equal(anywhere.most, lots.limits.most)
    assert np.array_equal(anywhere.least, lots.limits.least)


def test_the_fewest_trades_are_counted() -> None:
    rules = ("name: loss, max_loss: 25%, scenario: time_bomb", "name: count, max_trades: 9")
    whole = HedgeProgram(ruled(*rules))
    fewest = whole._existence.lots(Asked(frozenset(), whole.amounts())).fewest()
    answer = fewest.solve(whole.settings.solver())
    assert round(answer.objective) == int(fewest.is_on().sum()) >= 1
    assert whole._existence.lots(Asked(frozenset(), whole.amounts())).rows.breach(fewest.found()) <= 1e-8
