"""Markets on the command line: explained, factor models built from prices, scenarios scored."""
