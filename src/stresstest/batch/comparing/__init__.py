"""Two runs beside each other: what changed, and how much of it comes from which input."""
