"""A report from the JSON document of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from stresstest.report.building.provenance import versions
from stresstest.report.reading.books import book_of
from stresstest.report.view.checks import PlausibilityLine
from stresstest.report.view.networks import FirmLine, NetworkPart
from stresstest.report.view.report import InputFile, Provenance, ReportView, ScenarioNote

_FIRMS = 12
NOT_HELD = (
    "From a result document: severity curves, risk factors of positions, exit prices, drawings of networks, "
    "hashes of inputs, sources of scenarios. Give the portfolios instead to have them computed."
)


def report_of(document: Mapping[str, Any], digest: str, title: str = "") -> ReportView:
    """Return what a document `stresstest/result/1` holds; the rest is named as missing.

    Parameters
    ----------
    document
        Of the schema `stresstest/result/1`.
    digest
        SHA-256 of its file.
    """
    notices: dict[str, str] = document.get("notices") or {}
    books = tuple(book_of(document, one) for one in document["portfolios"])
    return ReportView(
        title or ", ".join(book.title or book.name for book in books[:3]),
        document["severity"],
        _provenance(document, digest),
        books,
        scenarios=tuple(_scenarios(document)),
        plausibility=tuple(_plausibility(card) for card in document.get("plausibility") or ()),
        networks=tuple(_network(one) for one in document.get("networks") or ()),
        notes=tuple(dict.fromkeys(_without_folder(text) for text in document["warnings"])),
        notice=next(iter(notices.values()), ""),
        missing=(NOT_HELD,),
    )


def _without_folder(text: str) -> str:
    """Return a warning without the folder of the file that it names."""
    place, colon, rest = text.partition(".yaml:")
    cut = max(place.rfind("/"), place.rfind("\\")) + 1
    return place[cut:] + colon + rest if colon and ": " not in place else text


def _provenance(document: Mapping[str, Any], digest: str) -> Provenance:
    files = (InputFile("result document", "result", digest),)
    return Provenance(document["market"], date.fromisoformat(document["as_of"]), "", (), files, versions())


def _scenarios(document: Mapping[str, Any]) -> Iterator[ScenarioNote]:
    drivers: dict[str, dict[str, str]] = document.get("drivers") or {}
    seen: set[str] = set()
    for portfolio in document["portfolios"]:
        for one in portfolio["scenarios"]:
            if one["name"] not in seen:
                seen.add(one["name"])
                own = tuple((drivers.get(one["name"]) or {}).items())
                head = one["name"], one.get("title") or "", one.get("horizon") or ""
                yield ScenarioNote(*head, "", "", (), (), own)


def _plausibility(card: Mapping[str, Any]) -> PlausibilityLine:
    largest = card["largest"][0] if card["largest"] else None
    text = ""
    if largest is not None and largest["deviations"]:
        size = list(largest["deviations"].values())[-1]
        text = f"{largest['factor']} {size:+.1f}".replace("-", "\N{MINUS SIGN}")
    return PlausibilityLine(
        card["scenario"],
        tuple(
            (one["regime"], one["systematic_distance"], one["systematic_percentile"])
            for one in card["distances"]
        ),
        text,
        len(card["contradicted"]),
        card["n_extrapolated"],
        len(card["without_data"]),
    )


def _network(one: Mapping[str, Any]) -> NetworkPart:
    firms = tuple(_firm(firm, one["unpriced"]) for firm in one["firms"])
    losses = tuple((firm.id, -firm.change) for firm in firms if firm.change is not None)
    head = one["scenario"], one["network"], one["network"].replace("_", " ")
    return NetworkPart(*head, tuple(one["mechanisms"]), one["converged"], firms[:_FIRMS], losses)


def _firm(firm: Mapping[str, Any], unpriced: list[str]) -> FirmLine:
    worth = firm["debt_worth"]
    return FirmLine(
        firm["id"],
        firm["title"] or firm["id"],
        firm["equity_change"],
        firm.get("direct_change"),
        1.0 if worth is None else worth,
        firm["failed_month"],
        firm["id"] in unpriced,
    )
