"""What the hedges of a job rest on: policy, scenarios and sets, read with the other inputs, never later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stresstest.batch.inputs.recording import Recorder
from stresstest.batch.jobs.job import HedgeRequest, Job
from stresstest.errors import InputError
from stresstest.hedging.inputs.input_building import with_sets
from stresstest.hedging.policies.policy import Policy
from stresstest.hedging.policies.policy_checks import require_fit
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.policies.scenario_names import with_named
from stresstest.io.resources import find_in_library
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.scenario import ScenarioSet


@dataclass(frozen=True, slots=True, eq=False)
class HedgeOrder:
    """What every plan of a job rests on beside its portfolio; a plan reads no file.

    Attributes
    ----------
    policy
        Holds the sets that its objective draws from.
    scenarios
        Named ones of the job, and those that the policy names besides.
    market
        Its factor model, where it has one, has been read.
    """

    policy: Policy
    scenarios: ScenarioSet
    market: MarketSnapshot


def hedge_order(
    job: Job, request: HedgeRequest, market: MarketSnapshot, named: ScenarioSet | None, recorder: Recorder
) -> HedgeOrder:
    """Return what the hedges of a job rest on; the files of it are recorded.

    Parameters
    ----------
    named
        Scenarios of the job; of a job of draws alone the shipped ones count, as for `stresstest hedge`.

    Raises
    ------
    InputError
        ST478 where there is no such policy; with everything that is wrong in it, and ST479 with every name of
        it that market and scenarios lack.
    """
    with recorder.recording("policy"):
        policy = _policy(job, request)
    with recorder.recording("market"):
        _ = market.factor_model  # read when it is first asked for: now
    with recorder.recording("scenarios"):
        known = load_scenarios([]) if named is None else named
        require_fit(policy, market, known)
        return HedgeOrder(with_sets(policy), with_named(known, policy), market)


def _policy(job: Job, request: HedgeRequest) -> Policy:
    """Return the policy; a bare name is one of the library, a path counts from the job's folder."""
    source = request.policy
    is_path = "/" in source or bool(Path(source).suffix)
    file = job.path(source) if is_path else find_in_library("hedges", source)
    try:
        return load_policy(file or source)
    except InputError as error:
        where = job.at("hedge.policy")
        raise InputError(
            [item if item.location.file else item.at(where) for item in error.problems]
        ) from None
