"""Hedges of a job's portfolios: the order as it is read, one plan a task, the tables of all of them."""
