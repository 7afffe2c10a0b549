"""Reports on the command line: pages of portfolios, results and hedges written to files."""
