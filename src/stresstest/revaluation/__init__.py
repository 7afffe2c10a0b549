"""Revaluation: unit values of every distinct instrument in every column, and what holdings make of them."""
