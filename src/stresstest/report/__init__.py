"""Drawings for people: the only importer of matplotlib, which is loaded when something is drawn."""
