"""Runs read again: what a folder holds, its results as tables for SQL, what a person reads of it."""
