"""Measures read a result: contributions, sensitivities, coverage, limits, traces of single positions."""
