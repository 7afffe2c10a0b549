import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, state


def test_options_count_by_delta() -> None:
    rule, found = rule_and_inputs("name: r, max_exposure: 35%, theme: ai_exposure")
    total = 0.0
    for name, size in (("nvda", 4_000), ("msft", 1_000)):
        place = line(found, name, held=True)
        total += size * found.unit_value[place] * found.lines[place].traits.themes["ai_exposure"]
    calls = line(found, "calls", held=True)
    total -= 20 * found.risk.delta[calls] * found.lines[calls].traits.themes["ai_exposure"]
    assert rule.measured(state(found)) == pytest.approx(total / found.nav)
    assert found.risk.delta[calls] > found.unit_value[calls]
