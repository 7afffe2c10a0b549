"""What a hedge policy says: its files, the universe, costs and rules as written."""
