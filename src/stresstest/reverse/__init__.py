"""Reverse stress: the most plausible moves that cost a loss, and the severities that do."""
