"""Exposures of funds, indices and proxied shares: the links through which other factors move them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum

from stresstest.errors import Problem, nearest
from stresstest.market.draft import Entry, Exposure, MarketDraft
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace, Domain
from stresstest.market.factor_levels import parse_factor
from stresstest.market.keys import RiskFactorKey
from stresstest.market.links import sort_links
from stresstest.market.sheets import EVIDENCE_COLUMNS, Header, Sheet
from stresstest.market.snapshot import FactorLink
from stresstest.market.suggestions import suggestion
from stresstest.quantity import parse_level

HEADER = Header(("target", "form", "factor", "coefficient", *EVIDENCE_COLUMNS), (), ("source", "note"))
FORMS = ("weight", "beta", "duration")
PROPORTIONAL = frozenset(("implied_vol", "commodity_forward", "power_price", "credit_spread", "normal_vol"))
"""Kinds that need not be positive, and that links may move in proportion where their base level is."""
_TOLERANCE = 1e-9

ExposureRow = tuple[tuple[RiskFactorKey, RiskFactorKey, str], Entry[Exposure]]


def read_exposures(sheet: Sheet) -> list[ExposureRow]:
    """Return the terms of an `exposures` table by (target, source, form)."""
    rows: list[ExposureRow] = []
    for row, (target_text, form, source_text, _) in sheet.rows("target", "form", "factor", "coefficient"):
        target, source = parse_factor(target_text), parse_factor(source_text)
        for column, key in (("target", target), ("factor", source)):
            if isinstance(key, Problem):
                sheet.add(row, column, key)
        coefficient = sheet.amount(row, "coefficient", parse_level)
        provenance = sheet.evidence(row)
        if isinstance(target, Problem) or isinstance(source, Problem) or coefficient is None:
            continue
        exposure = Exposure(form, source, coefficient)
        for column, problem in _problems(target, exposure):
            sheet.add(row, column, problem)
        rows.append(((target, source, form), Entry(exposure, provenance, sheet.place(row))))
    return rows


def _problems(target: RiskFactorKey, exposure: Exposure) -> Iterator[tuple[str, Problem]]:
    """Yield (column, problem) of one term taken by itself."""
    form, source, coefficient = exposure
    if form not in FORMS:
        expected = "one of " + ", ".join(FORMS)
        yield "form", Problem("ST212", f"form {form!r}", expected, suggestion=nearest(form, FORMS))
        return
    if not _has_ratios(target):
        yield "target", Problem("ST212", f"target {target}", "a factor that is always positive, like a spot")
    kind = FACTOR_KINDS[source.kind]
    if form == "duration" and kind.change_space is not ChangeSpace.ABSOLUTE:
        yield (
            "factor",
            Problem("ST212", f"duration to {source}", "a rate, a spread or another absolute factor"),
        )
    if form != "duration" and not _has_ratios(source):
        yield (
            "factor",
            Problem("ST212", f"{form} on {source}", "a factor that is always positive, like a spot"),
        )
    if form == "weight" and not 0.0 <= coefficient <= 1.0:
        expected = "a weight from 0 to 1 (a leveraged or short fund has a beta)"
        yield "coefficient", Problem("ST212", f"weight {coefficient:g} on {source}", expected)


def _has_ratios(key: RiskFactorKey) -> bool:
    """Tell whether moves of a factor can be ratios to its base level."""
    return FACTOR_KINDS[key.kind].domain is Domain.POSITIVE or key.kind in PROPORTIONAL


def group_exposures(rows: list[ExposureRow]) -> dict[RiskFactorKey, tuple[Entry[Exposure], ...]]:
    """Return the terms by target, in the order written."""
    groups: dict[RiskFactorKey, list[Entry[Exposure]]] = {}
    for (target, _, _), entry in rows:
        groups.setdefault(target, []).append(entry)
    return {target: tuple(entries) for target, entries in groups.items()}


def build_links(draft: MarketDraft, levels: Mapping[RiskFactorKey, float]) -> tuple[FactorLink, ...]:
    """Return the links of a draft, sources before targets; add what is wrong with them to its problems.

    Terms run in the order of their factors' names, so that the order of rows in a file changes no bit.
    """
    links = []
    for target, entries in draft.links.items():
        _check_link(draft, target, levels)
        terms = sorted((entry.value for entry in entries), key=lambda term: str(term.source))
        weights, betas, durations = (
            tuple((term.source, term.coefficient) for term in terms if term.form == form) for form in FORMS
        )
        links.append(FactorLink(target, weights, betas, durations))
    ordered, problems = sort_links(links)
    for target, problem in problems:
        draft.problems.add(problem.at(draft.links[target][0].place("target")))
    return ordered


def _check_link(draft: MarketDraft, target: RiskFactorKey, levels: Mapping[RiskFactorKey, float]) -> None:
    """Add factors that the market lacks and weights that add to more than the whole."""
    entries = draft.links[target]
    missing = [("target", target, entries[0])] if target not in levels else []
    missing += [
        ("factor", entry.value.source, entry) for entry in entries if entry.value.source not in levels
    ]
    ratios = [("target", target, entries[0])]
    ratios += [("factor", entry.value.source, entry) for entry in entries if entry.value.form != "duration"]
    for column, key, entry in missing:
        if key.kind == "zero_rate" and _unbuilt(draft, key.name, levels):
            continue  # the curve's own problems are told already
        close = suggestion(
            str(key), (str(known) for known in levels if known.kind == key.kind), draft.problems
        )
        problem = Problem("ST210", f"no level of {key}", "a factor of the market", suggestion=close)
        draft.problems.add(problem.at(entry.place(column)))
    for column, key, entry in ratios:
        if key.kind in PROPORTIONAL and levels.get(key, 1.0) <= 0.0:
            problem = Problem("ST212", f"level {levels[key]:g} of {key}", "a positive base level in a link")
            draft.problems.add(problem.at(entry.place(column)))
    total = fsum(entry.value.coefficient for entry in entries if entry.value.form == "weight")
    if total > 1.0 + _TOLERANCE:
        problem = Problem("ST212", f"weights of {target} add to {total:.6g}", "at most 1")
        draft.problems.add(problem.at(entries[0].place("coefficient")))


def _unbuilt(draft: MarketDraft, curve: str, levels: Mapping[RiskFactorKey, float]) -> bool:
    """Tell whether `curve` is stated and no rate follows from it."""
    return curve in draft.curves and not any(key.kind == "zero_rate" and key.name == curve for key in levels)
