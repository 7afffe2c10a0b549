"""A market folder as a layer: `market.yaml` and the tables that it names."""

from __future__ import annotations

from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io.document import Document, read_document
from stresstest.io.resources import find_in_library, names
from stresstest.io.validation import validate
from stresstest.market.draft import Entry, MarketDraft, Place, SmileBounds, merge
from stresstest.market.evidence import Claim, Jury
from stresstest.market.exposures import HEADER as EXPOSURES_HEADER
from stresstest.market.exposures import group_exposures, read_exposures
from stresstest.market.factor_levels import HEADER as LEVELS_HEADER
from stresstest.market.factor_levels import read_levels
from stresstest.market.issuers import (
    ATTRIBUTES_HEADER,
    ISSUERS_HEADER,
    THEMES_HEADER,
    read_attributes,
    read_issuers,
    read_themes,
)
from stresstest.market.model_source import ModelFile
from stresstest.market.rolls import HEADER as ROLLS_HEADER
from stresstest.market.rolls import read_rolls
from stresstest.market.sheets import Header, Sheet, read_sheet
from stresstest.market.smiles import HEADER as SMILES_HEADER
from stresstest.market.smiles import bounds_problem, group_pillars, read_smiles
from stresstest.market.snapshot import Provenance
from stresstest.market.spec import EvidenceSpec, MarketSpec
from stresstest.quantity import parse_level

MARKET_FILE = "market.yaml"


class FolderLayer:
    """One market folder: its document, read and validated, and the draft that its tables go into."""

    def __init__(self, folder: Path, document: Document, spec: MarketSpec, draft: MarketDraft) -> None:
        self.folder = folder
        self.document = document
        self.spec = spec
        self.draft = draft
        self.jury = Jury(draft.as_of, spec.sources, draft.problems)

    def read_into_draft(self) -> None:
        """Read everything into the draft; what is wrong goes to its problems."""
        self._add_sources()
        self._read_issuers()
        self._read_levels()
        self._read_surfaces()
        self._add_curves()
        if self.spec.factor_model is not None:
            self.draft.factor_model = ModelFile(self.folder / self.spec.factor_model, self.draft.as_of)

    def read_snapshot(self) -> None:
        """Read the market that this one extends into the draft."""
        name, place = self.spec.extends, self.document.location(("extends",))
        path = find_in_library("markets", name) or self._beside(name)
        if path is None or path.resolve() == self.folder.resolve():
            known = [known for known, _ in names("markets") if known != self.folder.name]
            got, expected = f"extends {name!r}", "a shipped market, or a folder beside this one"
            self.draft.problems.add(Problem("ST223", got, expected, place, nearest(name, known)))
            return
        read_folder(path, self.draft, self.draft.problems)

    def _beside(self, name: str) -> Path | None:
        """Return the folder called `name` beside this one, if it is a market; no other path is made."""
        folders = self.folder.resolve().parent.iterdir()
        return next((path for path in folders if path.name == name and (path / MARKET_FILE).is_file()), None)

    def _place(self, *path: str) -> Place:
        """Return where the part of the document at `path` stands; a field may itself be a path with `/`."""

        def place(field: str) -> Location:
            below = tuple(part for part in field.split("/") if part)
            return self.document.location((*path, *below), key=not below)

        return place

    def _sheet(self, field: str, header: Header) -> Sheet | None:
        name = getattr(self.spec, field)
        return None if name is None else read_sheet(self.folder / name, header, self.jury)

    def _add_sources(self) -> None:
        for name, text in self.spec.sources.items():
            if self.draft.sources.get(name, text) != text:
                problem = Problem(
                    "ST207", f"source {name!r} means something else in an earlier layer", "another id"
                )
                self.draft.problems.add(problem.at(self.document.location(("sources", name), key=True)))
            self.draft.sources[name] = text

    def _read_issuers(self) -> None:
        draft = self.draft
        attributes = []
        if sheet := self._sheet("issuers", ISSUERS_HEADER):
            rows = read_issuers(sheet)
            merge(draft.issuers, rows.issuers, "issuer", draft.problems)
            attributes = rows.attributes
        if sheet := self._sheet("attributes", ATTRIBUTES_HEADER):
            attributes += read_attributes(sheet)
        merge(draft.attributes, attributes, "attribute", draft.problems)
        if sheet := self._sheet("themes", THEMES_HEADER):
            merge(draft.themes, read_themes(sheet), "theme", draft.problems)

    def _read_levels(self) -> None:
        draft = self.draft
        if sheet := self._sheet("levels", LEVELS_HEADER):
            merge(draft.levels, read_levels(sheet), "factor", draft.problems)
        if sheet := self._sheet("rolls", ROLLS_HEADER):
            merge(draft.rolls, read_rolls(sheet), "issuer", draft.problems)
        if sheet := self._sheet("exposures", EXPOSURES_HEADER):
            rows = read_exposures(sheet)
            merge({}, rows, "factor", draft.problems)
            draft.links.update(group_exposures(rows))

    def _read_surfaces(self) -> None:
        stated = self.spec.smile
        bounds = SmileBounds(stated.lower, stated.upper, stated.stickiness)
        problem = bounds_problem(bounds)
        if problem is not None:
            self.draft.problems.add(problem.at(self.document.location(("smile",))))
        if sheet := self._sheet("smiles", SMILES_HEADER):
            rows = read_smiles(sheet)
            merge({}, rows, "expiry", self.draft.problems)
            if problem is None:
                self.draft.smiles.update(group_pillars(rows, bounds))

    def _add_curves(self) -> None:
        spec, draft = self.spec, self.draft
        for name, curve in spec.curves.items():
            place = self._place("curves", name)
            draft.curves[name] = Entry(curve, self._evidence(curve, place), place)
        for name, stated in spec.context.items():
            place = self._place("context", name)
            draft.context[name] = Entry(parse_level(stated.value), self._evidence(stated, place), place)
        if spec.credit_spreads is not None:
            place = self._place("credit_spreads")
            evidence = self._evidence(spec.credit_spreads, place)
            draft.credit_spreads = Entry(spec.credit_spreads, evidence, place)

    def _evidence(self, spec: EvidenceSpec, place: Place) -> Provenance:
        return self.jury.provenance(Claim(spec.basis_class, spec.source, spec.date, spec.note), place)


