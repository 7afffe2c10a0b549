"""Accounts of one table: many portfolios read from one file, and generated for trials of size."""
