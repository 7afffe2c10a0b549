"""From inputs and rules to trades: the convex program, then whole lots and counts."""
