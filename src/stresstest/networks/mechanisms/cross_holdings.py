"""Stakes marked at what firms are worth now, all jointly: losses travel to owners, in circles too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stresstest.networks.mechanism import Mechanism, Surroundings, Timescale
from stresstest.networks.state import State


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with stakes marked; `values_of` then solves for all equities at once."""
    del surroundings, settings
    return replace(state, stakes_marked=True)


MECHANISM = Mechanism(
    name="cross_holdings",
    title="stakes of firms in one another",
    timescale=Timescale.MATURITY,
    settings=(),
    run=run,
    reference="T. Suzuki (2002), equations 5 and 6; H. Elsinger (2009), section 3; T. Fischer, Mathematical "
    "Finance 24 (2014) 97: equity as the residual claim under cross-ownership",
)
