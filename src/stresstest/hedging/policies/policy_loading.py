"""Hedge policies from names of the shipped library and from files."""

from __future__ import annotations

from os import PathLike
from typing import Any

from stresstest.errors import Location, Problem, ProblemList
from stresstest.hedging.policies.costs import Costs, HalfSpread, Margin, Volume
from stresstest.hedging.policies.costs_spec import CostsSpec, HalfSpreadSpec, MarginSpec, VolumeSpec
from stresstest.hedging.policies.policy import (
    Glide,
    Objective,
    Policy,
    Rule,
    RuleTerms,
    SellTerms,
    UniverseEntry,
)
from stresstest.hedging.policies.policy_files import find_policy
from stresstest.hedging.policies.policy_spec import ObjectiveSpec, PolicySpec, SellSpec
from stresstest.hedging.policies.rule_spec import RuleSpec
from stresstest.hedging.policies.selection import Selection
from stresstest.hedging.policies.selection_spec import InstrumentSelectSpec
from stresstest.hedging.policies.universe_spec import UniverseEntrySpec
from stresstest.io.document import Document, parse_document, read_document
from stresstest.io.fields import Spec
from stresstest.io.model_fields import written_name
from stresstest.io.validation import validate
from stresstest.quantity import parse_horizon
from stresstest.scenarios.governance import UNGOVERNED
from stresstest.scenarios.governance_spec import read_governance

Source = str | PathLike[str]

_PLAIN_TERMS = (
    "by",
    "of",
    "new",
    "exceptions",
    "theme",
    "scenario",
    "with_scenarios",
    "severities",
    "loss",
    "horizon",
    "factors",
    "benchmark",
    "regime",
    "correlation",
    "share",
    "score",
    "unless_cleared",
)
"""Fields of a rule that its terms take as they are."""


def load_policy(source: Source) -> Policy:
    """Return the hedge policy of a file, or of a name of the shipped library.

    Raises
    ------
    InputError
        With everything that is wrong in the file, each with line and column; ST478 where there is none.
    """
    return _policy(read_document(find_policy(source)))


def parse_policy(text: str | bytes, file: str = "<text>") -> Policy:
    """Return the hedge policy that a YAML text spells; `file` is what problems call it.

    Raises
    ------
    InputError
        With everything that is wrong in the text.
    """
    return _policy(parse_document(text, file))


def _policy(document: Document) -> Policy:
    problems = ProblemList()
    spec = validate(PolicySpec, document.data, document.locator(), problems)
    governance = UNGOVERNED
    if spec is not None:
        problems.extend(_twice(spec, document))
        governance = read_governance(spec, document, problems)
    problems.raise_if_any()
    if spec is None:
        raise ValueError("a document without problems gave no policy")
    return Policy(
        name=spec.name,
        horizon=spec.horizon,
        universe=tuple(_entry(line, document, row) for row, line in enumerate(spec.universe)),
        objective=tuple(_objective(term, document, row) for row, term in enumerate(spec.objective)),
        costs=_costs(spec.costs, document),
        rules=tuple(_rule(rule, document, row) for row, rule in enumerate(spec.rules)),
        sell=_sell(spec.sell),
        title=spec.title,
        narrative=spec.narrative,
        source=spec.source,
        governance=governance,
        location=document.location(("name",)),
    )


def _twice(spec: PolicySpec, document: Document) -> list[Problem]:
    """Return a problem for each name that two rules, or two lines of the universe, share."""
    named = [
        *(("rules", row, rule.name) for row, rule in enumerate(spec.rules)),
        *(("universe", row, line.name) for row, line in enumerate(spec.universe)),
    ]
    used: set[tuple[str, str]] = set()
    problems = []
    for part, row, name in named:
        if (part, name) in used:
            where = document.location((part, row, "name"))
            problems.append(Problem("ST473", f"name {name!r} a second time", "each name once", where))
        used.add((part, name))
    return problems


def _entry(spec: UniverseEntrySpec, document: Document, row: int) -> UniverseEntry:
    return UniverseEntry(
        name=spec.name,
        type=spec.type or "package",
        reason=spec.reason,
        select=None if spec.select is None else spec.select.selection(tuple(spec.excluded or ())),
        issuers=tuple(spec.issuer or ()),
        maturities=tuple(spec.maturities or ()),
        underlyings=tuple(spec.underlying or ()),
        right="put" if spec.package else spec.right or "",
        strikes=tuple(spec.strikes or ()),
        spreads=tuple((pair.buy, pair.sell) for pair in spec.spreads or ()),
        expiries=tuple(spec.expiries or ()),
        package=spec.package or "",
        exercise=spec.exercise or "european",
        **_index_terms(spec),
        strike_step=spec.strike_step,
        multiplier=spec.multiplier or 100.0,
        seller=spec.seller or "",
        source=spec.source or spec.name,
        location=document.location(("universe", row)),
        places=_places(spec, document, ("universe", row)),
    )


