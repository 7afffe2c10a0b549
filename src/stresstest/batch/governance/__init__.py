"""Governance of a batch: ages of breaches, stated values, proxies, challengers, what losses rest on."""
