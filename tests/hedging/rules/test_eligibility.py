from tests.hedging.tiny_books import line, rule_and_inputs, state


def test_no_bond_beyond_a_maturity() -> None:
    rule, found = rule_and_inputs("name: r, max_maturity: 3m")
    bill = line(found, "bill", held=False)
    assert rule.forbidden is not None
    assert rule.forbidden(0.25).tolist() == [place == bill for place in range(found.n_lines)]
    assert not rule.forbidden(1.0).any()
    assert rule.measured(state(found, bill=1_000)) == found.lines[bill].traits.maturity_years
    assert rule.measured(state(found)) == 0.0


def test_no_share_that_scores_less() -> None:
    rule, found = rule_and_inputs("name: r, min_score: 99, score: moat_score, select: {type: equity}")
    assert rule.forbidden is not None
    shares = [place for place, one in enumerate(found.lines) if not one.is_held and one.type == "equity"]
    assert rule.forbidden(100.5).nonzero()[0].tolist() == shares
    assert not rule.forbidden(0.0).any()
