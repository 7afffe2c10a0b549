"""Splits by risk factors in Python: frames that add up, and what is refused."""

from __future__ import annotations

import pytest
from tests.fixtures.factor_books import LINES, run_of

from stresstest.errors import InputError


@pytest.mark.parametrize("method", ["alone", "shapley"])
@pytest.mark.parametrize("timing", ["instant", "path"])
def test_by_factors_adds_up_to_pnl(timing: str, method: str) -> None:
    run = run_of(tuple(LINES), timing)
    frame = run.by("factor_group", method=method)
    assert frame.index.names == ["portfolio", "factor_group"]
    assert ("aged" in frame.loc["book"].index) == (timing == "path")
    sums = frame.groupby(level="portfolio", sort=False).sum()
    assert sums["all_of_it"].tolist() == pytest.approx(run.pnl["all_of_it"].tolist(), abs=1e-9)


def test_derivatives_as_a_frame() -> None:
    run = run_of(tuple(LINES), "path")
    frame = run.delta_gamma("factor_kind")
    assert frame.columns.tolist() == ["delta", "gamma", "full", "unexplained"]
    full = frame["full"].groupby(level="portfolio", sort=False).sum()
    assert full.tolist() == pytest.approx(run.pnl["all_of_it"].tolist(), abs=1e-9)
    rest = frame["full"] - frame["delta"] - frame["gamma"]
    assert frame["unexplained"].tolist() == pytest.approx(rest.tolist())
    assert "<table" in frame._repr_html_()


def test_shapley_values_of_an_attribute_are_refused() -> None:
    with pytest.raises(InputError, match=r"ST270.*'issuer'"):
        run_of(tuple(LINES), "instant").by("issuer", method="shapley")
    with pytest.raises(InputError, match=r"did you mean 'alone'"):
        run_of(tuple(LINES), "instant").by("factor", method="alon")
