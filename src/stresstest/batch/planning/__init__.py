"""Plan of a batch: all that a worker needs, cut into tasks by cost and memory."""
