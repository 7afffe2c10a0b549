"""Networks of the members of a sampled set, run for all draws of a chunk at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen_int
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.member_moves import MemberMoves, StatedMove, stated_change
from stresstest.scenarios.member_stages import MemberStages
from stresstest.scenarios.network_factors import firm_factors
from stresstest.scenarios.network_moves import network_moves
from stresstest.scenarios.network_use import NetworkUse
from stresstest.scenarios.scenario import Scenario

_NOTHING = StatedMove(0.0, 0.0, -np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class MemberNetwork:
    """A network that several members, or stages of members, have in common.

    Attributes
    ----------
    scenario
        One of the members.
    members
        `(n,)` their numbers.
    day
        On which members that go on are looked at.
    factors
        Of its firms: what it reads, and what only lines and the network move.
    """

    scenario: Scenario
    members: IntArray
    market: MarketSnapshot
    day: date
    factors: frozenset[RiskFactorKey]

    def at_full_severity(self, members: Sequence[MemberMoves]) -> dict[int, MemberMoves]:
        """Return by number its members with what the network does at severity 1.

        The firms' factors count as stated: at draw time the network moves them from where lines put them.
        """
        own = [members[number] for number in self.members.tolist()]
        base = self.market.levels
        unmoved = {key: _NOTHING._replace(level=base[key]) for key in self.factors}
        stated = {
            key: np.array([base[key], *(one.stated.get(key, unmoved[key]).level for one in own)])
            for key in dict.fromkeys(key for one in own for key in one.stated)
            if key in self.factors
        }
        found = network_moves(self.scenario, self.market, stated, 1 + len(own), self.day)
        levels = {} if found is None else found.levels
        completed = {}
        for column, (number, one) in enumerate(zip(self.members.tolist(), own, strict=True), 1):
            changes = {
                key: stated_change(key, base[key], float(row[column]))
                for key, row in levels.items()
                if row[column] > 0.0
            }
            held = {key: move for key, move in unmoved.items() if key not in one.stated}
            completed[number] = replace(
                one, stated={**held, **one.stated}, held=frozenset(held), networked=changes
            )
        return completed

    def move(
        self,
        rows: Mapping[RiskFactorKey, FloatArray],
        stated: Mapping[RiskFactorKey, BoolArray],
        member: IntArray,
    ) -> None:
        """Let the network act on the draws that are its members', in place.

        Parameters
        ----------
        rows
            `(n_draws,)` levels by factor before the network.
        stated
            `(n_members,)` whether lines of a member state the factor.
        member
            `(n_draws,)`.
        """
        draws = np.flatnonzero(np.isin(member, self.members))
        if not len(draws):
            return
        base = self.market.levels
        inputs = {
            key: np.concatenate([[base[key]], np.where(stated[key][member[draws]], row[draws], base[key])])
            for key, row in rows.items()
            if key in self.factors and bool(np.any(stated[key][member[draws]]))
        }
        found = network_moves(self.scenario, self.market, inputs, 1 + len(draws), self.day)
        moves = {} if found is None else found.moves()
        for key, move in moves.items():
            if key in rows:
                rows[key][draws] = rows[key][draws] * move.ratio[1:] + move.shift[1:]


def at_full_severity(networks: Sequence[MemberNetwork], members: Sequence[MemberMoves]) -> list[MemberMoves]:
    """Return all members, those of networks with what these do at severity 1."""
    found = list(members)
    for network in networks:
        for number, one in network.at_full_severity(members).items():
            found[number] = one
    return found


def member_networks(
    stages: Sequence[MemberStages], market: MarketSnapshot, day: date
) -> tuple[MemberNetwork, ...]:
    """Return the networks of members, those that differ in nothing but drivers together.

    Parameters
    ----------
    stages
        Of each member, which count as members in their order.
    """
    scenarios = [one for of_member in stages for one in (of_member.quiet, *of_member.stages)]
    groups: dict[tuple[int, str, bool], list[int]] = {}
    first: list[tuple[Scenario, NetworkUse]] = []
    for number, scenario in enumerate(scenarios):
        if scenario.network is not None:
            # Variants share the object; it lives as long as they do.
            alike = id(scenario.network), scenario.horizon, scenario.goes_on
            if alike not in groups:
                first.append((scenario, scenario.network))
            groups.setdefault(alike, []).append(number)
    return tuple(
        MemberNetwork(scenario, frozen_int(numbers), market, day, firm_factors(use.network, market.levels))
        for (scenario, use), numbers in zip(first, groups.values(), strict=True)
    )
