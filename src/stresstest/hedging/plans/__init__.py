"""Trades with receipts: files, full revaluation, comparisons, challenges, frontier."""
