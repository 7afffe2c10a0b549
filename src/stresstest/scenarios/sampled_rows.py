"""Rows of sampled columns: which factors of a book move, and their levels chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, nan, sqrt
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen, frozen_int
from stresstest.kernels.drawing import Draws, SampledRows, fill_levels, fill_scales, fill_shared
from stresstest.kernels.inverse_normal import fill_normals
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.links import linked_level
from stresstest.market.snapshot import FactorLink, Smile
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.drawn_networks import MemberNetwork
from stresstest.scenarios.drawn_vols import bent_follower, drawn_smiles, shapes_first, smile_of, with_shapes
from stresstest.scenarios.member_moves import NO_EVENT, MemberMoves, space_of
from stresstest.scenarios.sample_terms import SampleTerms, stream
from stresstest.scenarios.table import ColumnTable


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """What the draws are made of.

    Attributes
    ----------
    terms
        Number of draws, seed, tails.
    horizon_years
        Time over which random parts accrue.
    members
        What each member states, the unshocked remainder last where there is one.
    model
        Of the random parts; None where nothing varies but the severities.
    links
        Sources before targets, private copies included.
    smiles
        By underlying: what vols are the level of.
    member, severity
        `(n_draws,)` member, or stage of a member, and severity of each draw.
    networks
        That act on what members state.
    """

    terms: SampleTerms
    horizon_years: float
    members: tuple[MemberMoves, ...]
    model: FactorModel | None
    links: tuple[FactorLink, ...]
    smiles: Mapping[str, Smile]
    member: IntArray
    severity: FloatArray
    networks: tuple[MemberNetwork, ...] = ()


class EventRow(NamedTuple):
    """A row on which events act after everything else: level · scale + shift, `(n_members,)` each."""

    row: int
    scale: FloatArray
    shift: FloatArray


@dataclass(frozen=True, eq=False)
class BoundSample:
    """`BoundColumns` of a sample.

    Attributes
    ----------
    mixture
        What the draws are made of.
    base
        `(n_keys,)`.
    keys
        `(n_keys,)` in the order of the book.
    row_keys, rows
        Factors that are drawn themselves, the sources of links included, and their terms.
    event_rows
        Those of the rows on which events act in some member.
    links
        Links whose targets the book reads, sources before targets.
    levels
        Base level of every factor of the market.
    """

    mixture: Mixture
    base: FloatArray
    keys: tuple[RiskFactorKey, ...]
    row_keys: tuple[RiskFactorKey, ...]
    rows: SampledRows
    event_rows: tuple[EventRow, ...]
    links: tuple[FactorLink, ...]
    levels: Mapping[RiskFactorKey, float]

    @property
    def moving(self) -> BoolArray:
        """Return `(n_keys,)` whether a factor can differ from its base in any column."""
        moving = {*self.row_keys, *(link.target for link in self.links)}
        result = np.array([key in moving for key in self.keys], np.bool_)
        result.flags.writeable = False
        return result

    @cached_property
    def by_lines(self) -> Mapping[RiskFactorKey, BoolArray]:
        """`(n_members,)` whether lines of each member state a factor that a network reads, by factor."""
        keys = frozenset[RiskFactorKey]().union(*(network.factors for network in self.mixture.networks))
        members = self.mixture.members
        return {
            key: np.array([key in moves.stated and key not in moves.held for moves in members])
            for key in self.row_keys
            if key in keys
        }

    def chunk(self, slice_number: int, low: int, high: int) -> FloatArray:
        """Return `(n_keys, high − low)` values of the columns `low` to `high`, frozen; 0 is the base."""
        n_columns = self.mixture.terms.columns + 1
        if slice_number != 0 or not 0 <= low <= high <= n_columns:
            raise ValueError(f"columns {low} to {high} of slice {slice_number} are not in the sample")
        values = np.empty((len(self.keys), high - low))
        values[:] = self.base[:, np.newaxis]
        first = max(low, 1)
        if high > first:
            drawn = self._drawn(first - 1, high - first)
            for row, key in enumerate(self.keys):
                if key in drawn:
                    values[row, first - low :] = drawn[key]
        values.flags.writeable = False
        return values

    def _drawn(self, first: int, count: int) -> dict[RiskFactorKey, FloatArray]:
        """Return `(count,)` levels of every moving factor in the draws from `first` on."""
        draws = self._draws(first, count)
        out = np.empty((len(self.row_keys), count))
        fill_levels(self.rows, draws, np.empty(count), np.empty(count), out)
        for row, scale, shift in self.event_rows:
            out[row] = out[row] * scale[draws.member] + shift[draws.member]
        drawn = dict(zip(self.row_keys, out, strict=True))
        for network in self.mixture.networks:
            network.move(drawn, self.by_lines, draws.member)
        place = {key: row for row, key in enumerate(self.row_keys)}
        for link in self.links:
            target = link.target
            followed = np.broadcast_to(linked_level(link, self.levels, drawn), count)
            smile = None if self.mixture.model is None else smile_of(target, self.mixture.smiles)
            if smile is not None:
                followed = bent_follower(target, followed, (self.levels, drawn), smile)
            if target in place:
                is_stated = ~np.isnan(self.rows.stated[place[target]])[draws.member]
                followed = np.where(is_stated, drawn[target], followed)
            drawn[target] = followed
        return drawn

    def _draws(self, first: int, count: int) -> Draws:
        terms, model = self.mixture.terms, self.mixture.model
        member = frozen_int(self.mixture.member[first : first + count])
        factors = () if model is None else model.factors
        normals, shared = np.empty((len(factors), count)), np.empty((len(factors), count))
        streams = frozen_int([stream(f"systematic {name}") for name in factors])
        fill_normals(terms.seed, streams, first, normals)
        degrees = terms.degrees_of_freedom or 0
        tails = frozen_int([stream(f"chi-square {number}") for number in range(degrees)])
        scale = np.empty(count)
        fill_scales(terms.seed, tails, first, sqrt(self.mixture.horizon_years), scale)
        scale = frozen(scale)
        fill_shared(_roots(self.mixture.members, len(factors)), member, scale, frozen(normals), shared)
        severity = frozen(self.mixture.severity[first : first + count])
        return Draws(terms.seed, first, terms.varies == "all", member, severity, scale, frozen(shared))


def bind_sample(
    mixture: Mixture, levels: Mapping[RiskFactorKey, float], keys: Sequence[RiskFactorKey]
) -> BoundSample:
    """Return the sampled columns of `keys`; raise `InputError` for those without a level in `levels`."""
    base = FactorColumns(ColumnTable.instant([]), levels, {}).bind(keys).base
    needed = set(keys)
    for link in reversed(mixture.links):
        if link.target in needed:
            needed.update(link.sources())
    needed = with_shapes(needed, mixture.smiles)
    targets = {link.target for link in mixture.links}
    stated = {key for moves in mixture.members for key in moves.stated}
    by_lines = {key for moves in mixture.members for key in moves.stated if key not in moves.held}
    needed.update(*(by_lines & network.factors for network in mixture.networks))
    row_keys = shapes_first(
        key
        for key in levels
        if key in needed and (key in stated or (key not in targets and _model_row(mixture.model, key) >= 0))
    )
    moving = set(row_keys)
    links = []
    for link in mixture.links:
        if link.target in needed and not moving.isdisjoint(link.sources()):
            links.append(link)
            moving.add(link.target)
    rows = _sampled_rows(mixture, levels, row_keys)
    events = tuple(_event_rows(mixture.members, row_keys))
    return BoundSample(mixture, base, tuple(keys), row_keys, rows, events, tuple(links), levels)


def _event_rows(members: Sequence[MemberMoves], keys: Sequence[RiskFactorKey]) -> Iterator[EventRow]:
    """Yield the rows of `keys` on which events act; a scale of 1 and a shift of 0 change no bit."""
    for row, key in enumerate(keys):
        effects = [moves.events.get(key, NO_EVENT) for moves in members]
        if any(effect != NO_EVENT for effect in effects):
            scales, shifts = zip(*effects, strict=True)
            yield EventRow(row, frozen(scales), frozen(shifts))


def _sampled_rows(
    mixture: Mixture, levels: Mapping[RiskFactorKey, float], keys: Sequence[RiskFactorKey]
) -> SampledRows:
    model, members = mixture.model, mixture.members
    exposures = np.zeros((len(keys), 0 if model is None else len(model.factors)))
    shape = (len(keys), len(members))
    own, cells = np.zeros(shape), np.zeros((4, *shape))
    for row, key in enumerate(keys):
        known = _model_row(model, key)
        if model is not None and known >= 0:
            exposures[row] = model.exposures[known]
            own[row] = [model.idiosyncratic_vol[moves.regime][known] for moves in members]
        for column, moves in enumerate(members):
            cells[:, row, column] = _cell(moves, key)
    change, stated, floor, offset = cells
    return SampledRows(
        space=frozen_int([space_of(key) for key in keys]),
        base=frozen([levels[key] for key in keys]),
        exposures=frozen(exposures),
        own_deviation=frozen(own),
        streams=frozen_int([stream(f"own {_public(key)}") for key in keys]),
        change=frozen(change),
        stated=frozen(stated),
        floor=frozen(floor),
        offset=frozen(offset),
        smiles=drawn_smiles(keys, levels, mixture.smiles),
    )


def _cell(moves: MemberMoves, key: RiskFactorKey) -> tuple[float, float, float, float]:
    """Return change, stated level, floor and offset of a factor in one member."""
    move, public = moves.stated.get(key), _public(key)
    if move is not None:
        return move.change, move.level, move.floor, moves.offset.get(key, 0.0)
    return moves.expected.get(public, 0.0), nan, -inf, moves.offset.get(public, 0.0)


def _roots(members: Sequence[MemberMoves], n_factors: int) -> FloatArray:
    """Return `(n_members, n_factors, n_factors)` roots R of the members' covariances R·Rᵀ."""
    empty = np.zeros((n_factors, n_factors))
    return frozen([empty if moves.root is None else moves.root.T for moves in members])


def _public(key: RiskFactorKey) -> RiskFactorKey:
    return key._replace(name=key.public_name)


def _model_row(model: FactorModel | None, key: RiskFactorKey) -> int:
    """Return the row of the model that moves `key`, a private factor as its public one; −1 without one."""
    return -1 if model is None else model.rows.get(_public(key), -1)
