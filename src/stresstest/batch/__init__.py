"""Batch: many portfolios under many scenarios, planned, cut into tasks, the same bits however cut."""
