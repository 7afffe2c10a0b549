from __future__ import annotations

import pytest
from tests.cli.runner import run

from stresstest.cli.run.matrices import _broken


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("fall", ["fall"]),
        ("ai_capex_collapse", ["ai_capex_", "collapse"]),
        ("averyveryverylongname", ["averyveryv", "erylongnam", "e"]),
    ],
)
def test_names_break_at_underscores(name: str, pieces: list[str]) -> None:
    assert _broken(name, 10) == pieces


def test_contributions_stand_beside_one_another_and_end_with_their_total() -> None:
    code, out, _ = run("run", "ai_growth_fund", "--by", "desk")
    assert code == 0
    matrix = out[out.index("P&L by desk") :].splitlines()
    assert max(map(len, matrix)) <= 80
    table = matrix[1 : matrix.index(next(line for line in matrix if line.startswith("total")))]
    groups = [line for line in table if "%" in line]
    assert len(groups) >= 5
    total = next(line for line in matrix if line.startswith("total"))
    first = [float(line.split()[-2]) for line in groups]
    assert sum(first) == pytest.approx(float(total.split()[-2]), abs=0.05 * len(groups) + 0.05)