def read_folder(folder: Path, base: MarketDraft | None, problems: ProblemList) -> MarketDraft | None:
    """Read a market folder over `base`; return the draft, or None where its document is no market.

    The first folder gives the market its date and its currency. A later one may be older, never younger. An
    extension is first, and its snapshot is read below it.
    """
    try:
        document = read_document(folder / MARKET_FILE)
    except InputError as error:
        problems.extend(error.problems)
        return base
    spec = validate(MarketSpec, document.data, document.locator(), problems)
    if spec is None:
        return base
    if spec.extends and base is not None:
        got = f"market {folder.name}, which extends {spec.extends}, over another"
        problem = Problem("ST223", got, f"it first: --market {folder.name}")
        problems.add(problem.at(document.location(("extends",))))
        return base
    draft = base or MarketDraft(spec.as_of, spec.currency, spec.title, problems)
    if spec.extends:
        FolderLayer(folder, document, spec, draft).read_snapshot()
    if spec.as_of > draft.as_of:
        got = f"a layer of {spec.as_of} over a market of {draft.as_of}"
        problem = Problem("ST204", got, "a layer that is not later than the first")
        problems.add(problem.at(document.location(("as_of",))))
    elif spec.as_of < draft.as_of:
        draft.notes.append(f"layer {folder.name} is of {spec.as_of}, the market of {draft.as_of}")
    FolderLayer(folder, document, spec, draft).read_into_draft()
    return draft
