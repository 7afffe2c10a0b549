"""Row numbers, in columns of instruments, of what a kernel reads from a chunk."""

NO_ROW = -1
"""Stands for the row of what an instrument does not read: a default state, a spread, a basis, a fee."""
