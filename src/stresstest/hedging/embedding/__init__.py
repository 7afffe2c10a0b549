"""Stress losses as expressions and constraints over other tools' weights."""
