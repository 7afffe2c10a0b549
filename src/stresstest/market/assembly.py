"""From the draft that the layers wrote to the market: what rests on several tables and must agree."""

from __future__ import annotations

from dataclasses import replace

from stresstest.errors import Problem
from stresstest.market.arbitrage import arbitrage_notes, surfaces
from stresstest.market.credit import rating_spreads
from stresstest.market.curve_building import CurveBuilder, discount_curves
from stresstest.market.draft import MarketDraft, Place, provenances
from stresstest.market.exposures import build_links
from stresstest.market.factor_levels import ISSUER_KINDS
from stresstest.market.issuers import build_issuers
from stresstest.market.price_curves import PRICE_CURVE_KINDS, price_curves
from stresstest.market.smiles import build_smiles, smile_levels
from stresstest.market.snapshot import ContextValue, Evidence, MarketSnapshot
from stresstest.market.suggestions import suggestion


def assemble(name: str, draft: MarketDraft) -> MarketSnapshot:
    """Return the market that `draft` describes.

    Raises
    ------
    InputError
        With every problem of the layers and of what they make together.
    """
    issuers = build_issuers(draft)
    _check_issuer_names(draft)
    curves = CurveBuilder(draft)
    curves.build_all()
    smiles = build_smiles(draft)
    stated = {**draft.levels, **curves.levels, **smile_levels(draft.smiles), **rating_spreads(draft, issuers)}
    levels = {key: entry.value for key, entry in stated.items()}
    links = build_links(draft, levels)
    discount = discount_curves(draft, curves.curves)
    draft.problems.raise_if_any()
    market = MarketSnapshot(
        *(name, draft.as_of, draft.currency, levels, issuers, curves.curves, discount, smiles, links),
        provenance=provenances(stated),
        quotes=curves.quotes,
        price_curves=price_curves(levels),
    )
    return _with_background(market, draft)


def _with_background(market: MarketSnapshot, draft: MarketDraft) -> MarketSnapshot:
    """Return the market with what no price reads: notes, sources, rolls, context and evidence."""
    return replace(
        market,
        notes=(*draft.notes, *arbitrage_notes(surfaces(market.smiles, market.levels))),
        title=draft.title,
        sources=draft.sources,
        rolls={key: entry.value for key, entry in draft.rolls.items()},
        context={key: ContextValue(entry.value, entry.provenance) for key, entry in draft.context.items()},
        evidence=_evidence(draft),
        factor_model_source=draft.factor_model,
    )


def _evidence(draft: MarketDraft) -> Evidence:
    return Evidence(
        issuers=provenances(draft.issuers),
        attributes=provenances(draft.attributes),
        themes=provenances(draft.themes),
        exposures={
            (target, entry.value.source): entry.provenance
            for target, entries in draft.links.items()
            for entry in entries
        },
        rolls=provenances(draft.rolls),
    )


def _check_issuer_names(draft: MarketDraft) -> None:
    """Add every name of an issuer that no layer states."""
    named: list[tuple[str, Place, str]] = []
    named += [(key[0], entry.place, "issuer") for key, entry in draft.attributes.items()]
    named += [(key[0], entry.place, "issuer") for key, entry in draft.themes.items()]
    named += [(key[0], entry.place, "issuer") for key, entry in draft.rolls.items()]
    named += [
        (key.name, entry.place, "factor") for key, entry in draft.levels.items() if key.kind in ISSUER_KINDS
    ]
    # A surface may also be that of an exchange rate or of a forward curve, neither of which is an issuer.
    unissued = {key.name for key in draft.levels if key.kind in ("fx_spot", *PRICE_CURVE_KINDS)}
    named += [
        (name, smile.pillars[0].place, "underlying")
        for name, smile in draft.smiles.items()
        if name not in unissued
    ]
    for issuer, place, column in named:
        if issuer not in draft.issuers:
            close = suggestion(issuer, draft.issuers, draft.problems)
            got, expected = f"issuer {issuer!r}", "an issuer of the market"
            draft.problems.add(Problem("ST201", got, expected, place(column), close))
