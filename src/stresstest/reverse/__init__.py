"""Reverse stress: the most plausible moves that cost a stated loss, where a book breaks, and what is to blame."""
