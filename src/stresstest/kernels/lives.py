"""Where an instrument with a last day stands at a valuation date."""

ALIVE, SETTLED, GONE = 0, 1, 2
"""`ALIVE`: its last day is not over; `SETTLED`: it ran out since the step before and pays; `GONE`: before."""
