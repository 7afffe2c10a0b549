"""Instrument types, one folder each; `stresstest.catalog` finds them."""
