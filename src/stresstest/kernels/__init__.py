"""Compiled arithmetic: scalar functions of prices, and loops over the columns of a chunk.

Nothing here knows a date, a string or a market. Every function gives the same bits compiled for any CPU, at
any width of a block, and as plain Python under `NUMBA_DISABLE_JIT=1`.
"""
