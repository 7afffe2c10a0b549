"""Mechanisms by which losses travel along a network: one file each, found by `networks.registry`."""
