"""Sampled sets drawn once for every market that gives the same columns."""

from __future__ import annotations

from dataclasses import dataclass

from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sampling import SampledColumns, sample_scenarios


@dataclass(frozen=True, slots=True, eq=False)
class DrawnSet:
    """The columns of one set.

    Columns are a function of the set and the market alone, and nothing of a book is in them but the factors
    that its positions add to the market.

    Attributes
    ----------
    market
        That they are drawn over.
    """

    members: MemberSet
    market: MarketSnapshot
    columns: SampledColumns

    @classmethod
    def of(cls, members: MemberSet, market: MarketSnapshot) -> DrawnSet:
        """Draw `members` over `market`; raise what `sample_scenarios` raises."""
        return cls(members, market, sample_scenarios(members, market))

    def over(self, market: MarketSnapshot) -> SampledColumns:
        """Return the columns over `market`, an extension of the snapshot that `market` extends too.

        Books and events add levels, issuers and links to a snapshot: where both have the same, so are the
        columns, and they are not worked out again.
        """
        mine = self.market
        same = (mine.levels, mine.issuers, mine.links) == (market.levels, market.issuers, market.links)
        return self.columns if same else sample_scenarios(self.members, market)
