from __future__ import annotations

from datetime import date

from tests.networks.graphs import DAY, edge, network, node

from stresstest.networks.reading import load_network
from stresstest.networks.roles import roles_of


def test_edges_and_amounts_tell_a_role() -> None:
    firms = [
        node("SPENDS"),
        node("SELLS"),
        node("LENDS"),
        node("FUND"),
        node("LAB", kind="private", burn=3.0),
        node("VEHICLE", kind="spv"),
        node("LANDLORD"),
        node("IDLE"),
        node("LETS", lets_chips=True),
        node("HOLDS", behaviour="rebalancer"),
    ]
    edges = [
        edge("SPENDS>SELLS", "revenue_dependence", per_year=5.0),
        edge("SELLS>SPENDS", "revenue_dependence", per_year=1.0),
        edge("SELLS>SPENDS", "purchase_commitment", 90.0, per_year=90.0, start=date(2027, 1, 1)),
        edge("LENDS>SPENDS", "term_loan", 5.0),
        edge("FUND>SPENDS", "holding", 5.0),
        edge("SPENDS>LANDLORD", "lease", 5.0),
    ]
    assert roles_of(network(firms, edges), DAY) == {
        "SPENDS": "spender",
        "SELLS": "supplier",
        "LENDS": "financier",
        "FUND": "institution",
        "LAB": "lab",
        "VEHICLE": "builder",
        "LANDLORD": "builder",
        "IDLE": "supplier",
        "LETS": "builder",
        "HOLDS": "institution",
    }


def test_what_a_file_says_holds() -> None:
    assert roles_of(network([node("A", role="lab", tier="financier")]), DAY) == {"A": "lab"}


def test_the_shipped_network_has_firms_of_every_role() -> None:
    shipped = load_network("ai_circular_financing")
    roles = roles_of(shipped.on(shipped.as_of), shipped.as_of)
    expected = {
        "NVDA": "supplier",
        "OPENAI": "lab",
        "ORCL": "spender",
        "MSFT": "spender",
        "CRWV": "builder",
        "SOFTBANK": "financier",
        "PENSION_FUNDS": "institution",
    }
    assert {firm: roles[firm] for firm in expected} == expected
