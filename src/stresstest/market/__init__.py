"""Markets: risk factors, curves, surfaces, issuers and links on one date, with their provenance."""
