"""Why no plan keeps to a policy: a minimal conflict and the cheapest repairs."""
