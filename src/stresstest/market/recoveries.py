"""What claims recover by convention, and the hazard rate that a credit spread stands for."""

from __future__ import annotations

from collections.abc import Mapping

CONVENTIONAL_RECOVERY: Mapping[str, float] = {"secured": 0.7, "senior_unsecured": 0.4, "subordinated": 0.2}
"""Part of face by rank: 40 % and 20 % as in credit default swaps, 70 % as is usual for first-lien loans."""

SPREAD_LOSS = 1.0 - CONVENTIONAL_RECOVERY["senior_unsecured"]
"""Loss at a default that a credit spread pays for: hazard rate = spread ÷ this (credit triangle)."""
