"""Valuation of a batch: tasks as pure functions, and groups of portfolios put together from their parts."""
