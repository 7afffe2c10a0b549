from __future__ import annotations

from pathlib import Path

import pytest

import stresstest as st
from stresstest.errors import InputError


@pytest.fixture(scope="module")
def found() -> st.Reverse:
    return st.reverse_stress(st.load_portfolio("ai_growth_fund"), 0.25, factors=["spot"], answers=2)


def test_frames_hold_what_the_answers_hold(found: st.Reverse) -> None:
    names = [answer.scenario.name for answer in found.found.answers]
    assert list(found.answers.index) == names
    assert float(found.answers["loss"].iloc[0]) == pytest.approx(found.found.amount, rel=1e-6)
    first = found.moves.loc[names[0]]
    assert len(first) == len(found.found.answers[0].moves)
    assert list(found.positions.columns) == ["type", *names]
    assert found.scenarios.names == tuple(names)
    assert names[0] in found._repr_html_()


def test_answers_are_written_once(found: st.Reverse, tmp_path: Path) -> None:
    paths = found.write(tmp_path / "new")
    assert [path.stem for path in paths] == list(found.scenarios.names)
    assert st.load_scenarios(*paths).names == found.scenarios.names
    with pytest.raises(InputError):
        found.write(tmp_path / "new")
    assert found.write(tmp_path / "new", force=True) == paths


def test_severities_as_a_frame() -> None:
    needed = st.severities(st.load_portfolio("ai_growth_fund"), 0.25, st.load_scenarios("dotcom_replay"))
    assert 0.0 < float(needed.needed.loc["dotcom_replay", "severity"]) < 1.0
    assert "dotcom_replay" in needed._repr_html_()


def test_one_factor_word_is_a_word_not_its_letters() -> None:
    held = st.load_portfolio("treasury_ladder")
    found = st.reverse_stress(held, 0.05, factors="zero_rate", answers=1)
    assert found.found.question.factors == ("zero_rate",)
