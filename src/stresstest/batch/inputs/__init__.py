"""Inputs of a batch: loaded once, every file that is read known with its hash."""
