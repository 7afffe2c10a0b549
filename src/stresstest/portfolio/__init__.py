"""Portfolios as users write them, bound to a market and compiled into a book of columns."""
