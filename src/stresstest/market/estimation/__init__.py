"""Estimation of a factor model from a price history."""
