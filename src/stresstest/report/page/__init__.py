"""Sections as one HTML file that needs nothing else: no script, no network, the same bytes every time."""