def _index_terms(spec: UniverseEntrySpec) -> dict[str, Any]:
    """Return the fields of protection on a credit index."""
    return {
        "index": spec.index or "",
        "series": spec.series or 0,
        "coupon": spec.coupon or 0.0,
        "recovery": spec.recovery,
        "tenors": tuple(spec.tenors or ()),
    }


def _objective(spec: ObjectiveSpec, document: Document, row: int) -> Objective:
    return Objective(
        minimise=spec.minimise,
        weight=spec.weight,
        scenarios=tuple(spec.scenarios or ()),
        severities=tuple(spec.severities or (1.0,)),
        scenario_set=spec.set or "",
        confidence_level=spec.confidence_level or 0.95,
        columns=spec.columns,
        seed=spec.seed,
        ambiguity=spec.ambiguity or 0.0,
        reason=spec.reason or "",
        location=document.location(("objective", row)),
        places=_places(spec, document, ("objective", row)),
    )


def _rule(spec: RuleSpec, document: Document, row: int) -> Rule:
    stated: dict[str, Any] = {
        name: value for name in _PLAIN_TERMS if (value := getattr(spec, name)) is not None
    }
    if spec.select is not None:
        stated["select"] = spec.select.selection()
    if spec.glide is not None:
        stated["glide"] = Glide(spec.glide.to, spec.glide.over)
    if spec.within is not None:
        stated["within_years"] = parse_horizon(spec.within).years
    return Rule(
        spec.name,
        spec.measure().key,
        spec.amount(),
        RuleTerms(**stated),
        spec.reason,
        document.location(("rules", row)),
        _places(spec, document, ("rules", row)),
    )


def _places(spec: Spec, document: Document, path: tuple[str, int]) -> dict[str, Location]:
    """Return where each field of a part of the document stands that is stated there."""
    fields = type(spec).model_fields.items()
    stated = (written_name(name, field) for name, field in fields if name in spec.model_fields_set)
    return {name: document.location((*path, name)) for name in stated}


def _costs(spec: CostsSpec, document: Document) -> Costs:
    stated = {"impact": spec.impact, "tax": spec.tax, "fee": spec.fee_per_contract}
    return Costs(
        half_spreads=tuple(_half_spread(line, document, row) for row, line in enumerate(spec.half_spread)),
        margins=tuple(_margin(line, document, row) for row, line in enumerate(spec.margin)),
        volumes=tuple(_volume(line, document, row) for row, line in enumerate(spec.volume)),
        impact_coefficient=0.0 if spec.impact is None else spec.impact.coefficient,
        tax_rate=0.0 if spec.tax is None else spec.tax.rate,
        fee_per_contract=0.0 if spec.fee_per_contract is None else spec.fee_per_contract.amount,
        lot_sizes=dict(spec.lots),
        bases={name: f"{part.basis_class}: {part.reason}" for name, part in stated.items() if part},
    )


def _half_spread(spec: HalfSpreadSpec, document: Document, row: int) -> HalfSpread:
    where = document.location(("costs", "half_spread", row))
    return HalfSpread(*spec.half_spread, _selection(spec.select), spec.basis_class, spec.reason, where)


def _margin(spec: MarginSpec, document: Document, row: int) -> Margin:
    where = document.location(("costs", "margin", row))
    return Margin(spec.share, _selection(spec.select), spec.basis_class, spec.reason, where)


def _volume(spec: VolumeSpec, document: Document, row: int) -> Volume:
    return Volume(
        spec.share_of_market_cap,
        spec.share_of_underlying,
        spec.value,
        _selection(spec.select),
        basis_class=spec.basis_class,
        reason=spec.reason,
        location=document.location(("costs", "volume", row)),
    )


def _selection(spec: InstrumentSelectSpec | None) -> Selection | None:
    return None if spec is None else spec.selection()


def _sell(spec: SellSpec) -> SellTerms:
    return SellTerms(bool(spec.all), _selection(spec.select), _selection(spec.excluded))
