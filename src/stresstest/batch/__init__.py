"""Batch: many portfolios under many scenarios, planned, cut into tasks, and the same bits however it is cut."""
