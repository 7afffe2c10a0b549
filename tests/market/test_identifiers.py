"""Identifiers: published check digits, single-character errors, and the issuer that each names."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from tests.market.market_folders import small_market

from stresstest.market.identifiers import expected_check, identifier_index, is_valid, resolve_issuer
from stresstest.market.snapshot import Issuer

# In public use: Apple, Nvidia, Berkshire Hathaway B, iShares Core MSCI World, Toyota, Accenture, IBM.
PUBLISHED = [
    ("isin", "US0378331005"),
    ("isin", "US67066G1040"),
    ("isin", "US0846707026"),
    ("isin", "IE00B4L5Y983"),
    ("isin", "JP3633400001"),
    ("cusip", "037833100"),
    ("cusip", "67066G104"),
    ("cusip", "084670702"),
    ("cusip", "G1151C101"),
    ("figi", "BBG000BLNNH6"),
    ("figi", "BBG000B9XRY4"),
    ("lei", "HWUPKR0MPOU8FGXBT394"),
    ("lei", "529900T8BM49AURSDO55"),
]


@pytest.mark.parametrize(("kind", "text"), PUBLISHED)
def test_published_identifiers_have_the_check_digits_computed(kind: str, text: str) -> None:
    assert is_valid(kind, text)
    check = expected_check(kind, text)
    assert check is not None
    assert text.endswith(check)


@pytest.mark.parametrize(("kind", "text"), PUBLISHED)
def test_a_wrong_digit_is_found(kind: str, text: str) -> None:
    place = next(place for place in range(3, len(text)) if text[place].isdigit())
    others = [digit for digit in string.digits if digit != text[place]]
    wrong = [text[:place] + digit + text[place + 1 :] for digit in others]
    assert not [candidate for candidate in wrong if is_valid(kind, candidate)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("isin", "US037833100"),
        ("isin", "us0378331005"),
        ("isin", "US037833100X"),
        ("cusip", "03783310"),
        ("figi", "GBG000BLNNH6"),
        ("figi", "BBX000BLNNH6"),
        ("lei", "HWUPKR0MPOU8FGXBT39"),
        ("isin", "US٠378331005"),
    ],
)
def test_what_is_not_shaped_like_an_identifier_has_no_check_digits(kind: str, text: str) -> None:
    assert expected_check(kind, text) is None
    assert not is_valid(kind, text)


def test_an_issuer_is_found_by_each_of_its_identifiers() -> None:
    market = small_market()
    for text in ("ACME", "US67066G1040", "67066G104", "BBG000BLNNH6"):
        issuer = resolve_issuer(market, text)
        assert issuer is not None
        assert issuer.id == "ACME"


def test_the_cusip_inside_an_isin_counts_only_where_isins_contain_one() -> None:
    market = small_market()
    fund = resolve_issuer(market, "037833100")
    assert fund is not None
    assert fund.id == "INDX"
    assert resolve_issuer(market, "00B4L5Y98") is None


def test_a_ticker_is_taken_as_written() -> None:
    assert resolve_issuer(small_market(), "acme") is None


def test_an_identifier_of_two_issuers_names_none() -> None:
    market = small_market()
    assert market.issuers["ACME"].ids["lei"] == market.issuers["ACME-B"].ids["lei"]
    assert resolve_issuer(market, "HWUPKR0MPOU8FGXBT394") is None


def test_a_private_copy_of_an_issuer_does_not_hide_the_original() -> None:
    market = small_market()
    private = replace(market.issuers["ACME"], id="ACME#hedge-1")
    extended = replace(market, issuers={**market.issuers, private.id: private})
    found = resolve_issuer(extended, "US67066G1040")
    assert found is not None
    assert found.id == "ACME"
    assert resolve_issuer(extended, "ACME#hedge-1") == private


def test_the_index_does_not_depend_on_the_order_of_issuers() -> None:
    issuers = {
        name: Issuer(name, name, "equity", "USD", ids={"isin": isin})
        for name, isin in (("A", "US0378331005"), ("B", "US67066G1040"), ("C", "US0378331005"))
    }
    backwards = dict(reversed(issuers.items()))
    assert identifier_index(issuers) == identifier_index(backwards) == {"US67066G1040": "B", "67066G104": "B"}
