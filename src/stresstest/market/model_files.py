"""Factor models in files: `factor_model.yaml` and its two tables, read when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import Problem, ProblemList, nearest
from stresstest.io.document import Document, read_document
from stresstest.io.validation import validate
from stresstest.market.evidence import Claim, Jury
from stresstest.market.factor_levels import parse_factor
from stresstest.market.factor_model import TRADING_DAYS, FactorModel, Regime
from stresstest.market.keys import RiskFactorKey
from stresstest.market.matrices import NotDefiniteError, lower_factor
from stresstest.market.model_spec import FactorModelSpec
from stresstest.market.sheets import EVIDENCE_COLUMNS, Header, Sheet, read_sheet
from stresstest.market.snapshot import Provenance

_SYMMETRY = 1e-9


def read_model(path: Path, as_of: date) -> FactorModel:
    """Return the factor model of a `factor_model.yaml`.

    Raises
    ------
    InputError
        With every problem of the document and its tables: ST204 for data after `as_of`, ST230 for what does
        not fit together.
    """
    problems = ProblemList()
    document = read_document(path)
    spec = validate(FactorModelSpec, document.data, document.locator(), problems)
    problems.raise_if_any()
    if spec is None:
        raise ValueError("a document without problems gave no factor model")
    model = _Reader(path.parent, document, spec, Jury(as_of, spec.sources, problems)).model()
    problems.raise_if_any()
    if model is None:
        raise ValueError("files without problems gave no factor model")
    return model


class _Reader:
    """Reads the tables of one model; what is wrong goes to the problems of the jury."""

    def __init__(self, folder: Path, document: Document, spec: FactorModelSpec, jury: Jury) -> None:
        self.folder = folder
        self.document = document
        self.spec = spec
        self.jury = jury
        self.factors = tuple(spec.factors)
        self.days = tuple(spec.horizons)

    def model(self) -> FactorModel | None:
        """Return the model, or None after adding what is wrong."""
        self.jury.provenance(
            Claim(self.spec.basis_class, self.spec.source, self.spec.date, self.spec.note),
            lambda field: self.document.location((field,) if field else ()),
        )
        vols = tuple(f"vol_{name}" for name in self.spec.regimes)
        largest = tuple(f"largest_{days:g}" for days in self.days)
        header = Header(
            ("key", *self.factors, *vols, *largest, *EVIDENCE_COLUMNS), (), ("source", "note", *largest)
        )
        exposures = read_sheet(self.folder / self.spec.exposures, header, self.jury)
        header = Header(("regime", "factor", *self.factors))
        covariance = read_sheet(self.folder / self.spec.covariance, header, self.jury)
        if exposures is None or covariance is None:
            return None
        keys, covariances = self._keys(exposures), self._covariances(covariance)
        own_vols, loadings = _matrix(exposures, vols), _matrix(exposures, self.factors)
        moves = _matrix(exposures, largest, required=False)
        self._check_positive(exposures, vols, own_vols)
        if len(self.jury.problems):
            return None
        own = {name: own_vols[:, place] for place, name in enumerate(self.spec.regimes)}
        horizons = frozen([days / TRADING_DAYS for days in self.days])
        return FactorModel(
            *(self.factors, tuple(keys), loadings, covariances, own, self._regimes(), horizons, moves, keys)
        )

    def _keys(self, sheet: Sheet) -> dict[RiskFactorKey, Provenance]:
        found: dict[RiskFactorKey, Provenance] = {}
        for row, text in enumerate(sheet.cells("key")):
            key = parse_factor(text)
            if isinstance(key, Problem):
                sheet.add(row, "key", key)
            elif key in found:
                sheet.add(row, "key", Problem("ST207", f"{key} twice", "one row a key"))
            else:
                found[key] = sheet.evidence(row)
        return found

    def _check_positive(self, sheet: Sheet, columns: tuple[str, ...], values: FloatArray) -> None:
        for row, column in np.argwhere(~(values > 0.0)).tolist():
            got = f"{columns[column]} of {values[row, column]:g}"
            sheet.add(row, columns[column], Problem("ST230", got, "a positive vol"))

    def _covariances(self, sheet: Sheet) -> dict[str, FloatArray]:
        pairs = list(zip(sheet.cells("regime"), sheet.cells("factor"), strict=True))
        place = {pair: row for row, pair in enumerate(pairs)}
        wanted = [(regime, factor) for regime in self.spec.regimes for factor in self.factors]
        for row, (regime, factor) in enumerate(pairs):
            if (regime, factor) not in wanted or place[regime, factor] != row:
                names = self.factors if regime in self.spec.regimes else tuple(self.spec.regimes)
                close = nearest(factor if regime in self.spec.regimes else regime, names)
                got, expected = f"row {regime}, {factor}", "one row for each regime and factor of the model"
                sheet.add(row, "regime", Problem("ST230", got, expected, suggestion=close))
        missing = ", ".join(" ".join(pair) for pair in wanted if pair not in place)
        if missing:
            got, expected = f"covariance without {missing}", "one row for each regime and factor of the model"
            self.jury.problems.add(Problem("ST230", got, expected, sheet.place(-1)("")))
        values = _matrix(sheet, self.factors)
        if len(self.jury.problems):
            return {}
        return {
            name: self._definite(name, values[[place[name, factor] for factor in self.factors]], sheet)
            for name in self.spec.regimes
        }

    def _definite(self, regime: str, matrix: FloatArray, sheet: Sheet) -> FloatArray:
        scale = np.sqrt(np.abs(np.diag(matrix)))
        gap = float(np.max(np.abs(matrix - matrix.T) / np.maximum(np.outer(scale, scale), 1e-300)))
        symmetric = frozen(0.5 * (matrix + matrix.T))
        try:
            lower_factor(symmetric)
        except NotDefiniteError:
            gap = float("inf")
        if not gap <= _SYMMETRY:
            what = "not positive definite" if gap == float("inf") else "not symmetric"
            got = f"covariance of regime {regime!r} that is {what}"
            row = sheet.cells("regime").index(regime)
            sheet.add(row, "regime", Problem("ST230", got, "a symmetric positive definite matrix"))
        return symmetric

    def _regimes(self) -> Mapping[str, Regime]:
        return {
            name: Regime(
                *(name, tuple((first, last) for first, last in stated.windows), int(stated.returns)),
                shrinkage=stated.shrinkage,
                smallest_eigenvalue=stated.smallest_eigenvalue,
                note=stated.note,
            )
            for name, stated in self.spec.regimes.items()
        }


def _matrix(sheet: Sheet, columns: tuple[str, ...], required: bool = True) -> FloatArray:
    return frozen(
        np.stack([sheet.table.numbers(name, sheet.problems, required=required) for name in columns], axis=1)
    )
