"""Break-points of a sweep: where along the axis a contract, a firm or a portfolio flips, and what flips."""
