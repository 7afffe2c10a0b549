"""Where a market's factor model stands: read when it is first asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stresstest.market.factor_model import FactorModel

MODEL_FILE = "factor_model.yaml"


class ModelFile:
    """A factor model that is read at the first call and kept.

    Parameters
    ----------
    path
        Of `factor_model.yaml`.
    as_of
        Date of the market; no datum of the model may be later.
    """

    def __init__(self, path: Path, as_of: date) -> None:
        self.path = path
        self.as_of = as_of
        self._model: FactorModel | None = None

    def __call__(self) -> FactorModel:
        """Return the model; raise `InputError` with everything that is wrong with its files."""
        if self._model is None:
            # Here, so that a run without propagation loads no reader.
            from stresstest.market.model_files import read_model

            self._model = read_model(self.path, self.as_of)
        return self._model
