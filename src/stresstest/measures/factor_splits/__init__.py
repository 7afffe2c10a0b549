"""P&L by risk factors: each alone, by Shapley values, by delta and gamma."""
